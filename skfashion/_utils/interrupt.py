"""Ctrl-C where it has to wait: for the end of an epoch, or of an import."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def finishing_epochs() -> Iterator[Callable[[], bool]]:
    """Take the first Ctrl-C as a wish to stop after the epoch; a second one raises.

    Where someone else handles the signal, or in a thread that cannot, it is left
    alone.

    Yields
    ------
    callable
        Tells whether Ctrl-C was pressed.
    """
    pressed = threading.Event()

    def press(number: int, frame: Any) -> None:
        if pressed.is_set():
            signal.default_int_handler(number, frame)
        pressed.set()

    with _taken_over(press):
        yield pressed.is_set


@contextmanager
def finishing_imports() -> Iterator[None]:
    """Have Ctrl-C raise afterwards: half a TensorFlow would be there for good."""
    pressed = threading.Event()
    with _taken_over(lambda *_: pressed.set()):
        yield
    if pressed.is_set():
        raise KeyboardInterrupt


@contextmanager
def _taken_over(press: Callable[[int, Any], None]) -> Iterator[None]:
    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if ours:
        signal.signal(signal.SIGINT, press)
    try:
        yield
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
