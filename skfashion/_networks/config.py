"""The hyper-parameters of a network as one frozen, hashable value of plain data.

Everything that decides what a network computes, and how its loss is computed, is a
field; what training alone needs is not.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

from skfashion._networks.activations import keras_name
from skfashion._networks.layers import (
    OUTPUT,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPooling2D,
    Rescaling,
    Reshape,
    Shape,
    convolution_stages,
)
from skfashion._utils.validation import (
    LARGEST,
    SMALLEST,
    as_float,
    check_count,
    layer_sizes,
)
from skfashion.exceptions import ParameterError

if TYPE_CHECKING:
    import keras

    from skfashion._networks.keras_config import KerasConfig
    from skfashion._networks.training_model import TrainingModel

__all__ = ["CNNConfig", "MLPConfig", "NetworkConfig", "config_from_dict"]

_POLICIES = ("float32", "mixed_bfloat16")


@dataclass(frozen=True, kw_only=True)
class NetworkConfig(ABC):
    """What every network of this package shares; see its subclasses.

    Parameters
    ----------
    n_classes : int
        Number of outputs, which are probabilities.
    activation : str, default="relu"
        Activation of all layers but the last, by Keras's or scikit-learn's name.
    dropout : float in [0, 1), default=0.0
        Fraction dropped while training.
    l2 : float, default=0.0
        ``l2 * sum(w ** 2)`` over all kernels is added to the loss.
    rescale : float or None, default=None
        Factor of the pixels, applied by a layer of the network's own.
    dtype_policy : {"float32", "mixed_bfloat16"}, default="float32"
        Keras's name of the types that all layers but the last compute in.

    Raises
    ------
    ParameterError
        If a field is not of its type or out of its range.
    """

    n_classes: int
    activation: str = "relu"
    dropout: float = 0.0
    l2: float = 0.0
    rescale: float | None = None
    dtype_policy: str = "float32"
    # The last layer gives probabilities.
    from_logits: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_count("n_classes", self.n_classes)
        if not isinstance(self.activation, str):
            raise ParameterError(f"activation={self.activation!r:.80} must be a name.")
        self._settle("activation", keras_name(self.activation))
        self._settle("dropout", _as_number("dropout", self.dropout, 0, 1 - 2**-53))
        self._settle("l2", _as_number("l2", self.l2, 0, math.inf))
        if self.rescale is not None:
            scale = _as_number("rescale", self.rescale, SMALLEST, LARGEST)
            self._settle("rescale", scale)
        if self.dtype_policy not in _POLICIES:
            raise ParameterError(
                f"dtype_policy={self.dtype_policy!r:.80} must be one of "
                f"{', '.join(_POLICIES)}."
            )

    def _settle(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    if TYPE_CHECKING:
        # A field of the one, a property of the other.
        @property
        def n_features(self) -> int:
            """Number of inputs, one a pixel and channel."""

    @abstractmethod
    def _inner_layers(self) -> list[Layer]:
        """Layers between the pixels and the output."""

    def layers(self) -> list[Layer]:
        """List the layers, of which all that a network becomes is made."""
        first: list[Layer] = []
        if self.rescale is not None:
            first = [Rescaling("rescaling", self.rescale)]
        output = Dense(OUTPUT, self.n_classes, "softmax")
        return [*first, *self._inner_layers(), output]

    def _dense_stack(self, sizes: Shape) -> list[Layer]:
        stack: list[Layer] = []
        for number, size in enumerate(sizes, 1):
            stack.append(Dense(f"hidden_{number}", size, self.activation))
            stack += self._dropout(f"dropout_{number}")
        return stack

    def _dropout(self, name: str) -> list[Layer]:
        return [Dropout(name, self.dropout)] if self.dropout else []

    def weight_shapes(self) -> list[Shape]:
        """Shapes of all weights, in their order, without building anything."""
        shapes: list[Shape] = []
        shape: Shape = (self.n_features,)
        for layer in self.layers():
            shapes += layer.weight_shapes(shape)
            shape = layer.output_shape(shape)
        return shapes

    @property
    def n_weights(self) -> int:
        """Number of weights, biases included."""
        return sum(map(math.prod, self.weight_shapes()))

    def dropped_sizes(self) -> list[int]:
        """Count the values of a row that each dropout layer may drop."""
        sizes = []
        shape: Shape = (self.n_features,)
        for layer in self.layers():
            shape = layer.output_shape(shape)
            if isinstance(layer, Dropout):
                sizes.append(math.prod(shape))
        return sizes

    @property
    def servable(self) -> bool:
        """Whether compiled steps can train it."""
        return True

    @property
    def suits_xla(self) -> bool:
        """Whether XLA makes training faster on a CPU, as far as was measured."""
        return self.dtype_policy == "float32" and all(
            layer.suits_xla for layer in self.layers()
        )

    def initial_values(self, seed: int) -> list[np.ndarray]:
        """Draw the weights to begin with: Glorot and Bengio's, biases of 0.

        Parameters
        ----------
        seed : int
            Every kernel has a seed of its own, drawn from this one.

        Returns
        -------
        list of ndarray, float32
            In the order of ``weight_shapes``.
        """
        shapes = self.weight_shapes()
        seeds = iter(np.random.SeedSequence(seed).spawn(len(shapes)))
        return [_glorot(shape, next(seeds)) for shape in shapes]

    def build(self, values: list[np.ndarray] | None = None) -> "keras.Model":
        """Build the network as Keras has it, uncompiled.

        Parameters
        ----------
        values : list of ndarray, default=None
            Of its weights; None leaves those that ``initial_values(0)`` draws.

        Returns
        -------
        keras.Model
            Maps (n, n_features) float32 to (n, n_classes) probabilities.
        """
        from skfashion._networks.keras_model import build

        return build(self, self.initial_values(0) if values is None else values)

    def forward_pass(self) -> Callable[[Any, Sequence[Any]], Any]:
        """Make what maps rows and weights to probabilities, on TensorFlow."""
        from skfashion._backend.inference import OPERATIONS
        from skfashion._networks.forward import bind

        return lambda rows, weights: bind(self, OPERATIONS, weights)(rows)

    def build_for_training(self) -> "TrainingModel":
        """Build what a compiled step trains: run-time arguments in place of values."""
        from skfashion._networks.training_model import TrainingModel

        return TrainingModel(self)

    def as_changed_to(self, model: "keras.Model") -> "KerasConfig":
        """Give the config of its Keras model after somebody has changed that."""
        from skfashion._networks.keras_network import read_model

        return read_model(model, (1, self.n_features, 1), as_compiled=True)

    @property
    def input_shape(self) -> Shape:
        """Shape of one image as its Keras model takes it: a row."""
        return (self.n_features,)

    @staticmethod
    def to_inputs(rows: np.ndarray) -> np.ndarray:
        """Make of rows of pixels what the Keras model takes: them."""
        return rows

    @staticmethod
    def reseed(model: "keras.Model", seed: int, epoch: int) -> None:
        """Have Keras's own layers draw what belongs to an epoch of a seed."""
        from skfashion._networks.keras_model import reseed

        reseed(model, seed, epoch)

    def without_values(self) -> Self:
        """Give the config of all networks whose compiled training is this one's."""
        return replace(
            self,
            dropout=0.5 if self.dropout else 0.0,
            l2=1.0 if self.l2 else 0.0,
            rescale=None if self.rescale is None else 1.0,
        )

    def for_prediction(self) -> Self:
        """Give the config of all networks whose forward pass is this one's."""
        return replace(self, dropout=0.0, l2=0.0)

    def to_dict(self) -> dict[str, Any]:
        """Give the fields and the class's name, of numbers, text and tuples only."""
        return {"network": type(self).__name__, **asdict(self)}


@dataclass(frozen=True, kw_only=True)
class MLPConfig(NetworkConfig):
    """A multi-layer perceptron with a softmax output.

    Parameters
    ----------
    n_features : int
        Number of inputs, one a pixel.
    hidden_layer_sizes : sequence of int, default=(300, 100)
        Units of each hidden layer.
    **others
        See ``NetworkConfig``.

    Examples
    --------
    >>> from skfashion._networks.config import MLPConfig
    >>> MLPConfig(n_features=784, n_classes=10).n_weights
    266610
    """

    n_features: int
    hidden_layer_sizes: Shape = (300, 100)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_count("n_features", self.n_features)
        self._settle(
            "hidden_layer_sizes",
            layer_sizes("hidden_layer_sizes", self.hidden_layer_sizes),
        )

    def _inner_layers(self) -> list[Layer]:
        return self._dense_stack(self.hidden_layer_sizes)


@dataclass(frozen=True, kw_only=True)
class CNNConfig(NetworkConfig):
    """Stages of convolution and max-pooling, dense layers and a softmax output.

    Kernels and pools never exceed what is left of the image, so that any image will
    do, down to a single pixel.

    Parameters
    ----------
    image_shape : tuple of (int, int, int)
        Height, width and channels that a row of pixels folds into.
    filters : sequence of int, default=(32, 64)
        Filters of each stage: one unpadded convolution, then a 2x2 max-pooling.
    kernel_size : int, default=3
        Height and width of the convolutions, in pixels.
    dense_sizes : sequence of int, default=(128,)
        Units of the dense layers between the last stage and the output.
    **others
        See ``NetworkConfig``; the last stage's output is dropped from as well.

    Examples
    --------
    >>> from skfashion._networks.config import CNNConfig
    >>> CNNConfig(image_shape=(28, 28, 1), n_classes=10).n_weights
    225034
    """

    image_shape: Shape
    filters: Shape = (32, 64)
    kernel_size: int = 3
    dense_sizes: Shape = (128,)

    def __post_init__(self) -> None:
        super().__post_init__()
        shape = layer_sizes("image_shape", self.image_shape, at_least=3)
        if len(shape) != 3:
            raise ParameterError(f"image_shape={shape!r:.80} must be of three sides.")
        self._settle("image_shape", shape)
        self._settle("filters", layer_sizes("filters", self.filters, at_least=1))
        check_count("kernel_size", self.kernel_size)
        self._settle("dense_sizes", layer_sizes("dense_sizes", self.dense_sizes))

    @property
    def n_features(self) -> int:
        """Number of inputs, one a pixel and channel."""
        return math.prod(self.image_shape)

    def _inner_layers(self) -> list[Layer]:
        layers: list[Layer] = [Reshape("image", self.image_shape)]
        stages = convolution_stages(
            self.image_shape[:2], self.kernel_size, len(self.filters)
        )
        for number, (filters, (kernel, pool)) in enumerate(
            zip(self.filters, stages, strict=True), 1
        ):
            layers += [
                Conv2D(f"conv_{number}", filters, kernel, self.activation),
                MaxPooling2D(f"pool_{number}", pool),
            ]
        layers.append(Flatten("flatten"))
        layers += self._dropout("features_dropout")
        return layers + self._dense_stack(self.dense_sizes)


_CONFIGS = {kind.__name__: kind for kind in (MLPConfig, CNNConfig)}


def config_from_dict(held: dict[str, Any]) -> "NetworkConfig | KerasConfig":
    """Make a config of what ``to_dict`` gave, or anybody wrote.

    Raises
    ------
    ValueError
        If it is no config.
    """
    from skfashion._networks.keras_config import KerasConfig

    kind: Any = {**_CONFIGS, KerasConfig.__name__: KerasConfig}[held["network"]]
    given = {name: value for name, value in held.items() if name != "network"}
    if given.keys() != {field.name for field in fields(kind)}:
        raise ValueError(f"{', '.join(given)} are not the fields of {kind.__name__}")
    return kind(**given)


def _as_number(name: str, value: Any, least: float, most: float) -> float:
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not is_number or not least <= as_float(name, value) <= most:
        raise ParameterError(
            f"{name}={value!r:.80} must be a number from {least:g} to {most:g}."
        )
    return float(value)


def _glorot(shape: Shape, seed: np.random.SeedSequence) -> np.ndarray:
    if len(shape) == 1:
        return np.zeros(shape, dtype=np.float32)
    patch = math.prod(shape[:-2])
    limit = math.sqrt(6 / (patch * shape[-2] + patch * shape[-1]))
    values = np.random.default_rng(seed).random(shape, dtype=np.float32)
    values *= np.float32(2 * limit)
    values -= np.float32(limit)
    return values
