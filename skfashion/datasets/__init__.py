"""Fashion-MNIST: all of it, and the sample that travels inside the package."""

from skfashion.datasets._fashion_mnist import (
    CLASS_NAMES,
    fetch_fashion_mnist,
    load_fashion_sample,
)

__all__ = ["CLASS_NAMES", "fetch_fashion_mnist", "load_fashion_sample"]
