"""The tasks: each prepares one competitor and returns what one round of it does.

A round returns its figures, in seconds or, for memory, in bytes.
"""

import functools
import itertools
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.shared import child
from benchmarks.shared.data import load
from benchmarks.speed.competitors import Trainer
from benchmarks.speed.network import Network

__all__ = [
    "Round",
    "again",
    "clone_fit",
    "cross_validation",
    "epochs",
    "first_fit",
    "growth",
    "import_time",
    "peak_memory",
    "predict",
    "search",
    "second_fit",
]

Round = Callable[[], list[float]]

_EPOCHS = 3
_SEARCH_EPOCHS = 3
_SEARCH_FOLDS = 3
_FOLDS = 20
_FITTED_ON = 2000
_MOST_CALLS = 300
_FEWEST_CALLS = 5
_IMPORTS = {
    "skfashion": "import skfashion",
    "skfashion, its classes": "from skfashion import "
    "FashionCNNClassifier, FashionMLPClassifier, PixelScaler",
}


def epochs(competitor: Trainer, network: Network, n_images: int) -> Round:
    """Steady seconds an epoch: the first of each fit, which compiles, is dropped."""
    X, y = _images(competitor, network, n_images)
    return lambda: competitor.epoch_seconds(network, X, y, _EPOCHS)


def second_fit(competitor: Trainer, network: Network, n_images: int) -> Round:
    """Fit a network that the warm-up has fitted before."""
    X, y = _images(competitor, network, n_images)
    return lambda: [_seconds(competitor.fit, network, X, y, 1)]


def clone_fit(competitor: Trainer, network: Network, n_images: int) -> Round:
    """Clone an estimator and fit the clone, as a search does for every candidate."""
    from sklearn.base import clone

    X, y = _images(competitor, network, n_images)
    estimator = competitor.estimator(network, 1)
    return again(lambda: clone(estimator).fit(X, y))


def cross_validation(competitor: Trainer, network: Network, n_images: int) -> Round:
    """Score one network on many folds, each with a fit of its own."""
    from sklearn.model_selection import cross_val_score

    X, y = _images(competitor, network, n_images)
    validate = functools.partial(cross_val_score, cv=_FOLDS, error_score="raise")
    estimator = competitor.estimator(network, 1)
    return lambda: [_seconds(validate, estimator, X, y)]


def first_fit(competitor: Trainer, network: Network, n_images: int) -> Round:
    """Fit a network that the process has not seen: one a round."""
    X, y = _images(competitor, network, n_images)
    rounds = itertools.count()

    def fit_another() -> list[float]:
        fresh = network.widened(next(rounds))
        return [_seconds(competitor.fit, fresh, X, y, 1)]

    return fit_another


def search(competitor: Trainer, network: Network, n_images: int) -> Round:
    """Search over three hidden sizes, new ones each round as in a new process."""
    from sklearn.model_selection import GridSearchCV

    X, y = _images(competitor, network, n_images)
    rounds = itertools.count()

    def search_anew() -> list[float]:
        more = next(rounds)
        sizes = [(32 + more,), (100 + more,), (300 + more, 100)]
        grid = GridSearchCV(
            competitor.estimator(network, _SEARCH_EPOCHS),
            {competitor.sizes_parameter: sizes},
            cv=_SEARCH_FOLDS,
            n_jobs=1,
            error_score="raise",
        )
        return [_seconds(grid.fit, X, y)]

    return search_anew


def predict(competitor: Trainer, network: Network, n_images: int) -> Round:
    """Predict probabilities with a network that was fitted before."""
    n_fitted = max(n_images, _FITTED_ON)
    X, y = _images(competitor, network, n_fitted)
    fitted = competitor.fit(network, X[:_FITTED_ON], y[:_FITTED_ON], 1)
    return again(competitor.predict, fitted, X[:n_images])


def again(function: Callable[..., Any], *args: Any) -> Round:
    """Call again and again for about a second; the median call."""

    def call_again() -> list[float]:
        first = _seconds(function, *args)
        calls = min(max(int(1 / first), _FEWEST_CALLS), _MOST_CALLS)
        return [statistics.median(_seconds(function, *args) for _ in range(calls))]

    return call_again


def import_time(competitor: Trainer, network: Network, n_images: int) -> Round:  # noqa: ARG001
    """Import the package in a fresh interpreter that has scikit-learn's base."""
    script = (
        "import time, sklearn.base; start = time.perf_counter(); "
        f"{_IMPORTS[competitor.name]}; print(time.perf_counter() - start)"
    )
    return lambda: [child.run("-c", script)]


def peak_memory(competitor: Trainer, network: Network, n_images: int) -> Round:  # noqa: ARG001
    """Fit one epoch in a fresh process; the most memory that it ever held."""
    command = ("-m", "benchmarks.speed.memory", competitor.name, str(n_images))
    return lambda: [child.run(*command)]


def growth(competitor: Trainer, network: Network, n_images: int) -> Round:  # noqa: ARG001
    """Fit 200 networks in a fresh process; by how much it grew after 20."""
    command = ("-m", "benchmarks.speed.growth", competitor.name, str(n_images))
    return lambda: [child.run(*command)]


def _images(
    competitor: Trainer, network: Network, n_images: int
) -> tuple[np.ndarray, np.ndarray]:
    images = load(n_images)
    return competitor.inputs(images, network), images.labels


def _seconds(function: Callable[..., Any], *args: Any) -> float:
    start = time.perf_counter()
    function(*args)
    return time.perf_counter() - start
