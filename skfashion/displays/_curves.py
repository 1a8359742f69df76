"""TrainingCurvesDisplay: how training went, epoch by epoch."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from skfashion.displays._checks import as_models, check_choice, fitted_step
from skfashion.displays._style import (
    Display,
    add_legend,
    figure_text,
    model_style,
    show_percent,
)
from skfashion.exceptions import DataError, ParameterError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Markers along the longest line, so that they do not hide it.
_MOST_MARKERS = 10


class TrainingCurvesDisplay(Display):
    """Accuracy or loss of one model or several, by epoch.

    Training is a solid line with filled markers, validation a dashed one with
    hollow markers. Models differ in colour and in marker.

    Make it with ``from_estimator``, ``from_estimators`` or ``from_histories``.

    Parameters
    ----------
    histories : mapping of str to mapping of str to sequence of float
        By the name of the model: "accuracy" or "loss" by epoch, and where there
        was validation data "val_accuracy" or "val_loss".
    metric : {"accuracy", "loss"}, default="accuracy"
        What to draw.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        What it is drawn on.
    figure_ : matplotlib.figure.Figure
        The figure of ``ax_``.

    Raises
    ------
    ParameterError
        If ``metric`` is unknown or missing from a history.
    DataError
        If a history has validation values for some of its epochs only.

    See Also
    --------
    sklearn.model_selection.LearningCurveDisplay : Accuracy by the number of images.

    Examples
    --------
    >>> from skfashion.displays import TrainingCurvesDisplay
    >>> history = {"accuracy": [0.61, 0.74, 0.8], "val_accuracy": [0.7, 0.76, 0.77]}
    >>> display = TrainingCurvesDisplay.from_histories({"MLP": history})
    >>> display.ax_.get_ylabel()
    'accuracy (%)'
    """

    def __init__(
        self,
        *,
        histories: Mapping[str, Mapping[str, Sequence[float]]],
        metric: str = "accuracy",
    ) -> None:
        check_choice("metric", metric, ("accuracy", "loss"))
        self.histories = as_models("histories", histories)
        self.metric = metric
        for name, history in self.histories.items():
            _check_history(name, history, metric)

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        *,
        metric: str = "accuracy",
        name: str | None = None,
        ax: "Axes | None" = None,
    ) -> Self:
        """Draw the training of one fitted classifier.

        Parameters
        ----------
        estimator : fitted classifier with ``history_``, or pipeline that ends in one
            A classifier of this package.
        metric : {"accuracy", "loss"}, default="accuracy"
            What to draw.
        name : str, default=None
            Of the model. None takes the name of its class.
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.

        Returns
        -------
        TrainingCurvesDisplay
            Drawn.

        Raises
        ------
        NotFittedError
            If the classifier is not fitted.
        ParameterError
            If it keeps no history or ``metric`` is unknown.

        Examples
        --------
        >>> from skfashion import FashionMLPClassifier, load_fashion_sample
        >>> from skfashion.displays import TrainingCurvesDisplay
        >>> X, y = load_fashion_sample(return_X_y=True)
        >>> mlp = FashionMLPClassifier(hidden_layer_sizes=32, epochs=2, rescale=1 / 255)
        >>> display = TrainingCurvesDisplay.from_estimator(mlp.fit(X, y), metric="loss")
        >>> display.ax_.get_ylabel()
        'cross-entropy loss (nats)'
        """
        name = type(fitted_step(estimator)).__name__ if name is None else name
        return cls.from_estimators({name: estimator}, metric=metric, ax=ax)

    @classmethod
    def from_estimators(
        cls,
        estimators: Mapping[str, Any],
        *,
        metric: str = "accuracy",
        ax: "Axes | None" = None,
    ) -> Self:
        """Draw the training of several fitted classifiers.

        Parameters
        ----------
        estimators : mapping of str to fitted classifier
            As ``from_estimator`` takes them, by name.
        metric : {"accuracy", "loss"}, default="accuracy"
            What to draw.
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.

        Returns
        -------
        TrainingCurvesDisplay
            Drawn.

        Raises
        ------
        NotFittedError
            If a classifier is not fitted.
        ParameterError
            If one keeps no history or ``metric`` is unknown.
        """
        histories = {
            name: _history_of(name, estimator)
            for name, estimator in as_models("estimators", estimators).items()
        }
        return cls.from_histories(histories, metric=metric, ax=ax)

    @classmethod
    def from_histories(
        cls,
        histories: Mapping[str, Mapping[str, Sequence[float]]],
        *,
        metric: str = "accuracy",
        ax: "Axes | None" = None,
    ) -> Self:
        """Draw histories that were kept.

        Parameters
        ----------
        histories : mapping of str to mapping of str to sequence of float
            Histories as ``history_`` of a classifier and ``history`` of Keras's
            ``History`` are, by the name of the model.
        metric : {"accuracy", "loss"}, default="accuracy"
            What to draw.
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.

        Returns
        -------
        TrainingCurvesDisplay
            Drawn.

        Raises
        ------
        ParameterError
            If ``metric`` is unknown or missing from a history.
        DataError
            If a history has validation values for some of its epochs only.
        """
        return cls(histories=histories, metric=metric).plot(ax)

    def plot(self, ax: "Axes | None" = None) -> Self:
        """Draw it.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.

        Returns
        -------
        TrainingCurvesDisplay
            Itself.
        """
        drawn_on = self._take_axes(ax, figsize=(8.0, 4.8))
        from matplotlib import rcParams
        from matplotlib.lines import Line2D
        from matplotlib.ticker import MaxNLocator

        named = []
        dashed = {"linestyle": "--", "markerfacecolor": "none"}
        longest = max(len(history[self.metric]) for history in self.histories.values())
        for number, (name, history) in enumerate(self.histories.items()):
            style = model_style(number) | {"markevery": -(-longest // _MOST_MARKERS)}
            label = figure_text(name)
            line = _draw(drawn_on, history[self.metric], label=label, **style)
            named.append((name, line))
            if f"val_{self.metric}" in history:
                _draw(drawn_on, history[f"val_{self.metric}"], **style, **dashed)
        plain = {"color": rcParams["text.color"]}
        named.append(("training", Line2D([], [], **plain)))
        if any(f"val_{self.metric}" in h for h in self.histories.values()):
            named.append(("validation", Line2D([], [], linestyle="--", **plain)))
        drawn_on.set(xlabel="epoch", xlim=(0.5, longest + 0.5))
        whole = MaxNLocator(integer=True, min_n_ticks=1, steps=[1, 2, 5, 10])
        drawn_on.xaxis.set_major_locator(whole)
        if self.metric == "accuracy":
            show_percent(drawn_on.yaxis)
        else:
            drawn_on.set_ylabel("cross-entropy loss (nats)")
        add_legend(drawn_on, named, inside=None if ax is None else "best")
        return self


def _draw(ax: "Axes", values: Sequence[float], **style: Any) -> Any:
    return ax.plot(range(1, len(values) + 1), values, **style)[0]


def _history_of(name: str, estimator: Any) -> Mapping[str, Sequence[float]]:
    last = fitted_step(estimator)
    if not hasattr(last, "history_"):
        raise ParameterError(
            f"estimator {name!r} is a {type(last).__name__}, which keeps no history_ "
            "of its training; it must be a classifier of skfashion, or a pipeline "
            "that ends in one."
        )
    return last.history_


def _check_history(name: str, history: Any, metric: str) -> None:
    if not isinstance(history, Mapping):
        raise ParameterError(
            f"the history of {name!r} is a {type(history).__name__}; it must be a dict "
            "of lists by epoch, as history_ is."
        )
    if not len(history.get(metric, [])):
        raise ParameterError(
            f"the history of {name!r} has no values of {metric!r}, which metric asks "
            f"for; it has {[key for key, values in history.items() if len(values)]}."
        )
    n_epochs, n_validated = len(history[metric]), len(history.get(f"val_{metric}", []))
    if n_validated not in (0, n_epochs):
        raise DataError(
            f"the history of {name!r} has {n_epochs} epochs, but {n_validated} values "
            f"of val_{metric}, and does not say which epochs those belong to; leave "
            f"val_{metric} out or give one value an epoch."
        )
