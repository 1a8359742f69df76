"""What a process allows: how many threads, and whether TensorFlow works after a fork.

Light on purpose: it has to be imported before TensorFlow starts, and a fork, to
tell afterwards what a child took over.
"""

import os
import sys

from skfashion.exceptions import ForkError

_forked_after_start = False


def thread_limit() -> int | None:
    """Tell how many threads the environment leaves to this process.

    Returns
    -------
    int or None
        The number in ``OMP_NUM_THREADS``; None if it does not limit anything: unset,
        not a number, or no lower than the number of cores.
    """
    # A list has a number for each level of nesting: the first is the outermost.
    first = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    if not first.isdecimal():
        return None
    return int(first) if 0 < int(first) < cores() else None


def useless_after_fork() -> bool:
    """Tell whether this process was forked from one where TensorFlow had started."""
    return _forked_after_start


def refuse_after_fork() -> None:
    """Raise where TensorFlow would wait for ever for threads that a fork left behind.

    Raises
    ------
    ForkError
        If this process was forked from one where TensorFlow had started.
    """
    if _forked_after_start:
        raise ForkError(
            "TensorFlow cannot work here: it had started in the process that this one "
            "was forked from. Start processes by 'spawn', as "
            "multiprocessing.get_context('spawn') does, or use joblib with its "
            "default backend, 'loky'."
        )


def cores() -> int:
    """Count the cores that TensorFlow counts: those this process may run on."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _note_fork() -> None:
    global _forked_after_start
    # Whoever started it: the caller may have, before any classifier was fitted. An
    # import alone starts no threads, and a child may go on from there.
    eager = sys.modules.get("tensorflow.python.eager.context")
    context = getattr(eager, "_context", None)
    _forked_after_start |= getattr(context, "_context_handle", None) is not None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_note_fork)
