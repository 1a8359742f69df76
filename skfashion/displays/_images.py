"""ImageGridDisplay: images side by side, with their names."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from skfashion._utils.labels import as_labels, name_labels
from skfashion._utils.validation import check_count
from skfashion.displays._checks import as_images
from skfashion.displays._grid import GridDisplay, to_shades

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class ImageGridDisplay(GridDisplay):
    """Images side by side, each with its name beneath.

    Make it with ``from_images``.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, channels)
        Three channels are red, green and blue, four have opacity too; of any other
        number the mean is drawn in grey.
    labels : sequence of str, default=()
        Names of the images; empty for none.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        What it is drawn on.
    figure_ : matplotlib.figure.Figure
        The figure of ``ax_``.

    See Also
    --------
    PredictionGridDisplay : Draws what a classifier makes of images.
    skfashion.preprocessing.Augmentation : Gives images varied as in training.

    Examples
    --------
    >>> from skfashion import CLASS_NAMES, load_fashion_sample
    >>> from skfashion.displays import ImageGridDisplay
    >>> X, y = load_fashion_sample(return_X_y=True)
    >>> display = ImageGridDisplay.from_images(X, y, class_names=CLASS_NAMES)
    >>> display.images.shape
    (40, 28, 28, 1)
    """

    def __init__(self, *, images: np.ndarray, labels: Sequence[str] = ()) -> None:
        self.images = images
        self.labels = labels

    @classmethod
    def from_images(
        cls,
        X: Any,
        y: Any = None,
        *,
        class_names: Sequence[str] | None = None,
        n_images: int = 40,
        n_columns: int = 8,
        image_shape: tuple[int, ...] | None = None,
        ax: "Axes | None" = None,
    ) -> Self:
        """Draw the first of some images.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images of any type and scale; the scale is found as PixelScaler does.
        y : array-like of shape (n,), default=None
            Labels. None leaves the names out.
        class_names : sequence of str, default=None
            Names of the sorted classes; of class numbers from 0, also where some
            class does not occur. None writes the labels themselves.
        n_images : int, default=40
            How many to draw, or all where there are fewer.
        n_columns : int, default=8
            Images beside each other.
        image_shape : tuple of int, default=None
            (height, width) or (height, width, channels) that a row folds into. None
            takes the shape of X, or guesses it as FashionCNNClassifier does.
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.

        Returns
        -------
        ImageGridDisplay
            Drawn.

        Raises
        ------
        ParameterError
            If a number is not 1 or more, or ``image_shape`` is no shape.
        DataError
            If X holds no images, or y not one label an image, or ``class_names``
            not one name a class.
        """
        check_count("n_images", n_images)
        images = as_images(X, image_shape)
        labels: list[str] = []
        if y is not None:
            y = as_labels("y", y, len(images), "X")
            names, _ = name_labels(y, class_names=class_names)
            labels = names[:n_images].tolist()
        display = cls(images=images[:n_images], labels=labels)
        return display.plot(ax, n_columns=n_columns)

    def plot(self, ax: "Axes | None" = None, *, n_columns: int = 8) -> Self:
        """Draw it.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.
        n_columns : int, default=8
            Images beside each other.

        Returns
        -------
        ImageGridDisplay
            Itself.
        """
        check_count("n_columns", n_columns)
        shades = to_shades(self.images)
        self._draw_grid(ax, shades, n_columns, inches=1.1, captions=self.labels)
        return self
