"""The networks that are trained, as plain data, and the arithmetic they take."""

import itertools
from dataclasses import dataclass, replace
from typing import Self

__all__ = ["CLASSES", "KERNEL", "PIXELS", "SIDE", "Network"]

SIDE = 28
PIXELS = SIDE * SIDE
CLASSES = 10
KERNEL = 3


@dataclass(frozen=True)
class Network:
    """Stages of convolution and pooling (none in an MLP), then dense layers.

    Dropout follows each hidden layer of an MLP; only what trains with Keras has it.

    Optimizers are named as Keras names them and keep Keras's learning rate.
    """

    hidden: tuple[int, ...]
    filters: tuple[int, ...] = ()
    optimizer: str = "adam"
    batch_size: int = 32
    dropout: float = 0.0

    @property
    def learning_rate(self) -> float:
        """Keras's own, for libraries that have another."""
        return {"adam": 0.001, "sgd": 0.01}[self.optimizer]

    @property
    def features(self) -> int:
        """Inputs of the first dense layer."""
        if not self.filters:
            return PIXELS
        side = SIDE
        for _ in self.filters:
            side = (side - KERNEL + 1) // 2
        return side * side * self.filters[-1]

    @property
    def training_flops(self) -> int:
        """Operations to train on one image: three times those of a forward pass.

        Multiplications and additions of the layers with weights; the rest is small.
        """
        total, side, channels = 0, SIDE, 1
        for filters in self.filters:
            side = side - KERNEL + 1
            total += 2 * side * side * KERNEL * KERNEL * channels * filters
            side, channels = side // 2, filters
        sizes = [self.features, *self.hidden, CLASSES]
        total += sum(2 * a * b for a, b in itertools.pairwise(sizes))
        return 3 * total

    def widened(self, units: int) -> Self:
        """Nearly the same network, which no cache can know."""
        return replace(self, hidden=tuple(size + units for size in self.hidden))
