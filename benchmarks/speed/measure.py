"""The measuring of one row: a child process in which the competitors alternate."""

import gc
import os
import resource
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.shared import child

__all__ = ["measure"]

_QUICK_IMAGES = 2000


def measure(name: str, *, repeat: int, quick: bool) -> dict[str, Any]:
    """Measure a row in a fresh process; also when, and beside how much other work."""
    taken = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
    load = os.getloadavg()[0]
    before = _processor_seconds()
    result = child.run(
        *("-m", "benchmarks.speed.measure", name, str(repeat), str(int(quick)))
    )
    total, busy, stolen, own = (
        after - start for after, start in zip(_processor_seconds(), before, strict=True)
    )
    return {
        "taken": taken,
        "load": load,
        "others": max(0.0, busy - own) / total,
        "stolen": stolen / total,
        **result,
    }


def alternate(
    rounds: dict[str, Callable[[], list[float]]], repeat: int
) -> dict[str, list[list[float]]]:
    """Run each competitor in turn, again and again, after a turn that warms up."""
    figures: dict[str, list[list[float]]] = {name: [] for name in rounds}
    for turn in range(repeat + 1):
        for name, run in rounds.items():
            gc.collect()
            taken = run()
            if turn:
                figures[name].append(taken)
    return figures


def main(name: str, repeat: int, quick: bool) -> None:
    """Be the child: measure a row and tell what came out."""
    from sklearn.exceptions import ConvergenceWarning

    from benchmarks.speed.rows import ROWS

    # MLPClassifier says so whenever it has run all its epochs.
    warnings.simplefilter("ignore", ConvergenceWarning)
    row = ROWS[name]
    n_images = min(row.n_images, _QUICK_IMAGES) if quick else row.n_images
    rounds = {
        one.name: row.task(one, row.network, n_images)
        for one in row.competitors
        if one.installed
    }
    turns = repeat if quick else max(repeat, row.least_rounds)
    child.tell({"n_images": n_images, "figures": alternate(rounds, turns)})


def _processor_seconds() -> tuple[float, float, float, float]:
    """Count what all cores did so far: in all, busy, stolen, and for our children."""
    fields = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    ticks = [int(value) / os.sysconf("SC_CLK_TCK") for value in fields]
    user, nice, system, idle, waiting, interrupts, soft_interrupts, stolen = ticks
    busy = user + nice + system + interrupts + soft_interrupts
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = children.ru_utime + children.ru_stime
    return busy + idle + waiting + stolen, busy, stolen, own


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), bool(int(sys.argv[3])))
