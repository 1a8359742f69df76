"""Checks of parameters, as functions of their names and values."""

import contextlib
import inspect
import math
import secrets
from collections.abc import Callable
from numbers import Integral
from typing import Any

import numpy as np

from skfashion.exceptions import DataError, ParameterError

# Most that float32 holds, in which networks compute.
_MOST_FLOAT = float(np.finfo(np.float32).max)
# Scales of pixels and sums of weights that float32 holds with some room.
SMALLEST, LARGEST = 1e-30, 1e30
# Units or filters of a layer: more than any memory holds the weights of.
_MOST_UNITS = 2**20


def as_float(name: str, value: Any) -> float:
    """Turn a parameter that is a number, of whichever type, into a float."""
    number = math.inf
    with contextlib.suppress(OverflowError, TypeError, ValueError):
        number = float(value)
    if not abs(number) <= _MOST_FLOAT:
        raise ParameterError(
            f"{name}={value!r:.80} must be a number of {_MOST_FLOAT:.2g} at most."
        )
    return number


def as_numpy(name: str, values: Any) -> Any:
    """Take an array of another library, such as a tensor, as one of NumPy's."""
    if (
        isinstance(values, np.ndarray | np.generic)
        or not hasattr(values, "__array__")
        or hasattr(values, "iloc")
        or hasattr(values, "columns")
    ):
        return values
    try:
        array = np.asarray(values)
    except Exception as error:
        # Libraries raise errors of many types, for tensors on a GPU for example.
        kind = f"{type(values).__module__}.{type(values).__name__}"
        raise DataError(
            f"{name} is a {kind} that does not become a NumPy array: "
            f"{str(error).strip('.'):.200}; give one, as "
            f"{name}.detach().cpu().numpy() is for a torch tensor, after "
            f"{name} = {name}.float() where it is of bfloat16."
        ) from error
    # NumPy has no bfloat16 of its own.
    return array.astype(np.float32) if array.dtype.kind == "V" else array


def is_count(value: Any) -> bool:
    """Tell whether a value counts something."""
    is_integer = isinstance(value, Integral) and not isinstance(value, bool)
    return is_integer and value >= 1


def check_count(name: str, value: Any) -> None:
    """Refuse what does not count anything."""
    if not is_count(value):
        raise ParameterError(f"{name}={value!r} must be an integer of 1 or more.")


def check_builds(
    name: str, function: Callable[..., Any], params: dict[str, Any] | None = None
) -> None:
    """Refuse a function that does not take what networks are built from.

    SciKeras's, for one, takes a single argument.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # Some of those written in C tell nothing.
        return
    try:
        signature.bind((1, 1, 1), 2, **(params or {}))
    except TypeError as error:
        raise ParameterError(
            f"{name}={function!r:.80} cannot be called as {name}(image_shape, "
            f"n_classes): {error}; give a function of these two arguments."
        ) from error


def layer_sizes(name: str, sizes: Any, *, at_least: int = 0) -> tuple[int, ...]:
    """Check a parameter that lists layers and return it as a tuple of int."""
    listed = tuple(sizes) if np.iterable(sizes) else (sizes,)
    if len(listed) < at_least or not all(
        is_count(size) and size <= _MOST_UNITS for size in listed
    ):
        raise ParameterError(
            f"{name}={sizes!r} must be an integer of 1 or more, or a sequence of "
            f"{'them' if at_least == 0 else 'at least one of them'}, none above "
            f"{_MOST_UNITS:,}."
        )
    return tuple(int(size) for size in listed)


def draw_seed(random_state: Any) -> int:
    """Turn a ``random_state`` into one integer; None gives a new one each time.

    None asks the operating system, not NumPy's global generator, which is left
    as it was.
    """
    if random_state is None:
        return secrets.randbits(32)
    if isinstance(random_state, Integral):
        return int(random_state)
    return int(random_state.randint(2**31))
