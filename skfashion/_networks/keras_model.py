"""A config as a Keras model, with nothing of this package in it."""

from typing import TYPE_CHECKING, Any

import numpy as np

from skfashion._backend.runtime import count_model, keras
from skfashion._backend.tensors import Places

if TYPE_CHECKING:
    from skfashion._networks.config import NetworkConfig

__all__ = ["build", "reseed"]


def build(config: "NetworkConfig", values: list[np.ndarray]) -> keras.Model:
    """Build the uncompiled model of a config and give it the values of its weights.

    Every layer has a name, and every random draw a seed, so that building one leaves
    no trace in Keras's global state.
    """
    count_model()
    records, layers = config.layers(), []
    for number, layer in enumerate(records):
        options: dict[str, Any] = {"dtype": config.dtype_policy}
        if layer.in_float32:
            options["dtype"] = "float32"
        if hasattr(layer, "use_bias"):
            options["kernel_initializer"] = keras.initializers.GlorotUniform(number)
            if config.l2:
                options["kernel_regularizer"] = keras.regularizers.L2(config.l2)
        if hasattr(layer, "rate"):
            options["seed"] = number
        layers.append(layer.keras_layer(**options))
    name = type(config).__name__.removesuffix("Config").lower()
    # Not keras.Sequential: it makes an inner model that takes a global name.
    pixels = tensor = keras.Input((config.n_features,), name="pixels")
    outputs: dict[str | None, Any] = {}
    for record, layer in zip(records, layers, strict=True):
        added = outputs.get(record.adds)
        tensor = layer(tensor if added is None else [tensor, added])
        outputs[record.name] = tensor
    model = keras.Model(pixels, tensor, name=name)
    Places(model.weights).write(values)
    return model


def reseed(model: keras.Model, seed: int, epoch: int) -> None:
    """Have Keras's own layers draw what belongs to an epoch of a seed."""
    weights = set(map(id, model.weights))
    seeds = [v for v in model.variables if id(v) not in weights and v.shape == (2,)]
    for number, variable in enumerate(seeds):
        drawn = np.random.SeedSequence([seed, epoch, number]).generate_state(2)
        variable.assign(drawn)
