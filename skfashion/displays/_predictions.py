"""PredictionGridDisplay: images with what they are and what they were taken for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from skfashion._utils.labels import as_labels, classes_behind, name_labels
from skfashion._utils.text import printable
from skfashion._utils.validation import check_count
from skfashion.displays._checks import as_images, check_choice, fitted_step
from skfashion.displays._grid import GridDisplay, to_shades

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CROSS = "\N{MULTIPLICATION SIGN} "
_KINDS = ("first", "mistakes")
_NO_MISTAKES = "No mistakes: every prediction is right."


class PredictionGridDisplay(GridDisplay):
    """Images, each with the predicted category over the actual one.

    A wrong prediction has a cross before it and a thick frame about its image.

    Make it with ``from_estimator`` or ``from_predictions``.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, channels)
        As ImageGridDisplay takes them.
    actual : sequence of str
        What each image is.
    predicted : sequence of str
        What it was taken for.
    probabilities : sequence of float, default=None
        How probable the predicted category was said to be. None leaves it out.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        What it is drawn on.
    figure_ : matplotlib.figure.Figure
        The figure of ``ax_``.

    See Also
    --------
    ImageGridDisplay : Draws images alone.
    skfashion.metrics.confused_pairs : Counts the mistakes by category.
    skfashion.inspection.suspect_labels : Finds labels that may be wrong.

    Examples
    --------
    >>> from skfashion import (
    ...     CLASS_NAMES, FashionMLPClassifier, load_fashion_sample
    ... )
    >>> from skfashion.displays import PredictionGridDisplay
    >>> X, y = load_fashion_sample(return_X_y=True)
    >>> mlp = FashionMLPClassifier(hidden_layer_sizes=32, epochs=2, rescale=1 / 255)
    >>> display = PredictionGridDisplay.from_estimator(
    ...     mlp.fit(X, y), X, y, class_names=CLASS_NAMES
    ... )
    >>> len(display.actual)
    25
    """

    def __init__(
        self,
        *,
        images: np.ndarray,
        actual: Sequence[str],
        predicted: Sequence[str],
        probabilities: Sequence[float] | None = None,
    ) -> None:
        self.images = images
        self.actual = actual
        self.predicted = predicted
        self.probabilities = probabilities

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: Any,
        *,
        class_names: Sequence[str] | None = None,
        n_images: int = 25,
        n_columns: int = 5,
        kind: str = "first",
        image_shape: tuple[int, ...] | None = None,
        ax: "Axes | None" = None,
    ) -> Self:
        """Draw what a fitted classifier makes of images.

        Parameters
        ----------
        estimator : fitted scikit-learn classifier or pipeline
            Without ``predict_proba`` no probabilities are drawn.
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images, scaled as the estimator expects them.
        y : array-like of shape (n,)
            Actual labels.
        class_names : sequence of str, default=None
            Names of the sorted classes. None writes the labels themselves.
        n_images : int, default=25
            How many to draw, or all where there are fewer.
        n_columns : int, default=5
            Images beside each other.
        kind : {"first", "mistakes"}, default="first"
            The first images, or the worst mistakes: of the wrong predictions those
            that were thought the most probable, in that order.
        image_shape : tuple of int, default=None
            (height, width) or (height, width, channels) that a row folds into. None
            takes the shape of X, or guesses it as FashionCNNClassifier does.
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.

        Returns
        -------
        PredictionGridDisplay
            Drawn.

        Raises
        ------
        NotFittedError
            If the classifier is not fitted.
        ParameterError
            If a parameter is out of its range.
        DataError
            If X holds no images, or y not one label an image, or ``class_names``
            not one name a class.
        """
        fitted_step(estimator)
        check_choice("kind", kind, _KINDS)
        can_tell = hasattr(estimator, "predict_proba")
        return cls.from_predictions(
            X,
            as_labels("y", y, len(X), "X"),
            estimator.predict_proba(X) if can_tell else estimator.predict(X),
            classes=getattr(estimator, "classes_", None),
            class_names=class_names,
            n_images=n_images,
            n_columns=n_columns,
            kind=kind,
            image_shape=image_shape,
            ax=ax,
        )

    @classmethod
    def from_predictions(
        cls,
        X: Any,
        y_true: Any,
        y_pred: Any,
        *,
        classes: Any = None,
        class_names: Sequence[str] | None = None,
        n_images: int = 25,
        n_columns: int = 5,
        kind: str = "first",
        image_shape: tuple[int, ...] | None = None,
        ax: "Axes | None" = None,
    ) -> Self:
        """Draw predictions that are there already.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images of any type and scale.
        y_true : array-like of shape (n,)
            Actual labels.
        y_pred : array-like of shape (n,) or (n, n_classes)
            Predicted labels, or the probabilities of ``classes``.
        classes : array-like of shape (n_classes,), default=None
            Every label there is, sorted. None takes those that occur, or where
            they are integers and too few for ``y_pred`` or ``class_names``, those
            from 0 on.
        class_names : sequence of str, default=None
            Names of the sorted classes. None writes the labels themselves.
        n_images : int, default=25
            How many to draw, or all where there are fewer.
        n_columns : int, default=5
            Images beside each other.
        kind : {"first", "mistakes"}, default="first"
            The first images, or the worst mistakes: of the wrong predictions those
            that were thought the most probable, in that order.
        image_shape : tuple of int, default=None
            (height, width) or (height, width, channels) that a row folds into. None
            takes the shape of X, or guesses it as FashionCNNClassifier does.
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.

        Returns
        -------
        PredictionGridDisplay
            Drawn.

        Raises
        ------
        ParameterError
            If a parameter is out of its range.
        DataError
            If X holds no images, or ``y_true`` and ``y_pred`` not one label an image,
            or ``class_names`` not one name a class.
        """
        check_count("n_images", n_images)
        check_choice("kind", kind, _KINDS)
        images = as_images(X, image_shape)
        y_true = as_labels("y_true", y_true, len(images), "X")
        y_pred = np.asarray(y_pred)
        known = y_true
        if classes is not None:
            known = as_labels("classes", classes, len(classes), "classes")
        probabilities = None
        if y_pred.ndim == 2:
            known = classes_behind(known, y_pred.shape[1], "y_pred")
            probabilities = y_pred.max(axis=1)
            y_pred = known[y_pred.argmax(axis=1)]
        y_pred = as_labels("y_pred", y_pred, len(images), "X")
        actual, predicted, *_ = name_labels(
            y_true, y_pred, known, class_names=class_names
        )
        rows = np.arange(len(images))
        if kind == "mistakes":
            rows = rows[actual != predicted]
            if probabilities is not None:
                # Stable, so that equally bad ones keep their order.
                rows = rows[np.argsort(-probabilities[rows], kind="stable")]
        rows = rows[:n_images]
        return cls(
            images=images[rows],
            actual=actual[rows].tolist(),
            predicted=predicted[rows].tolist(),
            probabilities=None if probabilities is None else probabilities[rows],
        ).plot(ax, n_columns=n_columns)

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
        PredictionGridDisplay
            Itself.
        """
        check_count("n_columns", n_columns)
        if not len(self.images):
            ax = self._take_axes(ax, (6.0, 1.5))
            ax.axis("off")
            ax.text(0.5, 0.5, _NO_MISTAKES, transform=ax.transAxes, ha="center")
            return self
        shades = to_shades(self.images)
        numbers = range(len(shades))
        captions = [self._caption(number) for number in numbers]
        wrong = [n for n in numbers if self.actual[n] != self.predicted[n]]
        self._draw_grid(
            ax, shades, n_columns, inches=1.3, captions=captions, marked=wrong
        )
        return self

    def _caption(self, number: int) -> str:
        # Each on a line of its own, whatever it holds.
        actual = printable(self.actual[number])
        predicted = printable(self.predicted[number])
        caption = predicted if actual == predicted else _CROSS + predicted
        if self.probabilities is not None:
            caption += f" {self.probabilities[number]:.0%}"
        return f"{caption}\nactual: {actual}"
