"""Prediction of a memory map into another by two Dask workers: seconds, bytes, bits.

The workers open both files by their names, so that no image travels.
"""

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scaling import traffic
from benchmarks.scaling.memory import IMAGES, LABELS, make_classifier
from benchmarks.shared.child import tell

_N_WORKERS = 2
_ROWS = 60_000
_PROBABILITIES = "probabilities.npy"


def _predict(model: Any, folder: Path, rows: slice) -> None:
    images = np.load(folder / IMAGES, mmap_mode="r")
    out = np.load(folder / _PROBABILITIES, mmap_mode="r+")
    out[rows] = model.predict_proba(images[rows])


def main(folder: Path, n_images: int) -> None:
    """Predict the first images, and compare some with what this process predicts."""
    from distributed import Client, LocalCluster

    images = np.load(folder / IMAGES, mmap_mode="r")[:n_images]
    labels = np.load(folder / LABELS, mmap_mode="r")[:n_images]
    clf = make_classifier().fit(images[:_ROWS], labels[:_ROWS])
    out = np.lib.format.open_memmap(
        folder / _PROBABILITIES, "w+", np.float32, (n_images, 10)
    )
    parts = [
        slice(start, min(start + _ROWS, n_images))
        for start in range(0, n_images, _ROWS)
    ]
    with (
        LocalCluster(
            n_workers=_N_WORKERS, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        client.run(traffic.begin_count)
        model = client.scatter(clf, broadcast=True)
        # TensorFlow starts in each worker.
        warm = {
            worker: client.submit(
                _predict, model, folder, slice(0, 12), workers=worker, pure=False
            )
            for worker in client.run(traffic.counted)
        }
        client.gather(list(warm.values()))
        start = time.perf_counter()
        done = [client.submit(_predict, model, folder, rows) for rows in parts]
        client.gather(done)
        seconds = time.perf_counter() - start
        read = list(client.run(traffic.counted).values())
    last = slice(max(0, n_images - _ROWS), n_images)
    expected = clf.predict_proba(images[last])
    tell(
        {
            "images": n_images,
            "seconds": seconds,
            "read": read,
            "weights": sum(value.nbytes for value in clf._fitted_network.values),
            "equal": bool((out[last] == expected).all()),
            "accuracy": float((out.argmax(axis=1) == labels).mean()),
        }
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
