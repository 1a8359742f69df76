"""What mixed precision does to time and accuracy: both classifiers, their defaults.

Trains on the first 50,000 training images and scores on the other 10,000, by three
seeds, float32 and mixed bfloat16 taking turns. The figures join results.json.
"""

import statistics
import time
from typing import Any

from benchmarks.shared.data import load
from benchmarks.speed.run import REPORT, here

_SEEDS = (0, 1, 2)
_TRAINED_ON = 50_000
_IMAGES = 60_000
_POLICIES = ("float32", "mixed_bfloat16")


def main() -> None:
    """Measure, store and write the page anew."""
    from skfashion import FashionCNNClassifier, FashionMLPClassifier

    images = load(_IMAGES)
    X, y = images.floats, images.labels
    taken = []
    for kind in (FashionMLPClassifier, FashionCNNClassifier):
        figures: dict[str, dict[str, list[float]]] = {
            policy: {"seconds": [], "accuracy": []} for policy in _POLICIES
        }
        for seed in _SEEDS:
            for policy in _POLICIES:
                estimator = kind(dtype_policy=policy, random_state=seed)
                start = time.perf_counter()
                estimator.fit(X[:_TRAINED_ON], y[:_TRAINED_ON])
                seconds = time.perf_counter() - start
                score = estimator.score(X[_TRAINED_ON:], y[_TRAINED_ON:])
                figures[policy]["seconds"].append(seconds)
                figures[policy]["accuracy"].append(score)
        taken += [_line(kind.__name__, policy, figures[policy]) for policy in _POLICIES]
    results = REPORT.stored()
    results.setdefault("machine", here())
    results["precision"] = taken
    REPORT.keep(results)
    REPORT.write_page(results)


def _line(name: str, policy: str, figures: dict[str, list[float]]) -> dict[str, Any]:
    return {
        "classifier": name,
        "dtype_policy": policy,
        "seconds": statistics.median(figures["seconds"]),
        "mean": statistics.mean(figures["accuracy"]),
        "deviation": statistics.stdev(figures["accuracy"]),
        "seeds": len(figures["accuracy"]),
    }


if __name__ == "__main__":
    main()
