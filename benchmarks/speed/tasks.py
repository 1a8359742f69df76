"""The tasks: each prepares one contestant and returns what one round of it does.

A round returns its figures, in seconds or, for memory, in bytes.
"""

import itertools
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

from benchmarks.shared.data import load
from benchmarks.speed.contestants import Contestant
from benchmarks.speed.network import Network

__all__ = [
    "Round",
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
_FITTED_ON = 2000
_MOST_CALLS = 300
_FEWEST_CALLS = 5
_IMPORTS = {
    "skfashion": "import skfashion",
    "skfashion, its classes": "from skfashion import "
    "FashionCNNClassifier, FashionMLPClassifier, PixelScaler",
}


def epochs(contestant: Contestant, network: Network, n_images: int) -> Round:
    """Steady seconds an epoch: the first of each fit, which compiles, is dropped."""
    images = load(n_images)
    X = contestant.inputs(images, network)
    return lambda: contestant.epoch_seconds(network, X, images.labels, _EPOCHS)


def second_fit(contestant: Contestant, network: Network, n_images: int) -> Round:
    """Fit an architecture that the warm-up has fitted before."""
    images = load(n_images)
    X = contestant.inputs(images, network)
    return lambda: [_seconds(contestant.fit, network, X, images.labels, 1)]


def first_fit(contestant: Contestant, network: Network, n_images: int) -> Round:
    """Fit an architecture that the process has not seen: one a round."""
    images = load(n_images)
    X = contestant.inputs(images, network)
    rounds = itertools.count()

    def fit_another() -> list[float]:
        fresh = network.widened(next(rounds))
        return [_seconds(contestant.fit, fresh, X, images.labels, 1)]

    return fit_another


def search(contestant: Contestant, network: Network, n_images: int) -> Round:
    """Search over three hidden sizes, new ones each round as in a new process."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.model_selection import GridSearchCV

    images = load(n_images)
    X = contestant.inputs(images, network)
    rounds = itertools.count()

    def search_anew() -> list[float]:
        more = next(rounds)
        sizes = [(32 + more,), (100 + more,), (300 + more, 100)]
        grid = GridSearchCV(
            contestant.estimator(network, _SEARCH_EPOCHS),
            {contestant.sizes_parameter: sizes},
            cv=_SEARCH_FOLDS,
            n_jobs=1,
            error_score="raise",
        )
        with warnings.catch_warnings():
            # MLPClassifier says so whenever it has run all its epochs.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return [_seconds(grid.fit, X, images.labels)]

    return search_anew


def predict(contestant: Contestant, network: Network, n_images: int) -> Round:
    """Predict probabilities again and again for about a second; the median call."""
    n_fitted = max(n_images, _FITTED_ON)
    images = load(n_fitted)
    X = contestant.inputs(images, network)
    fitted = contestant.fit(network, X[:_FITTED_ON], images.labels[:_FITTED_ON], 1)
    asked = X[:n_images]

    def call_again() -> list[float]:
        first = _seconds(contestant.predict, fitted, asked)
        calls = min(max(int(1 / first), _FEWEST_CALLS), _MOST_CALLS)
        taken = [_seconds(contestant.predict, fitted, asked) for _ in range(calls)]
        return [statistics.median(taken)]

    return call_again


def import_time(contestant: Contestant, network: Network, n_images: int) -> Round:  # noqa: ARG001
    """Import the package in a fresh interpreter that has scikit-learn's base."""
    script = (
        "import time, sklearn.base; start = time.perf_counter(); "
        f"{_IMPORTS[contestant.name]}; print(time.perf_counter() - start)"
    )
    return lambda: [float(_output("-c", script))]


def peak_memory(contestant: Contestant, network: Network, n_images: int) -> Round:  # noqa: ARG001
    """Fit one epoch in a fresh process; the most memory that it ever held."""
    module = "benchmarks.speed.memory"
    return lambda: [float(_output("-m", module, contestant.name, str(n_images)))]


def growth(contestant: Contestant, network: Network, n_images: int) -> Round:  # noqa: ARG001
    """Fit 200 architectures in a fresh process; by how much it grew after 20."""
    child = ("-m", "benchmarks.speed.growth", "growth", contestant.name, str(n_images))
    return lambda: [float(_output(*child))]


def _seconds(function: Callable[..., Any], *args: Any) -> float:
    start = time.perf_counter()
    function(*args)
    return time.perf_counter() - start


def _output(*args: str) -> str:
    """Run a fresh interpreter; the last line that it prints."""
    done = subprocess.run([sys.executable, *args], stdout=subprocess.PIPE, check=True)
    return done.stdout.decode().splitlines()[-1]
