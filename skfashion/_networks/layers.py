"""The layers of a network as plain records; what a record becomes is told here once.

A record has the fields of the Keras layer of that name. It knows the shapes of its
weights and its forward pass, whose operations come from outside: those of NumPy, or
those of TensorFlow. Keras is imported inside the method that makes its layer.
"""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

__all__ = [
    "OUTPUT",
    "Conv2D",
    "Dense",
    "Dropout",
    "Flatten",
    "Layer",
    "MaxPooling2D",
    "Rescaling",
    "Reshape",
    "convolution_stages",
]

Shape = tuple[int, ...]
# Name of the layer that gives the probabilities.
OUTPUT = "probabilities"


@dataclass(frozen=True)
class Layer:
    """One layer; its name is that of the Keras layer."""

    name: str
    # In float32 whatever the network's policy.
    in_float32: ClassVar[bool] = False
    # Whether XLA makes it faster on a CPU, as far as was measured.
    suits_xla: ClassVar[bool] = True

    def weight_shapes(self, shape: Shape) -> list[Shape]:  # noqa: ARG002
        """Shapes of the weights for inputs of a shape, rows left out."""
        return []

    def output_shape(self, shape: Shape) -> Shape:
        """Shape of the outputs, rows left out."""
        return shape

    def keras_layer(self, **options: Any) -> Any:
        """Make the Keras layer; ``options`` are what no record says, such as types."""
        from skfashion._backend.runtime import keras

        return getattr(keras.layers, type(self).__name__)(**asdict(self), **options)

    def forward(self, ops: Any, rows: Any, *weights: Any) -> Any:  # noqa: ARG002
        """Compute the outputs of some rows."""
        return rows


@dataclass(frozen=True)
class Rescaling(Layer):
    """Multiplies pixels; in float32, for the pixels keep all of their digits."""

    scale: float
    in_float32 = True

    def forward(self, ops: Any, rows: Any, *weights: Any) -> Any:  # noqa: ARG002
        return rows * ops.float32(self.scale)


@dataclass(frozen=True)
class Reshape(Layer):
    """Folds a row of pixels into an image."""

    target_shape: Shape

    def output_shape(self, shape: Shape) -> Shape:  # noqa: ARG002
        return self.target_shape

    def forward(self, ops: Any, rows: Any, *weights: Any) -> Any:  # noqa: ARG002
        return ops.reshape(rows, (-1, *self.target_shape))


@dataclass(frozen=True)
class Flatten(Layer):
    """Makes a row of an image."""

    def output_shape(self, shape: Shape) -> Shape:
        return (math.prod(shape),)

    def forward(self, ops: Any, rows: Any, *weights: Any) -> Any:  # noqa: ARG002
        return ops.reshape(rows, (-1, math.prod(rows.shape[1:])))


@dataclass(frozen=True)
class Dropout(Layer):
    """Drops a fraction of its inputs while training, and nothing afterwards."""

    rate: float


@dataclass(frozen=True)
class Dense(Layer):
    """A dense layer; the one that gives probabilities stays in float32."""

    units: int
    activation: str

    @property
    def in_float32(self) -> bool:  # type: ignore[override]
        """Whether these are the network's probabilities."""
        return self.name == OUTPUT

    def weight_shapes(self, shape: Shape) -> list[Shape]:
        return [(*shape, self.units), (self.units,)]

    def output_shape(self, shape: Shape) -> Shape:  # noqa: ARG002
        return (self.units,)

    def forward(self, ops: Any, rows: Any, *weights: Any) -> Any:
        kernel, bias = weights
        return ops.activate(self.activation, ops.add_bias(rows @ kernel, bias))


@dataclass(frozen=True)
class Conv2D(Layer):
    """An unpadded convolution."""

    filters: int
    kernel_size: Shape
    activation: str
    suits_xla = False

    def weight_shapes(self, shape: Shape) -> list[Shape]:
        return [(*self.kernel_size, shape[-1], self.filters), (self.filters,)]

    def output_shape(self, shape: Shape) -> Shape:
        height, width = self.kernel_size
        return (shape[0] - height + 1, shape[1] - width + 1, self.filters)

    def forward(self, ops: Any, rows: Any, *weights: Any) -> Any:
        kernel, bias = weights
        rows = ops.add_bias(ops.convolve(rows, kernel), bias)
        return ops.activate(self.activation, rows)


@dataclass(frozen=True)
class MaxPooling2D(Layer):
    """Keeps the largest of each patch."""

    pool_size: Shape
    suits_xla = False

    def output_shape(self, shape: Shape) -> Shape:
        height, width = self.pool_size
        return (shape[0] // height, shape[1] // width, shape[2])

    def forward(self, ops: Any, rows: Any, *weights: Any) -> Any:  # noqa: ARG002
        return ops.max_pool(rows, self.pool_size)


def convolution_stages(
    size: Shape, kernel_size: int, n_stages: int
) -> Iterator[tuple[Shape, Shape]]:
    """Yield the kernel and the pool of each stage, each (height, width).

    Parameters
    ----------
    size : (int, int)
        Height and width of the images.
    kernel_size : int
        Of each convolution; cut to the image where that is smaller, as is the pool.
    n_stages : int
        How many convolutions there are.

    Yields
    ------
    kernel, pool : (int, int)
        Of one stage.
    """
    for _ in range(n_stages):
        kernel = tuple(min(kernel_size, side) for side in size)
        size = tuple(s - k + 1 for s, k in zip(size, kernel, strict=True))
        pool = tuple(min(2, side) for side in size)
        size = tuple(s // p for s, p in zip(size, pool, strict=True))
        yield kernel, pool
