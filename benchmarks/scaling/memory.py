"""One epoch over a memory map in a process of its own: seconds and anonymous memory.

Anonymous memory is what the process has made itself (RssAnon, on Linux). The pages of a
memory map are not counted: the system takes them back when it needs room.
"""

import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.shared.child import tell

__all__ = ["IMAGES", "LABELS", "N_PIXELS", "make_classifier", "write_images"]

IMAGES, LABELS = "images.npy", "labels.npy"
N_PIXELS = 784
_EVERY = 0.01
_WARM_UP = 60_000


def write_images(folder: Path, n_images: int) -> None:
    """Write the training set, over and over, as bytes, with its labels beside it."""
    from benchmarks.shared.data import load_bytes

    X, y = load_bytes(60_000)
    shape = n_images, N_PIXELS
    images = np.lib.format.open_memmap(folder / IMAGES, "w+", np.uint8, shape)
    for start in range(0, n_images, len(X)):
        images[start : start + len(X)] = X[: n_images - start]
    images.flush()
    np.save(folder / LABELS, np.resize(y.astype(np.uint8), n_images))


def make_classifier(**params: Any) -> Any:
    """Make the MLP that trains fastest, so that reading the images weighs most."""
    from skfashion import FashionMLPClassifier

    return FashionMLPClassifier(
        (32,), rescale=1 / 255, epochs=1, random_state=0, **params
    )


class _Anonymous:
    """Watches the anonymous memory of this process, on a thread of its own."""

    def __init__(self) -> None:
        self.most = self.now()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @staticmethod
    def now() -> int:
        """Tell its bytes."""
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError("/proc/self/status has no RssAnon")

    def _watch(self) -> None:
        while not self._over.wait(_EVERY):
            self.most = max(self.most, self.now())

    def __enter__(self) -> "_Anonymous":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def main(folder: Path, n_images: int) -> None:
    """Train one epoch of the first images."""
    import skfashion._backend.runtime  # noqa: F401

    imported = _Anonymous.now()
    X = np.load(folder / IMAGES, mmap_mode="r")[:n_images]
    y = np.load(folder / LABELS, mmap_mode="r")[:n_images]
    with _Anonymous() as anonymous:
        # The first fit of a process has TensorFlow compile, whatever the images.
        make_classifier().fit(X[:_WARM_UP], y[:_WARM_UP])
        start = time.perf_counter()
        clf = make_classifier().fit(X, y)
        seconds = time.perf_counter() - start
    tell(
        {
            "images": len(X),
            "seconds": seconds,
            "imported": imported,
            "beyond": anonymous.most - imported,
            "accuracy": clf.history_["accuracy"][-1],
        }
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
