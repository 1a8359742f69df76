"""Arrays handed to TensorFlow with one copy at most."""

import math
from typing import Any

import numpy as np

from skfashion._backend.runtime import tf

__all__ = ["as_tensor", "take"]

# Bytes that TensorFlow wants the beginning of a tensor to be a multiple of. NumPy
# promises 16, so tf.constant, which copies for safety, copies once more for this.
_ALIGNMENT = 64


def as_tensor(array: np.ndarray) -> Any:
    """Copy an array to where TensorFlow uses it.

    Parameters
    ----------
    array : ndarray
        Of any shape and numeric type.

    Returns
    -------
    tf.Tensor
        Its values.
    """
    out = _aligned(array.shape, array.dtype)
    np.copyto(out, array)
    return _shared(out)


def take(array: np.ndarray, rows: np.ndarray) -> Any:
    """Copy some rows of an array to where TensorFlow uses them.

    Parameters
    ----------
    array : ndarray
        Of any shape and numeric type; a ``numpy.memmap``, for one.
    rows : ndarray of int
        Numbers of rows that exist.

    Returns
    -------
    tf.Tensor
        The rows, in that order.
    """
    out = _aligned((len(rows), *array.shape[1:]), array.dtype)
    # The rows are all there, and only "clip" writes straight to its place.
    np.take(array, rows, axis=0, out=out, mode="clip")
    return _shared(out)


def _aligned(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    n_bytes = math.prod(shape) * dtype.itemsize
    memory = np.empty(n_bytes + _ALIGNMENT, dtype=np.uint8)
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + n_bytes].view(dtype).reshape(shape)


def _shared(array: np.ndarray) -> Any:
    return tf.experimental.dlpack.from_dlpack(array.__dlpack__())
