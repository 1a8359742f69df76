"""What a Keras model is apart from the values of its variables."""

import json
from typing import Any

from skfashion._backend.runtime import keras

__all__ = ["fingerprint", "serialized", "without_values"]


def fingerprint(model: keras.Model) -> str:
    """Describe a compiled model so that equal texts mean the same compiled code.

    Parameters
    ----------
    model : keras.Model
        Of any layers.

    Returns
    -------
    str
        Without seeds and numeric learning rates, which only decide the values of
        variables.
    """
    config = serialized(model)
    return json.dumps(without_values(config), sort_keys=True, default=repr)


def serialized(model: keras.Model) -> Any:
    """Have Keras describe a model, or describe it by its layers if Keras cannot."""
    try:
        return keras.saving.serialize_keras_object(model)
    except (NotImplementedError, TypeError, ValueError):
        # A class of the caller's own that does not tell how it was made.
        return [
            {"class_name": type(layer).__qualname__, "config": {"name": layer.name}}
            for layer in model._flatten_layers()
        ]


def without_values(config: Any) -> Any:
    """Leave out of a configuration what only decides the values of variables."""
    if isinstance(config, dict):
        return {
            name: without_values(value)
            for name, value in config.items()
            if name != "seed"
            and not (name == "learning_rate" and isinstance(value, float))
        }
    if isinstance(config, list | tuple):
        return [without_values(value) for value in config]
    return config
