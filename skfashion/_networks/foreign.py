"""The config of a Keras network that somebody else made, for ``from_keras`` alone."""

import math
from typing import Any

import numpy as np

from skfashion._backend.inference import OPERATIONS
from skfashion._backend.runtime import keras
from skfashion._networks.config import CNNConfig, MLPConfig, NetworkConfig
from skfashion._networks.forward import bind
from skfashion.exceptions import ParameterError

__all__ = ["read_config"]


def read_config(model: keras.Model) -> tuple[NetworkConfig, list[np.ndarray]]:
    """Find the config that computes what a network does, and its weights.

    Parameters
    ----------
    model : keras.Model
        Of the same kinds of layers, whatever their names and the shape of its input.

    Returns
    -------
    config : NetworkConfig
        Of that network.
    values : list of ndarray
        Its weights.

    Raises
    ------
    ParameterError
        If no config gives the same probabilities.
    """
    policies = {
        layer.dtype_policy.name for layer in model.layers if hasattr(layer, "units")
    } - {"float32", "mixed_bfloat16"}
    if policies:
        raise ParameterError(
            f"model={model.name!r} computes in {', '.join(policies)}, but classifiers "
            "do in float32 or mixed_bfloat16: build it so, and set_weights to those of "
            "this one."
        )
    try:
        config = _read(model)
        values = []
        for layer in _all_of(model, keras.layers.Conv2D, keras.layers.Dense):
            kernel, *bias = layer.get_weights()
            values += [kernel, *(bias or [np.zeros(kernel.shape[-1:], np.float32)])]
        if [value.shape for value in values] != config.weight_shapes():
            raise ValueError
        rows = np.random.default_rng(0).random((16, *model.input_shape[1:]))
        rows = rows.astype(np.float32)
        expected = model(rows, training=False)
        given = bind(config, OPERATIONS, values)(rows.reshape(len(rows), -1))
        same = np.allclose(expected, given, atol=1e-5)
    except (AttributeError, LookupError, TypeError, ValueError):
        # Such as a model whose input has no fixed shape.
        same = False
    if not same:
        raise ParameterError(
            f"The network {model.name!r} is not one that the classifiers build; it "
            "must be dense layers, after stages of an unpadded convolution and a 2x2 "
            "max-pooling or after none, with one activation, and softmax at the end."
        )
    return config, values


def _all_of(model: keras.Model, *kinds: type) -> list[Any]:
    return [layer for layer in model.layers if isinstance(layer, kinds)]


def _read(model: keras.Model) -> NetworkConfig:
    kinds = keras.layers
    convolutions, dense = _all_of(model, kinds.Conv2D), _all_of(model, kinds.Dense)
    reshapes, dropouts = _all_of(model, kinds.Reshape), _all_of(model, kinds.Dropout)
    rescalings = _all_of(model, kinds.Rescaling)
    shape = tuple(model.input_shape[1:])
    *hidden, output = dense
    inner = [*convolutions, *hidden]
    sizes = tuple(layer.units for layer in hidden)
    found = {
        "n_classes": output.units,
        "dropout": dropouts[0].rate if dropouts else 0.0,
        "l2": float(getattr(output.kernel_regularizer, "l2", 0.0)),
        "rescale": float(rescalings[0].scale) if rescalings else None,
    }
    if inner:
        found["activation"] = keras.activations.serialize(inner[0].activation)
        found["dtype_policy"] = inner[0].dtype_policy.name
    if not convolutions:
        return MLPConfig(n_features=math.prod(shape), hidden_layer_sizes=sizes, **found)
    return CNNConfig(
        image_shape=reshapes[0].target_shape if reshapes else (*shape, 1)[:3],
        filters=tuple(layer.filters for layer in convolutions),
        # Where an image is smaller than the kernel, that was cut to it.
        kernel_size=max(max(layer.kernel_size) for layer in convolutions),
        dense_sizes=sizes,
        **found,
    )
