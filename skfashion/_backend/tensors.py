"""Arrays handed to TensorFlow with one copy at most, and back without any."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from skfashion._backend.runtime import tf
from skfashion._utils.memory import ALIGNMENT, aligned, aligned_copy

__all__ = ["as_tensor", "assign", "pad", "read", "reader", "share", "take"]


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


def take(array: np.ndarray, rows: np.ndarray, n_rows: int) -> Any:
    """Copy some rows of an array to where TensorFlow uses them.

    Parameters
    ----------
    array : ndarray
        Of any shape and numeric type; a ``numpy.memmap``, for one.
    rows : ndarray of int
        Numbers of rows that exist.
    n_rows : int
        Rows of the tensor; what stands beyond those taken is anything.

    Returns
    -------
    tf.Tensor
        The rows, in that order.
    """
    out = aligned((n_rows, *array.shape[1:]), array.dtype)
    # The rows are all there, and only "clip" writes straight to its place.
    np.take(array, rows, axis=0, out=out[: len(rows)], mode="clip")
    return _shared(out)


def pad(array: np.ndarray, n_rows: int) -> Any:
    """Copy an array to the first rows of a tensor; what stands beyond is anything."""
    out = aligned((n_rows, *array.shape[1:]), array.dtype)
    out[: len(array)] = array
    return _shared(out)


def read(variables: Iterable[Any]) -> list[Any]:
    """Read Keras variables as tensors, which share their memory until they change.

    TensorFlow gives a variable new memory when it changes while a tensor still uses
    the old.
    """
    # A quarter of the time of variable.numpy().
    return [
        tf.raw_ops.ReadVariableOp(
            resource=variable.value.handle, dtype=variable.value.dtype
        )
        for variable in variables
    ]


def reader(variables: Iterable[Any]) -> Callable[[], list[Any]]:
    """Make a function that reads Keras variables again and again, as ``read`` does."""
    places = [(variable.value.handle, variable.value.dtype) for variable in variables]
    operation = tf.raw_ops.ReadVariableOp
    return lambda: [operation(resource=held, dtype=dtype) for held, dtype in places]


def assign(variables: Sequence[Any], values: Iterable[Any]) -> None:
    """Give Keras variables the values of tensors, or of arrays, which are copied."""
    for variable, value in zip(variables, values, strict=True):
        if isinstance(value, np.ndarray):
            # Training writes where the variable stands.
            value = as_tensor(value)
        if value.shape != variable.shape or value.dtype != variable.value.dtype:
            raise ValueError(
                f"{variable.path} is of shape {tuple(variable.shape)} and type "
                f"{variable.dtype}, not {tuple(value.shape)} and {value.dtype.name}"
            )
        # Keras's own assign takes six times as long, and a fit has forty of them.
        tf.raw_ops.AssignVariableOp(resource=variable.value.handle, value=value)


def _shared(array: np.ndarray) -> Any:
    return tf.experimental.dlpack.from_dlpack(array.__dlpack__())
