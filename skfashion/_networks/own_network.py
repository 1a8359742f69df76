"""What somebody gives as a network of their own, checked, as a config and weights."""

import copy
import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from skfashion._backend.global_state import built_alike
from skfashion._backend.runtime import count_model, keras, tf
from skfashion._backend.tensors import Places
from skfashion._networks.keras_config import KerasConfig
from skfashion._networks.keras_network import read_model, take
from skfashion._networks.layers import Shape
from skfashion._utils.memory import aligned_copy
from skfashion._utils.validation import check_builds
from skfashion.exceptions import ParameterError
from skfashion.preprocessing._pixels import fold_shape

__all__ = ["begin_network", "image_shape_of"]


def begin_network(
    network: Any,
    image_shape: Shape,
    n_classes: int | None,
    *,
    seed: int,
    rescale: float | None = None,
    from_logits: bool = False,
) -> tuple[KerasConfig, list[np.ndarray]]:
    """Make the config and the first weights of a network.

    Parameters
    ----------
    network : callable or keras.Model
        Maps image_shape and the number of classes to a model; or that model, whose
        weights are the first.
    image_shape : tuple of (int, int, int)
        Height, width and channels of the images.
    n_classes : int or None
        Outputs that it must have; None takes those that a ``keras.Model`` has.
    seed : int
        Of what a function draws.
    rescale : float or None
        Factor of the pixels.
    from_logits : bool
        Whether its outputs are logits.

    Returns
    -------
    config : KerasConfig
        Of the network.
    values : list of ndarray
        Of its weights.

    Raises
    ------
    ParameterError
        If it is no network that classifies such images.
    """
    model = _model_of(network, image_shape, n_classes, seed)
    name = f"network={model.name!r:.60}"
    _check_weights(model, name)
    n_outputs = _check_ends(model, name, image_shape, n_classes)
    function = None
    if not isinstance(network, keras.Model):
        # As it is now: parameters of a Network may be set later.
        kept = copy.copy(network)
        function = functools.partial(_called, kept, image_shape, n_classes)
    config = read_model(
        model,
        image_shape,
        n_classes=n_outputs,
        rescale=rescale,
        from_logits=from_logits,
        function=function,
    )
    _check_scale_of_outputs(model, name, config)
    if config.function is not None:
        take(model)
    return config, [aligned_copy(v.numpy()) for v in Places(model.weights).read()]


def image_shape_of(model: keras.Model, image_shape: tuple[int, ...] | None) -> Shape:
    """Tell the shape of the images that a model takes.

    Parameters
    ----------
    model : keras.Model
        Built.
    image_shape : tuple of int or None
        What its caller says; needed where the model takes images of any size.

    Returns
    -------
    tuple of (int, int, int)
        Height, width and channels.

    Raises
    ------
    ParameterError
        If neither tells.
    """
    pixels = _only(model, "inputs")
    shape = (None,) if pixels is None else tuple(pixels.shape[1:])
    if image_shape is None and None in shape:
        raise ParameterError(
            f"network={model.name!r:.60} takes inputs of shape {shape}; set "
            "image_shape=(height, width, channels)."
        )
    if image_shape is not None or len(shape) == 1:
        n_pixels = math.prod(image_shape) if image_shape is not None else shape[0]
        return fold_shape(n_pixels, image_shape, None)
    return (*shape, 1)[:3]


def _model_of(
    network: Any, image_shape: Shape, n_classes: int | None, seed: int
) -> keras.Model:
    if isinstance(network, keras.Model):
        if not network.built:
            raise ParameterError(
                f"network={network.name!r} has no weights yet: begin it with a "
                "keras.Input, or give the function that builds it."
            )
        return network
    if isinstance(network, type) or not callable(network):
        raise ParameterError(
            f"network={network!r:.80} must be a function that maps image_shape and "
            "n_classes to a keras.Model, a skfashion.Network of one, or a keras.Model."
        )
    check_builds("network", network)
    count_model()
    return built_alike(seed, lambda: _called(network, image_shape, n_classes))


def _called(
    network: Callable[..., Any], image_shape: Shape, n_classes: int | None
) -> keras.Model:
    model = network(image_shape, n_classes)
    if not isinstance(model, keras.Model):
        raise ParameterError(
            f"network={network!r:.80} gave {model!r:.80} for image_shape="
            f"{image_shape} and n_classes={n_classes}; it must give a keras.Model."
        )
    if not model.built:
        # Sequential ones without an input, and classes of the caller's own.
        model(np.zeros((1, *image_shape), np.float32), training=False)
    return model


def _check_ends(
    model: keras.Model, name: str, image_shape: Shape, n_classes: int | None
) -> int:
    """Refuse what does not map one image to one number a class."""
    _only(model, "inputs")
    output = _only(model, "outputs")
    if output is None:
        # A class of the caller's own, which does not tell.
        output = model(np.zeros((1, *image_shape), np.float32), training=False)
        if not tf.is_tensor(output):
            raise ParameterError(f"{name} must give one tensor, not {output!r:.80}.")
    if isinstance(getattr(model, "_outputs_struct", None), dict):
        raise ParameterError(
            f"{name} gives a dict of outputs; it must give one tensor: "
            "keras.Model(inputs, output)."
        )
    shape = tuple(output.shape[1:])
    if len(shape) == 1 and shape[0] == 1 and n_classes in (None, 2):
        raise ParameterError(
            f"{name} has one output; it must have one for each class, also of two: "
            "Dense(2, activation='softmax') in place of Dense(1, "
            "activation='sigmoid')."
        )
    if len(shape) != 1 or shape[0] is None or shape[0] != (n_classes or shape[0]):
        wanted = f"({n_classes},)" if n_classes else "(n_classes,)"
        raise ParameterError(
            f"{name} has outputs of shape {shape}, but must have {wanted}, one number "
            "a class."
        )
    return shape[0]


def _only(model: keras.Model, ends: str) -> Any:
    """Give the one input or output; None where a class of the caller's has none."""
    found = getattr(model, ends, None) or [None]
    if len(found) > 1:
        raise ParameterError(
            f"network={model.name!r:.60} has {len(found)} {ends}; a classifier of "
            "images has one."
        )
    return found[0]


def _check_weights(model: keras.Model, name: str) -> None:
    for weight in model.weights:
        if np.dtype(weight.value.dtype.as_numpy_dtype).kind not in "fiub":
            raise ParameterError(
                f"{name} has weights of {weight.dtype}, {weight.path!r:.60} for one; "
                "they must be of float32: for faster arithmetic give its layers the "
                "policy 'mixed_bfloat16'."
            )
    for layer in model._flatten_layers():
        if any(isinstance(value, tf.Variable) for value in vars(layer).values()):
            raise ParameterError(
                f"{name} has a layer {layer.name!r:.60} that holds a tf.Variable, "
                "which Keras knows nothing of; make it by self.add_weight."
            )


def _check_scale_of_outputs(model: keras.Model, name: str, config: KerasConfig) -> None:
    """Refuse logits that are taken for probabilities, and the other way round."""
    kind = _last_activation(model)
    if kind is None:
        draw = np.random.default_rng(0)
        images = draw.random((4, *config.input_shape), dtype=np.float32)
        outputs = tf.cast(model(images, training=False), tf.float32).numpy()
        sums = outputs.sum(axis=1)
        are_probabilities = (outputs >= 0).all() and np.allclose(sums, 1, atol=1e-2)
        kind = "softmax" if are_probabilities else "another scale"
    if config.from_logits and kind == "softmax":
        raise ParameterError(
            f"from_logits=True, but {name} gives probabilities; set from_logits=False, "
            "or end it without softmax."
        )
    if not config.from_logits and kind != "softmax":
        raise ParameterError(
            f"from_logits=False, but {name} does not give probabilities, which sum to "
            "1; set from_logits=True if it gives logits, or end it with softmax."
        )


def _last_activation(model: keras.Model) -> str | None:
    """Name what the outputs went through last; None where that cannot be told."""
    outputs = getattr(model, "outputs", None) or [None]
    history = getattr(outputs[0], "_keras_history", None)
    last = getattr(history, "operation", None)
    if isinstance(last, keras.Model):
        return _last_activation(last)
    if isinstance(last, keras.layers.Softmax):
        return "softmax"
    if isinstance(last, keras.layers.Dense | keras.layers.Activation):
        name = getattr(last.activation, "__name__", None)
        return name if name in ("softmax", "linear") else None
    return None
