"""What a search sends, in bytes, and how large a fitted model is."""

import itertools
import pickle
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.scaling import traffic
from benchmarks.shared.child import tell

_N_WORKERS = 2
_GRID = {"learning_rate": [1e-3, 3e-3, 1e-2, 3e-2], "dropout": [0.0, 0.2]}


def main(n_images: int) -> None:
    """Search over a small network by loky and by Dask, and count."""
    import joblib
    from distributed import Client, LocalCluster
    from sklearn.model_selection import GridSearchCV, StratifiedKFold

    from benchmarks.scaling.memory import make_classifier
    from benchmarks.shared.data import load_bytes
    from skfashion import FashionCNNClassifier, FashionMLPClassifier

    X, y = load_bytes(n_images)
    splits = list(StratifiedKFold(2).split(X, y))
    search = GridSearchCV(make_classifier(), _GRID, cv=2, refit=False)
    n_tasks = len(splits) * len(_GRID["learning_rate"]) * len(_GRID["dropout"])
    with tempfile.TemporaryDirectory() as folder:
        loky = traffic.LokyTraffic(Path(folder))
        with loky.counting():
            search.set_params(n_jobs=_N_WORKERS).fit(X, y)
    search.set_params(n_jobs=None)
    ahead = [X, y, *itertools.chain(*splits)]
    with (
        LocalCluster(
            n_workers=_N_WORKERS, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):

        def read(options: dict[str, Any]) -> list[int]:
            client.run(traffic.begin_count)
            with joblib.parallel_config("dask", **options):
                search.fit(X, y)
            return list(client.run(traffic.counted).values())

        as_it_comes = read({})
        search.set_params(cv=splits)
        sent_ahead = read({"scatter": ahead})
    models: list[Any] = [FashionMLPClassifier, FashionCNNClassifier]
    tell(
        {
            "images": len(X),
            "tasks": n_tasks,
            "pixels": X.nbytes,
            "sent_ahead": sum(array.nbytes for array in ahead),
            "loky_mapped": loky.mapped,
            "loky_call": max(loky.calls),
            "dask_read": as_it_comes,
            "dask_read_ahead": sent_ahead,
            "models": {model.__name__: _sizes(model, X, y) for model in models},
        }
    )


def _sizes(model: Any, X: Any, y: Any) -> dict[str, int]:
    """Tell the bytes of a fitted classifier's weights, and of its pickle."""
    clf = model(rescale=1 / 255, epochs=1).fit(X[:500], y[:500])
    weights = sum(value.nbytes for value in clf._fitted_network.values)
    return {"weights": weights, "pickle": len(pickle.dumps(clf))}


if __name__ == "__main__":
    main(int(sys.argv[1]))
