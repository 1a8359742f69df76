"""A search of eight fits in one way, in a process of its own: seconds and scores.

The time is that of ``GridSearchCV.fit``, the import of TensorFlow and the start of
loky's workers included. Dask's are there before, and import it then, or have before.
"""

import contextlib
import importlib
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from benchmarks.shared.child import tell

__all__ = ["CLASSIFIERS", "N_FITS", "WAYS", "Way"]

N_FITS = 8
_TEST_IMAGES = 2000


class Way(NamedTuple):
    """How the fits of a search are shared out."""

    backend: str | None
    n_jobs: int
    # None for as many as TensorFlow takes.
    threads: int | None
    # Workers have imported TensorFlow before, and allocate memory as others do.
    prepared: bool = False


WAYS: Mapping[str, Way] = {
    "n_jobs=1": Way(None, 1, None),
    "n_jobs=1, one thread": Way(None, 1, 1),
    "loky, n_jobs=2": Way("loky", 2, 1),
    "dask, two workers": Way("dask", 2, 1),
    "dask, two prepared workers": Way("dask", 2, 1, prepared=True),
}
CLASSIFIERS = ("FashionMLPClassifier", "FashionCNNClassifier")


@contextlib.contextmanager
def _sharing(way: Way) -> Iterator[None]:
    import joblib

    if way.backend != "dask":
        with joblib.parallel_config(way.backend or "sequential"):
            yield
        return
    import dask
    from distributed import Client, LocalCluster

    # Dask has its workers give memory back at once (MALLOC_TRIM_THRESHOLD_), which they
    # then ask for again in every training step.
    environment = {"distributed.nanny.pre-spawn-environ": {"OMP_NUM_THREADS": "1"}}
    with (
        dask.config.set(environment if way.prepared else {}),
        LocalCluster(
            n_workers=way.n_jobs, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
        joblib.parallel_config("dask"),
    ):
        if way.prepared:
            # What `dask worker --preload tensorflow` does.
            client.run(importlib.import_module, "tensorflow")
        yield


def main(name: str, classifier: str, n_images: int) -> None:
    """Search, in one way, over learning rates of a classifier as it comes."""
    from sklearn.model_selection import GridSearchCV

    import skfashion
    from benchmarks.shared.data import load_bytes

    way = WAYS[name]
    X, y = load_bytes(n_images + _TEST_IMAGES)
    rows = np.arange(len(X))
    search = GridSearchCV(
        getattr(skfashion, classifier)(rescale=1 / 255, random_state=0),
        {"learning_rate": list(np.geomspace(3e-4, 3e-2, N_FITS))},
        cv=[(rows[:n_images], rows[n_images:])],
        scoring="neg_log_loss",
        refit=False,
        n_jobs=way.n_jobs,
        error_score="raise",
    )
    with _sharing(way):
        start = time.perf_counter()
        search.fit(X, y)
        seconds = time.perf_counter() - start
    scores: Any = search.cv_results_["split0_test_score"]
    tell({"seconds": seconds, "scores": [float(score).hex() for score in scores]})


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
