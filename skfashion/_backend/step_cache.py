"""The pool of compiled programs, which fits of equal architecture share."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from skfashion._backend.compiled_step import Arrays, Program
from skfashion._backend.fingerprint import fingerprint
from skfashion._backend.runtime import forget_kernels, keras

__all__ = ["CacheInfo", "borrow", "cache_clear", "cache_info"]

# Idle programs kept, and most bytes of variables they may hold.
_MAX_IDLE = 16
# Those under XLA count apart: what it compiled for a program stays for good, and the
# next program of that architecture would leave as much again.
_MAX_XLA = 64
_MAX_BYTES = 2**29
# Programs dropped between two times that TensorFlow is made to forget them.
_FORGET_EVERY = 4


class CacheInfo(NamedTuple):
    """What the pool has done, as ``functools.lru_cache`` tells it."""

    hits: int
    misses: int
    maxsize: int
    currsize: int


_lock = threading.Lock()
_idle: "OrderedDict[str, list[Program]]" = OrderedDict()
_counts = {"hits": 0, "misses": 0, "dropped": 0}


@contextmanager
def borrow(
    model: keras.Model, arrays: Arrays, batch_size: int | None
) -> Iterator[Program]:
    """Lend the program of a model to one fit at a time; see ``Program``.

    Two fits of one architecture at the same time get a program each. One whose fit
    fails is dropped.
    """
    types = [(str(array.dtype), array.shape[1:]) for array in arrays]
    key = f"{types} {batch_size} {fingerprint(model, compiled=True)}"
    program = _take(key) or Program(model, arrays, batch_size)
    yield program
    _give(key, program)


def cache_info() -> CacheInfo:
    """Tell the use and the size of the pool."""
    with _lock:
        return CacheInfo(
            _counts["hits"],
            _counts["misses"],
            _MAX_IDLE + _MAX_XLA,
            len(_all_idle()),
        )


def cache_clear() -> None:
    """Drop all idle programs and start the counts anew."""
    with _lock:
        _idle.clear()
        _counts.update(hits=0, misses=0, dropped=0)
        forget_kernels()


def _take(key: str) -> Program | None:
    with _lock:
        programs = _idle.get(key)
        if programs is None:
            _counts["misses"] += 1
            return None
        _counts["hits"] += 1
        program = programs.pop()
        if not programs:
            del _idle[key]
        return program


def _give(key: str, program: Program) -> None:
    with _lock:
        _idle.setdefault(key, []).append(program)
        _idle.move_to_end(key)
        while (oldest := _surplus()) is not None:
            _idle[oldest].pop()
            if not _idle[oldest]:
                del _idle[oldest]
            _counts["dropped"] += 1
            if _counts["dropped"] % _FORGET_EVERY == 0:
                # Programs that are gone leave theirs behind.
                forget_kernels()


def _all_idle() -> list[Program]:
    return [program for programs in _idle.values() for program in programs]


def _surplus() -> str | None:
    """Find the key of a program too many, the one unused for the longest time."""
    for under_xla, most in ((False, _MAX_IDLE), (True, _MAX_XLA)):
        keys = [k for k, ps in _idle.items() for p in ps if p.under_xla == under_xla]
        if len(keys) > most:
            return keys[0]
    programs = _all_idle()
    if len(programs) > 1 and sum(p.nbytes for p in programs) > _MAX_BYTES:
        return next(iter(_idle))
    return None
