"""The layers of a network as plain records; what a record becomes is told here once.

A record has the fields of the Keras layer of that name. It knows its weights and its
forward pass, whose operations come from outside: those of NumPy, or those of
TensorFlow. Keras is imported inside the method that makes its layer.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, NamedTuple

__all__ = [
    "LOGITS",
    "OUTPUT",
    "Activation",
    "Add",
    "BatchNormalization",
    "Dense",
    "Dropout",
    "Flatten",
    "Layer",
    "Rescaling",
    "Reshape",
    "Weight",
    "kernel_and_bias",
]

Shape = tuple[int, ...]
# Names of the layer that gives the probabilities, and of one that gives what they are
# made of.
OUTPUT = "probabilities"
LOGITS = "logits"


class Weight(NamedTuple):
    """One of a layer's weights."""

    name: str
    shape: Shape
    # What it begins as; None where it is drawn.
    fill: float | None = 0.0
    is_trained: bool = True


@dataclass(frozen=True)
class Layer:
    """One layer; its name is that of the Keras layer."""

    name: str
    # Whether XLA makes it faster on a CPU, as far as was measured.
    suits_xla: ClassVar[bool] = True
    # Whether its Keras layer asks where the channels are.
    of_images: ClassVar[bool] = False
    # Whether its weights stay in float32 whatever it computes in.
    keeps_weights: ClassVar[bool] = False

    @property
    def in_float32(self) -> bool:
        """Whether it computes in float32 whatever the network's policy."""
        return self.name in (OUTPUT, LOGITS)

    @property
    def adds(self) -> str | None:
        """Name of the earlier layer whose outputs it takes besides."""
        return None

    def weights(self, shape: Shape) -> list[Weight]:  # noqa: ARG002
        """List its weights for inputs of a shape, rows left out."""
        return []

    def output_shape(self, shape: Shape) -> Shape:
        """Shape of the outputs, rows left out."""
        return shape

    def keras_layer(self, **options: Any) -> Any:
        """Make the Keras layer; ``options`` are what no record says, such as types."""
        from skfashion._backend.runtime import keras

        if self.of_images:
            # Whatever Keras's own default is in this process.
            options["data_format"] = "channels_last"
        return getattr(keras.layers, type(self).__name__)(**asdict(self), **options)

    def bind(self, ops: Any, weights: Sequence[Any]) -> Sequence[Any]:  # noqa: ARG002
        """Make what ``forward`` takes, once for all rows, of the weights."""
        return weights

    def forward(self, ops: Any, rows: Any, *bound: Any) -> Any:  # noqa: ARG002
        """Compute the outputs of some rows."""
        return rows


@dataclass(frozen=True)
class Rescaling(Layer):
    """Multiplies pixels, which keep all of their digits in float32, or logits."""

    scale: float

    @property
    def in_float32(self) -> bool:
        """Always."""
        return True

    def forward(self, ops: Any, rows: Any, *bound: Any) -> Any:  # noqa: ARG002
        return rows * ops.float32(self.scale)


@dataclass(frozen=True)
class Reshape(Layer):
    """Folds a row of pixels into an image."""

    target_shape: Shape

    def output_shape(self, shape: Shape) -> Shape:  # noqa: ARG002
        return self.target_shape

    def forward(self, ops: Any, rows: Any, *bound: Any) -> Any:  # noqa: ARG002
        return ops.reshape(rows, (-1, *self.target_shape))


@dataclass(frozen=True)
class Flatten(Layer):
    """Makes a row of an image."""

    of_images = True

    def output_shape(self, shape: Shape) -> Shape:
        return (math.prod(shape),)

    def forward(self, ops: Any, rows: Any, *bound: Any) -> Any:  # noqa: ARG002
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
    use_bias: bool = True

    def weights(self, shape: Shape) -> list[Weight]:
        return kernel_and_bias((*shape, self.units), self.use_bias)

    def output_shape(self, shape: Shape) -> Shape:  # noqa: ARG002
        return (self.units,)

    def forward(self, ops: Any, rows: Any, *bound: Any) -> Any:
        kernel, *bias = bound
        rows = rows @ kernel
        if bias:
            rows = ops.add_bias(rows, *bias)
        return ops.activate(self.activation, rows)


@dataclass(frozen=True)
class BatchNormalization(Layer):
    """Brings each channel to a mean and a spread that are trained.

    By the rows of a batch while the network trains, and afterwards by the moving
    averages of these.
    """

    momentum: float = 0.9
    epsilon: float = 1e-3
    keeps_weights = True

    def weights(self, shape: Shape) -> list[Weight]:
        size = shape[-1:]
        return [
            Weight("gamma", size, 1.0),
            Weight("beta", size),
            Weight("moving_mean", size, is_trained=False),
            Weight("moving_variance", size, 1.0, is_trained=False),
        ]

    def bind(self, ops: Any, weights: Sequence[Any]) -> Sequence[Any]:
        return ops.fold(*weights, self.epsilon)

    def forward(self, ops: Any, rows: Any, *bound: Any) -> Any:
        return ops.normalize(rows, *bound)


@dataclass(frozen=True)
class Add(Layer):
    """Adds the outputs of an earlier layer."""

    source: str

    @property
    def adds(self) -> str:
        """That layer."""
        return self.source

    def keras_layer(self, **options: Any) -> Any:
        from skfashion._backend.runtime import keras

        return keras.layers.Add(name=self.name, **options)

    def forward(self, ops: Any, rows: Any, *bound: Any) -> Any:  # noqa: ARG002
        (others,) = bound
        return rows + others


@dataclass(frozen=True)
class Activation(Layer):
    """An activation, where it is not part of the layer before it."""

    activation: str

    def forward(self, ops: Any, rows: Any, *bound: Any) -> Any:  # noqa: ARG002
        return ops.activate(self.activation, rows)


def kernel_and_bias(shape: Shape, use_bias: bool) -> list[Weight]:
    """List the weights of a layer with a kernel of a shape."""
    bias = [Weight("bias", shape[-1:])] if use_bias else []
    return [Weight("kernel", shape, None), *bias]
