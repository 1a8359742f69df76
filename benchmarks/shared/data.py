"""Fashion-MNIST as every competitor gets it."""

import functools
from typing import NamedTuple

import numpy as np

from skfashion import fetch_fashion_mnist

__all__ = ["Images", "floats_from", "load", "load_bytes"]


class Images(NamedTuple):
    """The same images as bytes and as float32 in [0, 1], and their labels."""

    bytes: np.ndarray
    floats: np.ndarray
    labels: np.ndarray


@functools.cache
def load(n_images: int) -> Images:
    """Take the first training images."""
    pixels, labels = load_bytes(n_images)
    return Images(pixels, floats_from(pixels), labels)


def load_bytes(n_images: int) -> tuple[np.ndarray, np.ndarray]:
    """Take the first training images, as bytes only."""
    pixels, labels = fetch_fashion_mnist(return_X_y=True)
    return pixels[:n_images], labels[:n_images]


def floats_from(pixels: np.ndarray) -> np.ndarray:
    """Scale to [0, 1] in float32, with no copy on the way."""
    return np.multiply(pixels, np.float32(1 / 255), dtype=np.float32)
