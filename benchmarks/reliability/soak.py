"""500 fits and 5,000 predictions in one process: tells what the process holds.

The work is that of a search that goes on and on: rounds of the same networks, more of
them than steps are kept, some under XLA; trained anew or further; passed
through pickle and files; and asked for any number of rows.
"""

import itertools
import pickle
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.shared.child import resident_bytes, tell
from skfashion import (
    FashionCNNClassifier,
    FashionMLPClassifier,
    load,
    load_fashion_sample,
    save,
)
from skfashion._backend import inference, step_cache

FITS = 500
PREDICTIONS_A_FIT = 10
# Fits between two looks at the process.
_EVERY = 5
_ROWS = (1, 3, 10, 100, 500)

_MLPS: list[dict[str, Any]] = [
    {"hidden_layer_sizes": sizes, "dropout": dropout, "batch_size": batch_size}
    for sizes, (dropout, batch_size) in itertools.product(
        [(32,), (64,), (100,), (64, 32)],
        # The last has more than 256 steps an epoch, so XLA compiles it.
        [(0.0, 32), (0.3, 64), (0.0, 4)],
    )
]
_CNNS: list[dict[str, Any]] = [
    {"filters": filters, "dense_sizes": (32,), "dropout": dropout}
    for filters, dropout in itertools.product([(4,), (8,), (4, 8)], [0.0, 0.3])
]
# Each has a step of its own, and so more than are kept.
_NETWORKS = [
    *((FashionMLPClassifier, params) for params in _MLPS),
    *((FashionMLPClassifier, {**params, "activation": "tanh"}) for params in _MLPS[:6]),
    *((FashionCNNClassifier, params) for params in _CNNS),
]


def main() -> None:
    """Fit and predict, and look at the process every few fits."""
    X, y = load_fashion_sample(return_X_y=True)
    draw = np.random.default_rng(0)
    networks = _rounds(draw)
    seen: dict[str, list[int]] = {}
    estimator: Any = None
    for fits in range(1, FITS + 1):
        rows = draw.permutation(len(X))[: draw.integers(1100, 1500)]
        # Of five fits three are new, and two train the last one further.
        if fits % 5 == 4:
            estimator.set_params(warm_start=True).fit(X[rows], y[rows])
        elif fits % 5 == 0:
            # It takes no early stopping, which needs all of the data.
            estimator.set_params(early_stopping=False).partial_fit(X[rows], y[rows])
        else:
            new = next(networks).set_params(random_state=fits)
            estimator = _passed_on(new.fit(X[rows], y[rows]), fits)
        for number in range(PREDICTIONS_A_FIT):
            # The usual numbers of rows in turn, and any number at all.
            n_rows = _ROWS[number] if number < len(_ROWS) else draw.integers(1, 500)
            start = draw.integers(len(X) - n_rows)
            estimator.predict(X[start : start + n_rows])
        if fits % _EVERY == 0:
            done = {"fits": fits, "predictions": fits * PREDICTIONS_A_FIT}
            for name, value in {**done, **_held()}.items():
                seen.setdefault(name, []).append(value)
    tell(seen)


def _rounds(draw: np.random.Generator) -> Iterator[Any]:
    """Make classifiers with all the networks, in another order each round."""
    while True:
        for number in draw.permutation(len(_NETWORKS)):
            kind, params = _NETWORKS[number]
            yield kind(
                **params,
                rescale=1 / 255,
                epochs=2,
                learning_rate=draw.uniform(1e-4, 1e-3),
                early_stopping=bool(draw.integers(2)),
            )


def _passed_on(fitted: Any, fits: int) -> Any:
    """Send a classifier through pickle, or a file, or neither."""
    if fits % 10 == 1:
        return pickle.loads(pickle.dumps(fitted))
    if fits % 10 == 2:
        with tempfile.TemporaryDirectory() as folder:
            return load(save(fitted, Path(folder, "model")))
    return fitted


def _held() -> dict[str, int]:
    """Count what the process holds now."""
    status = Path("/proc/self/status").read_text().splitlines()
    (threads,) = (line.split()[1] for line in status if line.startswith("Threads:"))
    return {
        "bytes": resident_bytes(),
        "threads": int(threads),
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "steps": step_cache.cache_info().currsize,
        # Traced forward passes; prediction tells their number to nobody else.
        "predictions": len(inference._kept),
    }


if __name__ == "__main__":
    main()
