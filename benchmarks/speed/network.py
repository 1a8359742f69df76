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

    A residual one has no dense layers but the last: see ``models.residual_network``.
    One with a stem has batch normalisation and two convolutions a stage, and no dense
    layers but the last either: see ``models.normalized_network``.

    Dropout follows each hidden layer of an MLP; only what trains with Keras has it.

    Optimizers are named as Keras names them and keep Keras's learning rate.
    """

    hidden: tuple[int, ...]
    filters: tuple[int, ...] = ()
    optimizer: str = "adam"
    batch_size: int = 32
    dropout: float = 0.0
    residual: bool = False
    stem: int = 0

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
        if self.residual:
            return 3 * self._residual_flops
        if self.stem:
            return 3 * self._normalized_flops
        total, side, channels = 0, SIDE, 1
        for filters in self.filters:
            side = side - KERNEL + 1
            total += 2 * side * side * KERNEL * KERNEL * channels * filters
            side, channels = side // 2, filters
        sizes = [self.features, *self.hidden, CLASSES]
        total += sum(2 * a * b for a, b in itertools.pairwise(sizes))
        return 3 * total

    @property
    def _residual_flops(self) -> int:
        """Operations of a forward pass of the stem, the stages and the last layer."""
        patch = KERNEL * KERNEL
        total = 2 * SIDE * SIDE * patch * self.filters[0]
        side, channels = SIDE // 2, self.filters[0]
        for number, filters in enumerate(self.filters):
            side = side if number == 0 else -(-side // 2)
            within = patch * (channels + filters) + channels
            total += 2 * side * side * within * filters
            channels = filters
        return total + 2 * channels * CLASSES

    @property
    def _normalized_flops(self) -> int:
        """Operations of a forward pass of the stem, the stages and the last layer."""
        patch = KERNEL * KERNEL
        total, side, channels = 2 * SIDE * SIDE * patch * self.stem, SIDE, self.stem
        for filters in self.filters:
            total += 2 * side * side * patch * channels * filters
            side, channels = side // 2, filters
            total += 2 * side * side * patch * channels * filters
        return total + 2 * channels * CLASSES

    def widened(self, units: int) -> Self:
        """Nearly the same network, which no cache can know."""
        return replace(self, hidden=tuple(size + units for size in self.hidden))
