"""The cache of compiled steps, which fits of equal configs share."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from skfashion._backend.compiled_step import Arrays, CompiledStep
from skfashion._backend.optimizers import OptimizerConfig
from skfashion._backend.runtime import forget_kernels

__all__ = ["CacheInfo", "borrow", "cache_clear", "cache_info"]

# Idle steps kept, and most bytes of variables they may hold.
_MAX_IDLE = 16
# Those under XLA count apart: what it compiled for a step stays for good, and the
# next step of that config would leave as much again.
_MAX_XLA = 64
_MAX_BYTES = 2**29
# Steps dropped between two times that TensorFlow is made to forget them.
_FORGET_EVERY = 4


class CacheInfo(NamedTuple):
    """What the cache has done, as ``functools.lru_cache`` tells it."""

    hits: int
    misses: int
    maxsize: int
    currsize: int


_lock = threading.Lock()
_idle: "OrderedDict[Hashable, list[CompiledStep]]" = OrderedDict()
_counts = {"hits": 0, "misses": 0, "dropped": 0}


@contextmanager
def borrow(
    config: Any,
    optimizer: OptimizerConfig,
    arrays: Arrays,
    batch_size: int | None,
    tells_rows: bool = False,
) -> Iterator[CompiledStep]:
    """Lend the compiled step of a config to one fit at a time; see ``CompiledStep``.

    Two fits of one config at the same time get a step each. One whose fit fails is
    dropped.
    """
    types = tuple((array.dtype.str, array.shape[1:]) for array in arrays)
    kind = batch_size, tells_rows
    key = (config.without_values(), optimizer.key, types, *kind)
    step = _take(key) or CompiledStep(config, optimizer, arrays, *kind)
    yield step
    _give(key, step)


def cache_info() -> CacheInfo:
    """Tell the use and the size of the cache."""
    with _lock:
        return CacheInfo(
            _counts["hits"],
            _counts["misses"],
            _MAX_IDLE + _MAX_XLA,
            len(_all_idle()),
        )


def cache_clear() -> None:
    """Drop all idle steps and start the counts anew."""
    with _lock:
        _idle.clear()
        _counts.update(hits=0, misses=0, dropped=0)
        forget_kernels()


def _take(key: Hashable) -> CompiledStep | None:
    with _lock:
        steps = _idle.get(key)
        if steps is None:
            _counts["misses"] += 1
            return None
        _counts["hits"] += 1
        step = steps.pop()
        if not steps:
            del _idle[key]
        return step


def _give(key: Hashable, step: CompiledStep) -> None:
    with _lock:
        _idle.setdefault(key, []).append(step)
        _idle.move_to_end(key)
        while (oldest := _surplus()) is not None:
            _idle[oldest].pop()
            if not _idle[oldest]:
                del _idle[oldest]
            _counts["dropped"] += 1
            if _counts["dropped"] % _FORGET_EVERY == 0:
                # Steps that are gone leave theirs behind.
                forget_kernels()


def _all_idle() -> list[CompiledStep]:
    return [step for steps in _idle.values() for step in steps]


def _surplus() -> Hashable | None:
    """Find the key of a step too many, the one unused for the longest time."""
    for under_xla, most in ((False, _MAX_IDLE), (True, _MAX_XLA)):
        keys = [
            k for k, held in _idle.items() for s in held if s.under_xla == under_xla
        ]
        if len(keys) > most:
            return keys[0]
    steps = _all_idle()
    if len(steps) > 1 and sum(step.nbytes for step in steps) > _MAX_BYTES:
        return next(iter(_idle))
    return None
