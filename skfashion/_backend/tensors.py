"""Arrays handed to TensorFlow with one copy at most, and back without any."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from skfashion._backend.runtime import tf
from skfashion._utils.memory import ALIGNMENT, aligned, aligned_copy

__all__ = ["Places", "as_tensor", "pad", "share", "take"]


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
    return _shared(aligned_copy(array))


def share(array: np.ndarray) -> Any:
    """Let TensorFlow use an array where it stands, if it can stand there.

    Parameters
    ----------
    array : ndarray
        That nobody writes to any more.

    Returns
    -------
    tf.Tensor
        Its values; of a copy where the array does not begin where a tensor may.
    """
    apt = array.flags.c_contiguous and array.flags.writeable
    if apt and array.ctypes.data % ALIGNMENT == 0:
        return _shared(array)
    return as_tensor(array)


def take(
    array: np.ndarray,
    rows: np.ndarray,
    n_rows: int,
    vary: Callable[[np.ndarray, np.ndarray, np.ndarray], None] | None = None,
) -> Any:
    """Copy some rows of an array to where TensorFlow uses them.

    Parameters
    ----------
    array : ndarray
        Of any shape and numeric type; a ``numpy.memmap``, for one.
    rows : ndarray of int
        Numbers of rows that exist.
    n_rows : int
        Rows of the tensor; what stands beyond those taken is anything.
    vary : callable, default=None
        Given the array, the rows and what to copy them to, copies them in its way.

    Returns
    -------
    tf.Tensor
        The rows, in that order.
    """
    out = aligned((n_rows, *array.shape[1:]), array.dtype)
    if vary is not None:
        vary(array, rows, out[: len(rows)])
    else:
        # The rows are all there, and only "clip" writes straight to its place.
        np.take(array, rows, axis=0, out=out[: len(rows)], mode="clip")
    return _shared(out)


def pad(array: np.ndarray, n_rows: int) -> Any:
    """Copy an array to the first rows of a tensor, which is zero beyond."""
    out = aligned((n_rows, *array.shape[1:]), array.dtype)
    out[: len(array)] = array
    out[len(array) :] = 0
    return _shared(out)


class Places:
    """Where Keras variables keep their values, which are read and written here.

    Past the wrappers of Keras, which take several times as long.

    Parameters
    ----------
    variables : iterable of keras.Variable
        Whose values they are.
    """

    def __init__(self, variables: Iterable[Any]) -> None:
        self._places = [
            (v.value.handle, v.value.dtype, tuple(v.shape), v.path) for v in variables
        ]

    def read(self) -> list[Any]:
        """Read tensors, which share the variables' memory until these change.

        TensorFlow gives a variable new memory when it changes while a tensor still
        uses the old.
        """
        operation = tf.raw_ops.ReadVariableOp
        return [operation(resource=p, dtype=dtype) for p, dtype, _, _ in self._places]

    def write(self, values: Iterable[Any]) -> None:
        """Give the variables the values of tensors, or of arrays, which are copied.

        Raises
        ------
        ValueError
            If an array is not of the variable's shape and type.
        """
        for (place, dtype, shape, path), value in zip(
            self._places, values, strict=True
        ):
            if isinstance(value, np.ndarray):
                if value.shape != shape or value.dtype != dtype.as_numpy_dtype:
                    raise ValueError(
                        f"{path} is of shape {shape} and type {dtype.name}, not "
                        f"{value.shape} and {value.dtype}"
                    )
                # Training writes where the variable stands.
                value = as_tensor(value)
            tf.raw_ops.AssignVariableOp(resource=place, value=value)


def _shared(array: np.ndarray) -> Any:
    return tf.experimental.dlpack.from_dlpack(array.__dlpack__())
