"""The layers of images as plain records; see ``layers``."""

from dataclasses import dataclass
from typing import Any

from skfashion._networks.layers import Layer, Shape, Weight, kernel_and_bias

__all__ = [
    "Conv2D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "MaxPooling2D",
]


@dataclass(frozen=True)
class Conv2D(Layer):
    """A convolution by steps of one pixel."""

    filters: int
    kernel_size: Shape
    activation: str
    padding: str = "valid"
    use_bias: bool = True
    suits_xla = False
    of_images = True

    def weights(self, shape: Shape) -> list[Weight]:
        size = (*self.kernel_size, shape[-1], self.filters)
        return kernel_and_bias(size, self.use_bias)

    def output_shape(self, shape: Shape) -> Shape:
        if self.padding == "same":
            return (*shape[:2], self.filters)
        height, width = self.kernel_size
        return (shape[0] - height + 1, shape[1] - width + 1, self.filters)

    def forward(self, ops: Any, rows: Any, *bound: Any) -> Any:
        kernel, *bias = bound
        rows = ops.convolve(rows, kernel, self.padding.upper())
        if bias:
            rows = ops.add_bias(rows, *bias)
        return ops.activate(self.activation, rows)


@dataclass(frozen=True)
class MaxPooling2D(Layer):
    """Keeps the largest of each patch."""

    pool_size: Shape
    suits_xla = False
    of_images = True

    def output_shape(self, shape: Shape) -> Shape:
        height, width = self.pool_size
        return (shape[0] // height, shape[1] // width, shape[2])

    def forward(self, ops: Any, rows: Any, *bound: Any) -> Any:  # noqa: ARG002
        return ops.max_pool(rows, self.pool_size)


@dataclass(frozen=True)
class GlobalMaxPooling2D(Layer):
    """Keeps the largest of each channel."""

    suits_xla = False
    of_images = True

    def output_shape(self, shape: Shape) -> Shape:
        return shape[-1:]

    def forward(self, ops: Any, rows: Any, *bound: Any) -> Any:  # noqa: ARG002
        return ops.largest(rows)


@dataclass(frozen=True)
class GlobalAveragePooling2D(Layer):
    """Keeps the mean of each channel."""

    suits_xla = False
    of_images = True

    def output_shape(self, shape: Shape) -> Shape:
        return shape[-1:]

    def forward(self, ops: Any, rows: Any, *bound: Any) -> Any:  # noqa: ARG002
        return ops.mean(rows)
