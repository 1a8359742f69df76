"""SaliencyDisplay: images, and over them where a network sees a class."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.utils import _safe_indexing
from sklearn.utils.validation import _num_samples

from skfashion._utils.labels import as_labels, name_labels
from skfashion._utils.text import printable
from skfashion._utils.validation import check_count
from skfashion.displays._checks import as_images
from skfashion.displays._grid import GridDisplay, to_shades
from skfashion.inspection._looking import classifier_of
from skfashion.inspection._saliency import saliency

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# What stands behind the colours is still to be seen.
_OPACITY = 0.75


class SaliencyDisplay(GridDisplay):
    """Images in grey, and over them in colour where a network sees a class.

    Beneath each stands the class that is looked for, and the actual one if it is known.
    The stronger the place, the less of the image shows through.

    Make it with ``from_estimator``.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, channels)
        As ImageGridDisplay takes them; colours are drawn in grey.
    maps : ndarray of shape (n, height, width)
        What ``saliency`` gave for them.
    labels : sequence of str, default=()
        Text beneath each image; empty for none.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        What it is drawn on.
    figure_ : matplotlib.figure.Figure
        The figure of ``ax_``.
    colorbar_ : matplotlib.colorbar.Colorbar
        Beneath ``ax_``, from which it takes its room.

    See Also
    --------
    saliency : Computes the maps, and says how.

    Examples
    --------
    >>> from skfashion import CLASS_NAMES, FashionCNNClassifier, load_fashion_sample
    >>> from skfashion.inspection import SaliencyDisplay
    >>> X, y = load_fashion_sample(return_X_y=True)
    >>> cnn = FashionCNNClassifier((4, 8), epochs=1, rescale=1 / 255).fit(X, y)
    >>> display = SaliencyDisplay.from_estimator(
    ...     cnn, X, y, class_names=CLASS_NAMES, n_images=10
    ... )
    >>> display.maps.shape
    (10, 28, 28)
    """

    def __init__(
        self, *, images: np.ndarray, maps: np.ndarray, labels: Sequence[str] = ()
    ) -> None:
        self.images = images
        self.maps = maps
        self.labels = labels

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: Any = None,
        *,
        target: Any = None,
        method: str = "auto",
        class_names: Sequence[str] | None = None,
        n_images: int = 25,
        n_columns: int = 5,
        ax: "Axes | None" = None,
    ) -> Self:
        """Draw where a fitted network sees a class in the first of some images.

        Parameters
        ----------
        estimator : fitted classifier of skfashion, or pipeline that ends in one
            See ``saliency``.
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images, as the estimator takes them.
        y : array-like of shape (n,), default=None
            Actual labels, to be written beneath. None leaves them out.
        target : label or array-like of shape (n,), default=None
            Class to look for. None takes the class that is predicted.
        method : {"auto", "grad_cam", "gradient"}, default="auto"
            See ``saliency``.
        class_names : sequence of str, default=None
            Names of the sorted classes. None writes the labels themselves.
        n_images : int, default=25
            How many to draw, or all where there are fewer.
        n_columns : int, default=5
            Images beside each other.
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.

        Returns
        -------
        SaliencyDisplay
            Drawn.

        Raises
        ------
        NotFittedError
            If the classifier is not fitted.
        ParameterError
            If a parameter is out of its range, or the estimator no classifier of this
            package.
        DataError
            If X holds no images, or ``y`` or ``target`` not one label an image, or
            ``class_names`` not one name a class.
        """
        check_count("n_images", n_images)
        check_count("n_columns", n_columns)
        classifier = classifier_of(estimator)
        n_rows = _num_samples(X)
        if y is not None:
            y = as_labels("y", y, n_rows, "X")[:n_images]
        if target is not None and np.ndim(target) > 0:
            target = as_labels("target", target, n_rows, "X")[:n_images]
        X = _safe_indexing(X, np.arange(min(n_images, n_rows)))
        maps = saliency(estimator, X, target=target, method=method)
        if target is None:
            target = estimator.predict(X)
        elif np.ndim(target) == 0:
            target = np.full(len(maps), target)
        sorts = [np.asarray(target)] if y is None else [np.asarray(target), y]
        known = as_labels("classes", classifier.classes_)
        *named, _, _ = name_labels(*sorts, known, class_names=class_names)
        # Each on a line of its own, whatever it holds.
        lines = [[printable(name) for name in names] for names in named]
        labels = lines[0]
        if y is not None:
            pairs = zip(*lines, strict=True)
            labels = [f"{name}\nactual: {actual}" for name, actual in pairs]
        images = as_images(X, classifier.image_shape_)
        display = cls(images=images, maps=maps, labels=labels)
        return display.plot(ax, n_columns=n_columns)

    def plot(self, ax: "Axes | None" = None, *, n_columns: int = 5) -> Self:
        """Draw it.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.
        n_columns : int, default=5
            Images beside each other.

        Returns
        -------
        SaliencyDisplay
            Itself.
        """
        check_count("n_columns", n_columns)
        shades = to_shades(self.images).mean(axis=3, keepdims=True)
        self._draw_grid(
            ax, shades, n_columns, inches=1.3, beneath=0.7, captions=self.labels
        )
        beneath = self.ax_.images[-len(shades) :]
        for image, strength in zip(beneath, self.maps, strict=True):
            drawn = self.ax_.imshow(
                strength,
                extent=image.get_extent(),
                aspect="equal",
                cmap="inferno",
                vmin=0,
                vmax=1,
                alpha=_OPACITY * strength,
            )
        bar: dict[str, Any] = {"location": "bottom", "aspect": 40}
        label = "strength for the class beneath"
        self.colorbar_ = self.figure_.colorbar(drawn, ax=self.ax_, label=label, **bar)
        return self
