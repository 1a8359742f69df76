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
    trained = set(map(id, model.trainable_variables))
    held = without_values(serialized(model)), [id(w) in trained for w in model.weights]
    return json.dumps(held, sort_keys=True, default=repr)


def serialized(model: keras.Model) -> Any:
    """Have Keras describe a model, or describe it by its layers if Keras cannot."""
    try:
        return _by_class(keras.saving.serialize_keras_object(model))
    except (NotImplementedError, TypeError, ValueError):
        # A class of the caller's own that does not tell how it was made.
        return [
            {"class_name": type(layer).__qualname__, "config": {"name": layer.name}}
            for layer in model._flatten_layers()
        ]


def _by_class(config: Any) -> Any:
    """Call Keras's own classes as Keras does.

    Another library may have registered them, as SciKeras does when a model is pickled.
    """
    if isinstance(config, dict):
        config = {name: _by_class(value) for name, value in config.items()}
        if config.get("registered_name") == f">{config.get('class_name')}":
            config["registered_name"] = config["class_name"]
        return config
    if isinstance(config, list | tuple):
        return type(config)(map(_by_class, config))
    return config


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
