"""What a Keras model is apart from the values of its variables."""

import json
from typing import Any

from skfashion._backend.runtime import keras

__all__ = ["fingerprint", "is_all_keras", "without_values"]


def fingerprint(model: keras.Model) -> str:
    """Describe a compiled model so that equal texts mean the same compiled code.

    Parameters
    ----------
    model : keras.Model
        Made of what Keras brings; see ``is_all_keras``.

    Returns
    -------
    str
        Without seeds and numeric learning rates, which only decide the values of
        variables.
    """
    config = keras.saving.serialize_keras_object(model)
    return json.dumps(without_values(config), sort_keys=True, default=repr)


def is_all_keras(model: keras.Model) -> bool:
    """Whether a model names nothing but what Keras itself brings.

    Parameters
    ----------
    model : keras.Model
        Any.

    Returns
    -------
    bool
        False where a class or a function of the caller's takes part.
    """
    return type(model).__module__.startswith("keras.") and _brought_by_keras(
        keras.saving.serialize_keras_object(model)
    )


def _brought_by_keras(config: Any) -> bool:
    if isinstance(config, dict):
        kind = config.get("class_name", "__tuple__")
        # What the caller registered goes by a name of its own, which another may
        # share; functions and lambdas are the caller's code.
        if kind not in ("__tuple__", "__keras_tensor__") and (
            (config.get("module") or "").split(".")[0] != "keras"
            or ">" in (config.get("registered_name") or "")
            or kind in ("function", "Lambda")
        ):
            return False
        return all(map(_brought_by_keras, config.values()))
    if isinstance(config, list | tuple):
        return all(map(_brought_by_keras, config))
    return True


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
