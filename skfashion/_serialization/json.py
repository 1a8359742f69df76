"""Parameters and fitted values as JSON, and back exactly as they were."""

from typing import Any

import numpy as np

from skfashion.exceptions import ParameterError

__all__ = ["Reader", "to_plain"]

_SIMPLE = (type(None), bool, int, float, str)
# Kinds of NumPy's types: truth, numbers, text, and anything that is one of these.
_KINDS = "biufUO"
# Most bytes of an item of text, of an array and of a file's arrays: a few characters
# may ask for many.
_ITEM_BYTES, _ARRAY_BYTES, _FILE_BYTES = 2**12, 2**24, 2**26
# Lists within lists: how many Python itself can follow differs by version.
_MOST_LEVELS = 32


def to_plain(name: str, value: Any) -> Any:
    """Turn a value into what JSON can hold.

    Parameters
    ----------
    name : str
        What an error calls the value.
    value : object
        None, a number, text, a NumPy array or type of these, an optimizer or a
        learning-rate schedule of Keras's own, or a tuple, list or dict of such.

    Returns
    -------
    object
        To be given to ``json``.

    Raises
    ------
    ParameterError
        If it is something else.
    """
    if type(value) in _SIMPLE:
        return value
    if isinstance(value, np.generic):
        return to_plain(name, value.item())
    if isinstance(value, np.dtype) and _is_plain(value):
        return {"dtype": value.str}
    if isinstance(value, np.ndarray) and _is_plain(value.dtype, value.size):
        items = [to_plain(name, item) for item in value.ravel().tolist()]
        return {"array": items, "dtype": value.dtype.str, "shape": list(value.shape)}
    if isinstance(value, tuple):
        return {"tuple": [to_plain(name, item) for item in value]}
    if isinstance(value, list):
        return [to_plain(name, item) for item in value]
    if isinstance(value, dict):
        pairs = [[to_plain(name, k), to_plain(name, v)] for k, v in value.items()]
        return {"dict": pairs}
    if hasattr(value, "get_config"):
        from skfashion._backend.runtime import keras

        config = keras.saving.serialize_keras_object(value)
        if _is_listed(config):
            return {"keras": config}
    raise ParameterError(
        f"{name}={value!r} cannot be saved; it must be a number, text, None, an "
        "optimizer or schedule of Keras's own, or a tuple, list or dict of these."
    )


class Reader:
    """Turns what ``to_plain`` made back into values.

    One reader serves a file, of which it makes no more than a bounded number of bytes.
    """

    def __init__(self) -> None:
        self._bytes_left = _FILE_BYTES

    def read(self, plain: Any, *, levels: int = _MOST_LEVELS) -> Any:
        """Read one value.

        Parameters
        ----------
        plain : object
            From JSON that anybody may have written.
        levels : int, default=32
            How many lists, tuples and dicts may stand within one another.

        Returns
        -------
        object
            The value.

        Raises
        ------
        ValueError
            If ``to_plain`` makes no such thing.
        """
        if levels < 0:
            raise ValueError(f"no value of a model has over {_MOST_LEVELS} levels")

        def inner(value: Any) -> Any:
            return self.read(value, levels=levels - 1)

        match plain:
            case None | bool() | int() | float() | str():
                return plain
            case list():
                return list(map(inner, plain))
            case {"tuple": list(items)}:
                return tuple(map(inner, items))
            case {"dict": list(pairs)}:
                return {inner(key): inner(value) for key, value in pairs}
            case {"dtype": str(text), "array": list(items), "shape": list(shape)}:
                values = np.empty(len(items), dtype=object)
                values[:] = list(map(inner, items))
                return values.astype(self._dtype(text, len(items))).reshape(shape)
            case {"dtype": str(text)}:
                return self._dtype(text)
            case {"keras": dict(config)} if _is_listed(config):
                from skfashion._backend.runtime import keras

                return keras.saving.deserialize_keras_object(config, safe_mode=True)
        raise ValueError(f"{plain!r:.100} is no value of a model")

    def _dtype(self, text: str, n_items: int = 1) -> np.dtype:
        dtype = np.dtype(text)
        self._bytes_left -= dtype.itemsize * n_items
        if not _is_plain(dtype, n_items) or self._bytes_left < 0:
            raise ValueError(f"{text!r} is no type of {n_items} of a model's values")
        return dtype


def _is_plain(dtype: np.dtype, n_items: int = 1) -> bool:
    return (
        dtype.kind in _KINDS
        and dtype.itemsize <= _ITEM_BYTES
        and dtype.itemsize * n_items <= _ARRAY_BYTES
    )


def _is_listed(config: Any) -> bool:
    """Whether a configuration of Keras holds nothing but settings."""
    if isinstance(config, list | tuple):
        return all(map(_is_listed, config))
    if not isinstance(config, dict):
        return True
    named = {"module", "class_name", "registered_name"} & config.keys()
    return (not named or _is_keras_s_own(config)) and all(
        map(_is_listed, config.values())
    )


def _is_keras_s_own(config: dict[str, Any]) -> bool:
    from skfashion._backend.runtime import keras

    homes = {
        "keras.optimizers": (keras.optimizers, keras.optimizers.Optimizer),
        "keras.optimizers.schedules": (
            keras.optimizers.schedules,
            keras.optimizers.schedules.LearningRateSchedule,
        ),
    }
    kind = config.get("class_name")
    if config.get("module") not in homes or config.get("registered_name") is not None:
        return False
    module, base = homes[config["module"]]
    found = getattr(module, kind, None) if isinstance(kind, str) else None
    return isinstance(found, type) and issubclass(found, base) and found is not base
