"""Draw the sample that ``load_fashion_sample`` returns from the full data set.

Run as ``python tools/draw_sample.py``. The draw is seeded, so a second run writes equal
arrays.
"""

import importlib.resources
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skfashion.datasets import CLASS_NAMES, fetch_fashion_mnist

IMAGES_PER_CLASS = {"train": 200, "test": 50}


def draw() -> dict[str, NDArray[np.uint8]]:
    """Choose equally many images of every class, in shuffled order.

    Returns
    -------
    dict of str to ndarray of uint8
        ``train_images`` (2000, 28, 28), ``train_labels`` (2000,),
        ``test_images`` (500, 28, 28) and ``test_labels`` (500,). The train
        images come from the 60,000 training images, the test images from the
        10,000 test images.
    """
    rng = np.random.default_rng(0)
    arrays = {}
    for subset, count in IMAGES_PER_CLASS.items():
        full = fetch_fashion_mnist(subset=subset)
        rows = np.concatenate(
            [
                rng.choice(np.flatnonzero(full.target == label), count, replace=False)
                for label in range(len(CLASS_NAMES))
            ]
        )
        # Whoever slices off the first hundred images must not get one class.
        rng.shuffle(rows)
        arrays[f"{subset}_images"] = full.images[rows]
        arrays[f"{subset}_labels"] = full.target[rows].astype(np.uint8)
    return arrays


if __name__ == "__main__":
    # Spelled out, since type checkers take **arrays for the function's options.
    drawn = draw()
    np.savez_compressed(
        Path(
            str(importlib.resources.files("skfashion.datasets")),
            "data",
            "fashion_sample.npz",
        ),
        train_images=drawn["train_images"],
        train_labels=drawn["train_labels"],
        test_images=drawn["test_images"],
        test_labels=drawn["test_labels"],
    )
