"""What an estimator is made of that is to be written for use without skfashion."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from skfashion._utils.processes import refuse_after_fork
from skfashion.exceptions import ParameterError
from skfashion.neural_network._base import BaseFashionClassifier
from skfashion.persistence._estimators import input_shapes
from skfashion.preprocessing import PixelScaler

if TYPE_CHECKING:
    import keras

__all__ = ["check_shape", "keras_network", "parts", "seen_shape"]


def parts(
    estimator: Any, otherwise: str
) -> tuple[list[PixelScaler], BaseFashionClassifier]:
    """Take a pipeline apart, into its fitted scalers and its fitted classifier.

    Parameters
    ----------
    estimator : object
        A classifier, or a pipeline of ``PixelScaler`` and a classifier.
    otherwise : str
        What is said of any other step of a pipeline.

    Raises
    ------
    ParameterError
        If it is anything else.
    NotFittedError
        If one of them is not fitted.
    """
    *before, (_, classifier) = list(_steps(estimator)) or [("", None)]
    if not isinstance(classifier, BaseFashionClassifier):
        raise ParameterError(
            f"estimator={estimator!r:.80} must be a fitted classifier of skfashion, or "
            "a pipeline that ends in one."
        )
    for name, step in before:
        if not isinstance(step, PixelScaler):
            raise ParameterError(
                f"Step {name!r} of the pipeline, {type(step).__name__}, is not one "
                f"{otherwise}."
            )
        check_is_fitted(step)
    check_is_fitted(classifier)
    return [step for _, step in before], classifier


def _steps(estimator: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what computes, with its name: the steps of pipelines within, too."""
    if isinstance(estimator, Pipeline):
        for step, inner in estimator.steps:
            yield from _steps(inner, f"{name}__{step}" if name else step)
    elif estimator is not None and estimator != "passthrough":
        yield name, estimator


def seen_shape(classifier: BaseFashionClassifier) -> tuple[int, ...]:
    """Tell the shape of one image as it came to the classifier."""
    # Files of former versions, and networks that no fit trained, do not tell.
    own = classifier._fitted_network.config.input_shape
    return getattr(classifier, "_seen_shape", own)


def check_shape(
    wanted: tuple[int, ...] | None,
    image_shape: tuple[int, ...],
    seen: tuple[int, ...],
) -> tuple[int, ...]:
    """Settle in which shape an image goes in; None is as ``fit`` saw it.

    Raises
    ------
    ParameterError
        If images of that shape are others.
    """
    if wanted is None:
        return seen
    shapes = input_shapes(image_shape)
    if not isinstance(wanted, list | tuple) or tuple(wanted) not in shapes:
        raise ParameterError(
            f"input_shape={wanted!r:.80} must be the shape of one image, "
            f"{' or '.join(map(str, shapes))}; or None, for that which fit saw."
        )
    return tuple(wanted)


def keras_network(classifier: BaseFashionClassifier) -> "keras.Model":
    """Build the classifier's network, uncompiled, beside any that it handed out."""
    refuse_after_fork()
    fitted = classifier._fitted_network
    if not fitted.changed_by_hand:
        return fitted.config.build(fitted.values)
    from skfashion._backend.runtime import keras

    changed = classifier.model_
    copy = keras.models.clone_model(changed)
    copy.set_weights(changed.get_weights())
    return copy
