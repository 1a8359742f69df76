"""Keras models of somebody's own design: read into a config, and built anew from it."""

import contextlib
import json
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from skfashion._backend.fingerprint import serialized
from skfashion._backend.global_state import untouched
from skfashion._backend.inference import softmax
from skfashion._backend.runtime import count_model, keras, tf
from skfashion._backend.tensors import Places
from skfashion._networks.keras_config import KerasConfig
from skfashion._networks.keras_parts import foreign_parts
from skfashion._networks.layers import Shape
from skfashion._networks.normalization import follow_weights, settle
from skfashion.exceptions import ParameterError

__all__ = [
    "build",
    "check",
    "forward_pass",
    "make",
    "read_model",
    "rebuild",
    "take",
    "to_images",
]

_LOGITS = "_keras_logits"
# Models that the caller's functions gave and that are trained as they are.
_taken: weakref.WeakSet[Any] = weakref.WeakSet()


def read_model(
    model: keras.Model,
    image_shape: Shape,
    *,
    n_classes: int | None = None,
    rescale: float | None = None,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    function: Callable[[], Any] | None = None,
    as_compiled: bool = False,
) -> KerasConfig:
    """Take the config of a built model, which is not changed.

    Parameters
    ----------
    model : keras.Model
        Of one input and one output.
    image_shape : tuple of (int, int, int)
        Height, width and channels of the images.
    n_classes : int or None, default=None
        Number of its outputs, where it does not tell itself.
    rescale, from_logits, label_smoothing, function
        See ``KerasConfig``.
    as_compiled : bool, default=False
        Whether the loss and metrics that it was compiled with count.

    Returns
    -------
    KerasConfig
        Of that model.
    """
    held = serialized(model)
    compiled = _pop_compiled(held)
    foreign = foreign_parts(held)
    if as_compiled:
        foreign += foreign_parts(compiled)
        if model.run_eagerly:
            foreign.append("run_eagerly=True")
    several = any(
        len(getattr(model, ends, None) or [None]) > 1 for ends in ("inputs", "outputs")
    )
    if several:
        foreign.append("several inputs or outputs")
    if not type(model).__module__.startswith("keras."):
        foreign.append(f"a model of class {type(model).__name__!r}")
    trained = set(map(id, model.trainable_variables))
    return KerasConfig(
        n_classes=n_classes or (0 if several else model.output_shape[-1]),
        image_shape=image_shape,
        input_shape=_input_shape(model, image_shape),
        description=json.dumps(held, sort_keys=True, default=repr),
        shapes=tuple(tuple(weight.shape) for weight in model.weights),
        frozen=tuple(id(weight) not in trained for weight in model.weights),
        foreign=tuple(dict.fromkeys(foreign)),
        rescale=rescale,
        from_logits=from_logits,
        label_smoothing=label_smoothing,
        compiled=json.dumps(compiled, sort_keys=True, default=repr)
        if as_compiled
        else None,
        function=function if foreign else None,
    )


def _pop_compiled(config: Any) -> dict[str, Any]:
    """Take out what a model, and models within it, were compiled with."""
    compiled: dict[str, Any] = {}
    if isinstance(config, dict):
        compiled = config.pop("compile_config", None) or {}
        for value in config.values():
            _pop_compiled(value)
    elif isinstance(config, list | tuple):
        for value in config:
            _pop_compiled(value)
    # The optimizer is none of the network.
    return {name: held for name, held in compiled.items() if name != "optimizer"}


def _input_shape(model: keras.Model, image_shape: Shape) -> Shape:
    """Tell the shape in which a network takes an image."""
    inputs = getattr(model, "inputs", None)
    # A class of the caller's own does not tell.
    shape = tuple(inputs[0].shape[1:]) if inputs else image_shape
    height, width, channels = image_shape
    for fitting in (image_shape, (height, width), (height * width * channels,)):
        same = len(shape) == len(fitting) and all(
            side in (None, wanted) for side, wanted in zip(shape, fitting, strict=True)
        )
        if same and (len(fitting) != 2 or channels == 1):
            return fitting
    raise ParameterError(
        f"network={model.name!r} takes inputs of shape {shape}, but the images are of "
        f"shape {image_shape}; give it a keras.Input of that shape, or set image_shape."
    )


def rebuild(config: KerasConfig, *, without_variables: bool = False) -> keras.Model:
    """Build the model of a config anew, of any weights.

    Parameters
    ----------
    config : KerasConfig
        Of the model.
    without_variables : bool, default=False
        Whether its weights have a shape only, and are given to each call.
    """
    count_model()
    with untouched(), contextlib.ExitStack() as scopes:
        if without_variables:
            scopes.enter_context(keras.StatelessScope(initialize_variables=False))
        model = make(config)
    shapes = [tuple(weight.shape) for weight in model.weights]
    if shapes != config.weight_shapes():
        raise ParameterError(
            f"network={model.name!r} has weights of other shapes when it is built "
            "anew; a network must be the same each time it is built."
        )
    for weight, frozen in zip(model.weights, config.frozen, strict=False):
        weight.trainable = weight.trainable and not frozen
    return model


def make(config: KerasConfig) -> keras.Model:
    """Have Keras build the model of a config; its weights are drawn as Keras does."""
    if config.function is not None:
        model = config.function()
        take(model)
        return model
    held = json.loads(config.description)
    if isinstance(held, list):
        raise ParameterError(
            f"network has {', '.join(config.foreign):.200}, which Keras cannot build "
            "anew: write get_config for it, or give the function that builds the model."
        )
    if not config.foreign:
        return keras.saving.deserialize_keras_object(held)
    try:
        # Parts that are not Keras's own are the caller's, in this very process.
        return keras.saving.deserialize_keras_object(held, safe_mode=False)
    except Exception as error:
        # Anything at all, of the caller's classes too.
        raise ParameterError(
            f"network has {', '.join(config.foreign):.200}, which Keras cannot build "
            f"anew ({type(error).__name__}); give the function that builds the model."
        ) from error


def take(model: keras.Model) -> None:
    """Refuse a model of the caller's parts that a function has given before."""
    if model in _taken:
        raise ParameterError(
            f"network={model.name!r:.60} was given before: a function must build a new "
            "model at each call, for this one is trained as it is."
        )
    _taken.add(model)


def check(config: KerasConfig, values: Sequence[np.ndarray] | None) -> None:
    """Refuse what ``read_model`` does not make of Keras's own layers.

    Anybody may have written it, and the values of its weights. It is built without a
    variable, for the sizes in it may be any.

    Raises
    ------
    ValueError
        If it is something else.
    """
    if config.function is not None or config.foreign or config.compiled is not None:
        raise ValueError("its network is not of Keras's own layers alone")
    try:
        held = json.loads(config.description)
        foreign = foreign_parts(held)
        if foreign:
            raise ValueError(f"its network has {foreign[0]}, which is not Keras's own")
        model = rebuild(config, without_variables=True)
        read = read_model(
            model,
            config.image_shape,
            rescale=config.rescale,
            from_logits=config.from_logits,
        )
    except Exception as error:
        # Keras raises anything at all for what it cannot build.
        raise ValueError(f"its network cannot be built: {error!s:.200}") from error
    names = ("n_classes", "input_shape", "shapes", "frozen", "foreign")
    different = [n for n in names if getattr(read, n) != getattr(config, n)]
    types = [weight.dtype for weight in model.weights]
    if values is not None and [value.dtype.name for value in values] != types:
        raise ValueError("its weights are of other types than those of its network")
    smoothing = config.label_smoothing
    sound = type(smoothing) is float and 0 <= smoothing < 1
    if different or type(config.from_logits) is not bool or not sound:
        raise ValueError(f"its network is another than it says: {', '.join(different)}")


def build(config: KerasConfig, values: Sequence[np.ndarray]) -> keras.Model:
    """Build the model of a config, of the values of its weights."""
    model = rebuild(config)
    Places(model.weights).write(values)
    settle(model)
    return model


def forward_pass(config: KerasConfig) -> Callable[[Any, Sequence[Any]], Any]:
    """Make what maps rows and weights to probabilities, on TensorFlow."""
    model = rebuild(config, without_variables=not config.foreign)
    follow_weights(model)

    def forward(rows: Any, weights: Sequence[Any]) -> Any:
        values = list(zip(model.weights, weights, strict=True))
        with keras.StatelessScope(values, initialize_variables=False):
            outputs = model(to_images(config, rows, config.rescale), training=False)
        # Keras's softmax leaves its own input with its output.
        logits = outputs if config.from_logits else getattr(outputs, _LOGITS, None)
        return tf.cast(outputs, tf.float32) if logits is None else softmax(logits)

    return forward


def to_images(config: KerasConfig, rows: Any, scale: Any) -> Any:
    """Make of rows of pixels, a tensor, what the model takes."""
    rows = tf.cast(rows, tf.float32)
    if config.rescale is not None:
        rows *= scale
    return tf.reshape(rows, (-1, *config.input_shape))
