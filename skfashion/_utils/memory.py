"""Arrays that begin where TensorFlow can use them as they stand."""

import math

import numpy as np

# Bytes that TensorFlow wants the beginning of a tensor to be a multiple of. NumPy
# promises 16.
ALIGNMENT = 64


def aligned(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Make an array of whatever values, which begins where a tensor may."""
    n_bytes = math.prod(shape) * dtype.itemsize
    memory = np.empty(n_bytes + ALIGNMENT, dtype=np.uint8)
    start = -memory.ctypes.data % ALIGNMENT
    return memory[start : start + n_bytes].view(dtype).reshape(shape)


def aligned_copy(array: np.ndarray) -> np.ndarray:
    """Copy an array to where a tensor may begin."""
    copy = aligned(array.shape, array.dtype)
    np.copyto(copy, array)
    return copy
