"""Memory maps larger than what a fit may hold."""

import tracemalloc

import numpy as np
import pytest

from helpers.classifiers import make_cnn, make_mlp

N_IMAGES = 100_000


@pytest.fixture(scope="module")
def mapped(tmp_path_factory):
    """Black images, in a file with holes that takes no room, and any labels."""
    place = tmp_path_factory.mktemp("mapped") / "images.npy"
    np.lib.format.open_memmap(place, "w+", np.uint8, (N_IMAGES, 784))
    labels = np.arange(N_IMAGES, dtype=np.uint8) % 10
    return np.load(place, mmap_mode="r"), labels


def peak_of(function, *args):
    """Call a function; the most bytes that NumPy and Python held in it."""
    tracemalloc.start()
    try:
        function(*args)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("work", ["fit", "partial_fit", "predict_proba"])
@pytest.mark.parametrize("make", [make_mlp, make_cnn])
def test_a_memory_map_is_not_read_into_memory(make, work, mapped):
    X, y = mapped
    params = {"filters": (1,), "dense_sizes": ()} if make is make_cnn else {}
    clf = make(rescale=1 / 255, epochs=1, batch_size=128, dropout=0.0, **params)
    clf.partial_fit(X[:300], y[:300], classes=range(10))
    peak = peak_of(getattr(clf, work), *([X] if work == "predict_proba" else [X, y]))
    # The order of the epoch and the class numbers, or the probabilities.
    assert peak < 0.5 * X.nbytes
    assert peak > 8 * N_IMAGES
