"""Ctrl-C while training: the epoch is finished, and what there is is kept."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["finishing_epochs"]


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
    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    pressed = threading.Event()

    def press(number: int, frame: Any) -> None:
        if pressed.is_set():
            signal.default_int_handler(number, frame)
        pressed.set()

    if ours:
        signal.signal(signal.SIGINT, press)
    try:
        yield pressed.is_set
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)
