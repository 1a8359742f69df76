"""The caller's Keras callbacks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from skfashion.exceptions import ParameterError

__all__ = ["callbacks_of"]


@contextmanager
def callbacks_of(given: Any) -> Iterator[list[Any]]:
    """List the callbacks of one fit, and have them let go of the model afterwards.

    Parameters
    ----------
    given : list of keras.callbacks.Callback, one of them, or None
        The caller's own.

    Yields
    ------
    list of keras.callbacks.Callback
        Them.

    Raises
    ------
    ParameterError
        If something else is among them.
    """
    several = isinstance(given, list | tuple)
    callbacks = list(given) if several else [] if given is None else [given]
    if not callbacks:
        yield []
        return
    from skfashion._backend.runtime import keras

    for callback in callbacks:
        if not isinstance(callback, keras.callbacks.Callback):
            raise ParameterError(
                f"callbacks holds {callback!r}, which is not a "
                "keras.callbacks.Callback."
            )
    try:
        yield callbacks
    finally:
        for callback in callbacks:
            # A callback that kept the model would be copied and pickled with it.
            # The base class's method, for some do work in one of their own.
            keras.callbacks.Callback.set_model(callback, None)
