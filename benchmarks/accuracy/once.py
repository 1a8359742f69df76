"""One training of one set-up in a process of its own: what came of it, as JSON.

The test images are read once, after the last epoch. The first fit of a process pays
for tracing and compiling, as a user's does.
"""

import sys
import time
from typing import Any

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.metrics import accuracy_score, log_loss

from benchmarks.accuracy.setups import TUTORIAL, forward_flops, make
from benchmarks.shared.child import tell
from skfashion import fetch_fashion_mnist
from skfashion.metrics import expected_calibration_error

__all__ = ["CALIBRATED", "VIEWS"]

CALIBRATED = "calibrated"
VIEWS = (1, 2, 3, 6)
# Training images that temperatures are fitted on, of those fits alone.
_HELD_OUT = 6000


def _train() -> tuple[np.ndarray, np.ndarray]:
    return fetch_fashion_mnist(return_X_y=True)


def _test() -> tuple[np.ndarray, np.ndarray]:
    return fetch_fashion_mnist(subset="test", return_X_y=True)


def _figures(estimator: Any, X: np.ndarray, y: np.ndarray) -> dict[str, float]:
    start = time.perf_counter()
    probabilities = estimator.predict_proba(X)
    seconds = time.perf_counter() - start
    return {
        "accuracy": accuracy_score(y, probabilities.argmax(axis=1)),
        "log_loss": log_loss(y, probabilities),
        "calibration_error": expected_calibration_error(y, probabilities),
        "microseconds_an_image": seconds / len(y) * 1e6,
    }


def _measure(name: str, seed: int) -> dict[str, Any]:
    """Fit on all training images; figures of the test images, by the views."""
    pipeline = make(name, seed)
    X, y = _train()
    start = time.perf_counter()
    pipeline.fit(X, y)
    seconds = time.perf_counter() - start
    config = pipeline["clf"]._fitted_network.config
    X_test, y_test = _test()
    views = {}
    for n_views in VIEWS:
        pipeline["clf"].set_params(n_views=n_views)
        pipeline.predict_proba(X_test[:100])
        views[str(n_views)] = _figures(pipeline, X_test, y_test)
    return {
        "seconds": seconds,
        "epochs": pipeline["clf"].n_iter_,
        "weights": config.n_weights,
        "flops": forward_flops(config),
        "views": views,
    }


def _measure_calibrated(name: str, seed: int) -> dict[str, Any]:
    """Fit on all but the last training images, and a temperature on those."""
    X, y = _train()
    pipeline = make(name, seed).fit(X[:-_HELD_OUT], y[:-_HELD_OUT])
    calibrated = CalibratedClassifierCV(FrozenEstimator(pipeline), method="temperature")
    calibrated.fit(X[-_HELD_OUT:], y[-_HELD_OUT:])
    test = _test()
    return {"plain": _figures(pipeline, *test), CALIBRATED: _figures(calibrated, *test)}


def _measure_tutorial(seed: int) -> dict[str, Any]:
    import keras

    from benchmarks.recipes.tutorials import TUTORIALS

    X, y = _train()
    keras.utils.set_random_seed(seed)
    start = time.perf_counter()
    model, _, prepare = TUTORIALS["cnn"](X.reshape(-1, 28, 28), y)
    seconds = time.perf_counter() - start
    X_test, y_test = _test()
    probabilities = model.predict(prepare(X_test.reshape(-1, 28, 28)), verbose=0)
    accuracy = accuracy_score(y_test, probabilities.argmax(axis=1))
    return {"seconds": seconds, "accuracy": accuracy}


if __name__ == "__main__":
    what, name, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if what == CALIBRATED:
        tell(_measure_calibrated(name, seed))
    elif name == TUTORIAL:
        tell(_measure_tutorial(seed))
    else:
        tell(_measure(name, seed))
