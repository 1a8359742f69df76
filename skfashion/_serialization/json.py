"""Parameters and fitted values as JSON, and back exactly as they were."""

from typing import Any

import numpy as np

from skfashion.exceptions import ParameterError
from skfashion.preprocessing import Augmentation

__all__ = ["Decoder", "encode"]

_SIMPLE = (type(None), bool, int, float, str)
# Kinds of NumPy's types: truth, numbers, text, and anything that is one of these.
_KINDS = "biufUO"
# Most bytes of an item of text, of an array and of a file's arrays: a few characters
# may ask for many.
_ITEM_BYTES, _ARRAY_BYTES, _FILE_BYTES = 2**12, 2**24, 2**26
# Lists within lists: how many Python itself can follow differs by version.
_MOST_LEVELS = 32


def encode(name: str, value: Any) -> Any:
    """Turn a value into what JSON can hold.

    Parameters
    ----------
    name : str
        What an error calls the value.
    value : object
        None, a number, text, a NumPy array or type of these, an Augmentation, an
        optimizer or a learning-rate schedule of Keras's own, or a tuple, list or dict
        of such.

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
        return encode(name, value.item())
    if isinstance(value, np.dtype) and _is_simple(value):
        return {"dtype": value.str}
    if isinstance(value, np.ndarray) and _is_simple(value.dtype, value.size):
        items = [encode(name, item) for item in value.ravel().tolist()]
        return {"array": items, "dtype": value.dtype.str, "shape": list(value.shape)}
    if isinstance(value, tuple):
        return {"tuple": [encode(name, item) for item in value]}
    if isinstance(value, list):
        return [encode(name, item) for item in value]
    if isinstance(value, dict):
        pairs = [[encode(name, k), encode(name, v)] for k, v in value.items()]
        return {"dict": pairs}
    if type(value) is Augmentation:
        params = value.get_params(deep=False)
        return {"augmentation": {key: encode(name, v) for key, v in params.items()}}
    if hasattr(value, "get_config"):
        from skfashion._backend.optimizers import is_of_keras, to_dict

        if is_of_keras(type(value)):
            return {"keras": encode(name, to_dict(value))}
    raise ParameterError(
        f"{name}={value!r} cannot be saved; it must be a number, text, None, an "
        "optimizer or schedule of Keras's own, or a tuple, list or dict of these."
    )


class Decoder:
    """Turns what ``encode`` made back into values.

    One decoder serves a file, of which it makes no more than a bounded number of bytes.
    """

    def __init__(self) -> None:
        self._bytes_left = _FILE_BYTES

    def decode(self, encoded: Any, *, levels: int = _MOST_LEVELS) -> Any:
        """Read one value.

        Parameters
        ----------
        encoded : object
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
            If ``encode`` makes no such thing.
        """
        if levels < 0:
            raise ValueError(f"no value of a model has over {_MOST_LEVELS} levels")

        def inner(value: Any) -> Any:
            return self.decode(value, levels=levels - 1)

        match encoded:
            case None | bool() | int() | float() | str():
                return encoded
            case list():
                return list(map(inner, encoded))
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
            case {"augmentation": dict(held)}:
                return Augmentation(
                    **{key: inner(value) for key, value in held.items()}
                )
            case {"keras": dict(held)}:
                from skfashion._backend.optimizers import from_dict

                return from_dict(inner(held))
        raise ValueError(f"{encoded!r:.100} is no value of a model")

    def _dtype(self, text: str, n_items: int = 1) -> np.dtype:
        dtype = np.dtype(text)
        self._bytes_left -= dtype.itemsize * n_items
        if not _is_simple(dtype, n_items) or self._bytes_left < 0:
            raise ValueError(f"{text!r} is no type of {n_items} of a model's values")
        return dtype


def _is_simple(dtype: np.dtype, n_items: int = 1) -> bool:
    return (
        dtype.kind in _KINDS
        and dtype.itemsize <= _ITEM_BYTES
        and dtype.itemsize * n_items <= _ARRAY_BYTES
    )
