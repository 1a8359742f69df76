"""Fashion-MNIST, the sample inside the package, and folders of your own images."""

from skfashion.datasets._fashion_mnist import (
    CLASS_NAMES,
    fetch_fashion_mnist,
    load_fashion_sample,
)
from skfashion.datasets._image_folder import load_image_folder

__all__ = [
    "CLASS_NAMES",
    "fetch_fashion_mnist",
    "load_fashion_sample",
    "load_image_folder",
]
