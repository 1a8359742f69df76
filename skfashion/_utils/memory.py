"""Arrays that begin where TensorFlow can use them as they stand."""

import math
import mmap

import numpy as np

# Bytes that TensorFlow wants the beginning of a tensor to be a multiple of. NumPy
# promises 16.
ALIGNMENT = 64
# Arrays of this many bytes and more are kept apart from the heap.
_LARGE = 2**15


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


def kept_copy(array: np.ndarray) -> np.ndarray:
    """Copy an array that is to be kept for long to where a tensor may begin.

    A large one goes into pages of its own: among what TensorFlow takes and frees the C
    library would leave holes around it, of the same size and more.
    """
    if array.nbytes < _LARGE:
        return aligned_copy(array)
    pages = np.frombuffer(mmap.mmap(-1, array.nbytes), dtype=array.dtype)
    copy = pages.reshape(array.shape)
    np.copyto(copy, array)
    return copy
