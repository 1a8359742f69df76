"""Trained Keras networks, and SciKeras classifiers, as fitted classifiers."""

from typing import TYPE_CHECKING, Any

import numpy as np

from skfashion._utils.processes import refuse_after_fork
from skfashion.exceptions import DataError, ParameterError
from skfashion.neural_network import KerasImageClassifier, _targets
from skfashion.neural_network._fitted_network import FittedNetwork

if TYPE_CHECKING:
    import keras
    from scikeras.wrappers import KerasClassifier

__all__ = ["from_keras"]


def from_keras(
    model: "keras.Model | KerasClassifier",
    classes: Any = None,
    *,
    from_logits: bool = False,
    image_shape: tuple[int, ...] | None = None,
) -> KerasImageClassifier:
    """Turn a trained Keras network into a fitted classifier.

    Parameters
    ----------
    model : keras.Model or fitted scikeras.wrappers.KerasClassifier
        Of one input, images or rows of pixels, and one output, one number a class. It
        is not changed.
    classes : array-like of shape (n_classes,), default=None
        The label of each output, in their order. None counts them from 0, or takes
        those of SciKeras.
    from_logits : bool, default=False
        Whether the outputs are logits, in place of probabilities.
    image_shape : tuple of int or None, default=None
        (height, width) or (height, width, channels) of the images, where the network
        takes images of any size, or rows of pixels.

    Returns
    -------
    KerasImageClassifier
        Fitted, without a history, its ``network`` a copy of the model. It gives the
        probabilities that the network gives, in the sorted order of the labels.
        Optimizer, epochs and size of the batches are those of the model and of
        SciKeras, as far as they are known.

    Raises
    ------
    ParameterError
        If the model is no such network.
    DataError
        If ``classes`` is not one label for each output.

    See Also
    --------
    skfashion.neural_network.KerasImageClassifier : Trains a network from its weights
        on, or from the start.
    export_keras : The other way.

    Examples
    --------
    >>> import keras
    >>> import numpy as np
    >>> from skfashion import from_keras
    >>> images = keras.Input((4, 4))
    >>> outputs = keras.layers.Dense(2, "softmax")(keras.layers.Flatten()(images))
    >>> clf = from_keras(keras.Model(images, outputs), ["bag", "coat"])
    >>> clf.predict_proba(np.zeros((3, 4, 4))).shape
    (3, 2)
    """
    refuse_after_fork()
    from skfashion._backend.optimizers import OptimizerConfig, optimizer_config
    from skfashion._backend.runtime import keras
    from skfashion._networks.keras_network import build
    from skfashion._networks.own_network import begin_network, image_shape_of

    params: dict[str, Any] = {}
    if not isinstance(model, keras.Model):
        model, classes, params = _of_scikeras(model, classes)
    if not model.built:
        raise ParameterError(
            f"model={model.name!r} is not built yet: give it a keras.Input or train it."
        )
    shape = image_shape_of(model, image_shape)
    options: dict[str, Any] = {"seed": 0, "from_logits": from_logits}
    config, values = begin_network(model, shape, None, **options)
    classes, order = _labels(classes, config.n_classes)
    if not np.array_equal(order, np.arange(len(order))):
        config, values = begin_network(_reordered(model, order), shape, None, **options)
    optimizer = optimizer_config("adam", None)
    if getattr(model, "optimizer", None) is not None:
        optimizer = OptimizerConfig.of(model.optimizer)
        params["optimizer"] = optimizer.make()
    estimator = KerasImageClassifier(
        build(config, values),
        from_logits=from_logits,
        image_shape=image_shape,
        **params,
    )
    estimator._adopt(FittedNetwork(config, optimizer, values), classes)
    return estimator


def _of_scikeras(held: Any, classes: Any) -> tuple[Any, Any, dict[str, Any]]:
    """Take the model, the labels and what else is known of a SciKeras classifier."""
    from skfashion._backend.runtime import keras

    model = getattr(held, "model_", None)
    is_scikeras = type(held).__module__.startswith("scikeras.") or any(
        kind.__module__.startswith("scikeras.") for kind in type(held).__mro__
    )
    if not is_scikeras or not isinstance(model, keras.Model):
        raise ParameterError(
            f"model={held!r:.80} must be a keras.Model, or a fitted KerasClassifier of "
            "SciKeras."
        )
    if classes is None:
        classes = getattr(held, "classes_", None)
        if classes is None:
            raise ParameterError(
                f"model={held!r:.80} is no classifier: give a KerasClassifier."
            )
    known = ("epochs", "batch_size")
    found = {name: getattr(held, name, None) for name in known}
    return model, classes, {k: v for k, v in found.items() if isinstance(v, int)}


def _labels(classes: Any, n_classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Sort the labels of the outputs, and tell the outputs' order."""
    classes = np.arange(n_classes) if classes is None else np.asarray(classes)
    known = _targets.partial_classes(classes, None)
    if len(known) != n_classes or classes.ndim != 1:
        raise DataError(
            f"classes={classes.tolist()!r:.80} must be {n_classes} different labels, "
            "one for each output of the network."
        )
    order = np.argsort(classes)
    return classes[order], order


def _reordered(model: "keras.Model", order: np.ndarray) -> "keras.Model":
    """Give a model of the same layers whose outputs stand in another order."""
    from skfashion._backend.global_state import untouched
    from skfashion._backend.runtime import keras

    if not getattr(model, "outputs", None):
        raise DataError(
            "classes must be sorted for a model of a class of your own; give them in "
            "the order of their names, and the model outputs in that order."
        )
    with untouched():
        outputs = keras.ops.take(model.outputs[0], order.tolist(), axis=-1)
        return keras.Model(model.inputs[0], outputs, name=model.name)
