"""Notices who may have changed variables, so that they need not be read again."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from skfashion._backend.runtime import keras, tf

__all__ = ["Watch"]

# Seconds after someone took hold of a variable in which he may still change it.
_A_WHILE = 1.0


class Watch:
    """Notices when somebody takes hold of variables.

    To change a variable, an operation needs its handle. Who takes it outside of a graph
    uses it at once; a graph keeps it, and may change the variable at any time.

    Parameters
    ----------
    variables : sequence of keras.Variable
        Whose TensorFlow variables are made to tell.
    """

    def __init__(self, variables: Sequence[keras.Variable]) -> None:
        self._taken_at: float | None = None
        self._in_a_graph = False
        self._trusted: int | None = None
        for variable in variables:
            watched = variable.value
            watched.__class__ = _watched(type(watched))
            watched._skfashion_watch = self

    def notice(self) -> None:
        """Be told that somebody takes hold of a variable."""
        if threading.get_ident() == self._trusted:
            return
        self._taken_at = time.monotonic()
        self._in_a_graph |= not tf.executing_eagerly()

    @contextmanager
    def unnoticed(self) -> Iterator[None]:
        """Let this thread take hold of the variables, and change none."""
        self._trusted = threading.get_ident()
        yield
        self._trusted = None

    def may_have_changed(self) -> bool:
        """Whether somebody may have changed a variable, lately or at any time."""
        taken_at = self._taken_at
        if taken_at is not None and time.monotonic() - taken_at > _A_WHILE:
            self._taken_at = None
        return taken_at is not None or self._in_a_graph


_kinds: dict[type, type] = {}


def _watched(kind: type) -> type:
    if kind not in _kinds:

        def handle(self: Any) -> Any:
            self._skfashion_watch.notice()
            return kind.handle.fget(self)  # type: ignore[attr-defined]

        # Of the same name, for that is what TensorFlow and Keras go by.
        _kinds[kind] = type(kind)(kind.__name__, (kind,), {"handle": property(handle)})
    return _kinds[kind]
