"""How large images may be: an epoch of the default CNN, in seconds and in memory.

Images in colour of several sizes, each in a process of its own, whose most memory is
read when it has fitted and when it has predicted.
"""

import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.newcomer.parts import BUSY, NOT_MEASURED, Part, run
from benchmarks.shared import machine
from benchmarks.shared.child import run as run_child
from benchmarks.shared.child import tell
from benchmarks.shared.markdown import table
from benchmarks.shared.results import say
from skfashion import FashionCNNClassifier

__all__ = ["PART", "SIDES"]

SIDES = (28, 64, 128, 224)
_N_IMAGES = 1_000
_REPEATS = 3
_CNN = FashionCNNClassifier()
# Epochs but the first and the last have a part of the rows.
_WHOLE_EPOCHS = 2 + _CNN.subsample * (_CNN.epochs - 2)


def _main() -> None:
    results: dict[str, Any] = {"n_images": _N_IMAGES, "sides": {}}
    results["load_before"] = os.getloadavg()[0]
    for side in SIDES:
        found = run_child("-m", "benchmarks.newcomer.sizes", "--of", str(side))
        results["sides"][str(side)] = found
        say(f"{side}x{side}: {found}")
    results["machine"] = machine.describe()
    PART.keep(results)


def _measure(side: int) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    shape = _N_IMAGES, side, side, 3
    X = rng.integers(256, size=shape, dtype=np.uint8)
    y = rng.integers(10, size=_N_IMAGES)
    clf = FashionCNNClassifier(epochs=1, rescale=1 / 255, random_state=0)
    # The first fit traces and compiles.
    clf.fit(X, y)
    seconds = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        clf.fit(X, y)
        seconds.append(time.perf_counter() - start)
    fitted = _most_bytes()
    # The first call traces.
    clf.predict(X)
    start = time.perf_counter()
    clf.predict(X)
    predicting = time.perf_counter() - start
    return {
        "seconds": seconds,
        "predict_seconds": predicting,
        "fit_bytes": fitted,
        "bytes": _most_bytes(),
    }


def _most_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _to_markdown(kept: dict[str, Any]) -> str:
    if not kept:
        return NOT_MEASURED
    rows = []
    for side, found in kept["sides"].items():
        epoch = float(np.median(found["seconds"]))
        rows.append(
            [
                f"{side}x{side}",
                f"{epoch:.2g} s",
                _time(epoch * 10 * _WHOLE_EPOCHS),
                f"{found['fit_bytes'] / 1e9:.1f} GB",
                f"{1000 * found['predict_seconds'] / kept['n_images']:.2g} ms",
                f"{found['bytes'] / 1e9:.1f} GB",
            ]
        )
    head = [
        "pixels, in colour",
        f"an epoch of {kept['n_images']:,} images",
        "so a fit of 10,000",
        "memory of the fit",
        "predicting one of many",
        "memory of that",
    ]
    here = kept["machine"]
    busy = kept.get("load_before", BUSY) >= BUSY
    beside = ", beside much other work, which makes the times longer" if busy else ""
    return "\n".join(
        [
            table(head, rows, numbers=" rrrrr"),
            "",
            "`FashionCNNClassifier(rescale=1 / 255)` on bytes; memory is the most that",
            "the whole process held, TensorFlow included. On "
            f"{here['cores']} cores of {here['processor']},",
            f"on {here['date']}{beside}, by `python -m benchmarks.newcomer.sizes`.",
        ]
    )


def _time(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 6_000:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


PART = Part(
    "docs/choosing.md",
    "image sizes",
    Path(__file__).with_name("sizes.json"),
    _to_markdown,
)

if __name__ == "__main__":
    if sys.argv[1:2] == ["--of"]:
        tell(_measure(int(sys.argv[2])))
    else:
        run(_main, PART)
