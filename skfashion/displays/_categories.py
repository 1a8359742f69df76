"""CategoryAccuracyDisplay: where each of several models is good, and where not."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from skfashion._utils.labels import as_labels, name_labels
from skfashion.displays._checks import as_models, fitted_step
from skfashion.displays._style import (
    Display,
    add_legend,
    figure_text,
    model_style,
    settle_size,
    show_percent,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Part of a category's height over which the models are spread.
_SPREAD = 0.7


class CategoryAccuracyDisplay(Display):
    """Accuracy of several models on each category, side by side.

    The accuracy on a category is the part of its images that a model got right,
    also known as recall.

    Make it with ``from_predictions``, ``from_estimators`` or ``from_estimator``.

    Parameters
    ----------
    accuracies : mapping of str to sequence of float
        Accuracy on each category, from 0 to 1, by the name of the model.
    categories : sequence of str
        Names of the categories, drawn from the top down.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        What it is drawn on.
    figure_ : matplotlib.figure.Figure
        The figure of ``ax_``.

    See Also
    --------
    skfashion.metrics.category_table : The figures of one model, as a table.
    PredictionGridDisplay : Shows the images that are predicted right and wrong.

    Examples
    --------
    >>> from skfashion.displays import CategoryAccuracyDisplay
    >>> display = CategoryAccuracyDisplay.from_predictions(
    ...     ["Bag", "Coat", "Coat"], {"MLP": ["Bag", "Bag", "Coat"]}
    ... )
    >>> display.categories
    ['Bag', 'Coat']
    >>> display.accuracies["MLP"].tolist()
    [1.0, 0.5]
    """

    def __init__(
        self, *, accuracies: Mapping[str, Any], categories: Sequence[str]
    ) -> None:
        self.accuracies = accuracies
        self.categories = categories

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        X: Any,
        y: Any,
        *,
        class_names: Sequence[str] | None = None,
        name: str | None = None,
        ax: "Axes | None" = None,
    ) -> Self:
        """Draw the accuracies of one fitted classifier.

        Parameters
        ----------
        estimator : fitted scikit-learn classifier or pipeline
            What predicts.
        X : array-like of shape (n, ...)
            Images, as the estimator takes them.
        y : array-like of shape (n,)
            Actual labels.
        class_names : sequence of str, default=None
            Names of the sorted classes; of class numbers from 0, also where some
            class does not occur. None writes the labels themselves.
        name : str, default=None
            Of the model. None takes the name of its class.
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.

        Returns
        -------
        CategoryAccuracyDisplay
            Drawn.

        Raises
        ------
        NotFittedError
            If the classifier is not fitted.
        DataError
            If y does not hold one label an image, or ``class_names`` not one name
            a class.
        """
        name = type(fitted_step(estimator)).__name__ if name is None else name
        return cls.from_estimators(
            {name: estimator}, X, y, class_names=class_names, ax=ax
        )

    @classmethod
    def from_estimators(
        cls,
        estimators: Mapping[str, Any],
        X: Any,
        y: Any,
        *,
        class_names: Sequence[str] | None = None,
        ax: "Axes | None" = None,
    ) -> Self:
        """Draw the accuracies of several fitted classifiers.

        Parameters
        ----------
        estimators : mapping of str to fitted scikit-learn classifier or pipeline
            What predicts, by name.
        X : array-like of shape (n, ...)
            Images, as the estimators take them.
        y : array-like of shape (n,)
            Actual labels.
        class_names : sequence of str, default=None
            Names of the sorted classes; of class numbers from 0, also where some
            class does not occur. None writes the labels themselves.
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.

        Returns
        -------
        CategoryAccuracyDisplay
            Drawn.

        Raises
        ------
        NotFittedError
            If a classifier is not fitted.
        DataError
            If y does not hold one label an image, or ``class_names`` not one name
            a class.
        ParameterError
            If ``estimators`` is no dict or empty.
        """
        estimators = as_models("estimators", estimators)
        y = as_labels("y", y, len(X), "X")
        for estimator in estimators.values():
            fitted_step(estimator)
        predictions = {name: e.predict(X) for name, e in estimators.items()}
        return cls.from_predictions(y, predictions, class_names=class_names, ax=ax)

    @classmethod
    def from_predictions(
        cls,
        y_true: Any,
        predictions: Mapping[str, Any],
        *,
        class_names: Sequence[str] | None = None,
        ax: "Axes | None" = None,
    ) -> Self:
        """Draw the accuracies of predictions that are there already.

        Parameters
        ----------
        y_true : array-like of shape (n,)
            Actual labels.
        predictions : mapping of str to array-like of shape (n,)
            Predicted labels, by the name of the model.
        class_names : sequence of str, default=None
            Names of the sorted classes; of class numbers from 0, also where some
            class does not occur. None writes the labels themselves.
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.

        Returns
        -------
        CategoryAccuracyDisplay
            Drawn.

        Raises
        ------
        ParameterError
            If ``predictions`` is no dict or empty.
        DataError
            If there is not one predicted label for each actual one, or ``class_names``
            does not hold one name a class.
        """
        predictions = as_models("predictions", predictions)
        n_rows = len(y_true)
        given = {f"predictions[{name!r}]": y for name, y in predictions.items()}
        given["y_true"] = y_true
        sorts = [as_labels(name, y, n_rows, "y_true") for name, y in given.items()]
        *predicted, actual, names = name_labels(*sorts, class_names=class_names)
        # In the order of the classes, but only those there are images of.
        categories = [str(name) for name in names if name in actual]
        accuracies = {
            model: np.array([np.mean(labels[actual == c] == c) for c in categories])
            for model, labels in zip(predictions, predicted, strict=True)
        }
        return cls(accuracies=accuracies, categories=categories).plot(ax)

    def plot(self, ax: "Axes | None" = None) -> Self:
        """Draw it.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.

        Returns
        -------
        CategoryAccuracyDisplay
            Itself.
        """
        n_categories, n_models = len(self.categories), len(self.accuracies)
        height = 1.2 + max(0.4, 0.1 * n_models) * n_categories
        drawn_on = self._take_axes(ax, (8.0, height))
        from matplotlib import rcParams

        rows = np.arange(n_categories)
        points = drawn_on.get_window_extent().height / drawn_on.figure.dpi * 72
        size = min(rcParams["lines.markersize"], points / n_categories / n_models)
        named = []
        for number, (name, values) in enumerate(self.accuracies.items()):
            places = rows + _SPREAD * ((number + 0.5) / n_models - 0.5)
            style = model_style(number) | {"linestyle": "", "markersize": size}
            style["label"] = figure_text(name)
            named += [(name, drawn_on.plot(values, places, **style)[0])]
        for boundary in rows + 0.5:
            drawn_on.axhline(boundary, color="0.5", linewidth=0.5)
        drawn_on.grid(axis="x", color="0.5", linewidth=0.5, alpha=0.5)
        drawn_on.set_yticks(rows, [figure_text(name) for name in self.categories])
        drawn_on.set_ylim(n_categories - 0.5, -0.5)
        drawn_on.set_ylabel("category")
        show_percent(drawn_on.xaxis)
        legend = add_legend(
            drawn_on, named, inside=None if ax is None else "lower left"
        )
        if ax is not None:
            # An empty place beneath the last category, so that no dot is hidden.
            settle_size(ax)
            axes = ax.get_window_extent()
            taken = 0.01 + (legend.get_window_extent().y1 - axes.y0) / axes.height
            ax.set_ylim(n_categories / max(1 - taken, 0.3) - 0.5, -0.5)
        return self
