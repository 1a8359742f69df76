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
from skfashion._networks.initial_values import initial_values
from skfashion._networks.layers import (
    OUTPUT,
    Activation,
    Add,
    BatchNormalization,
    Dense,
    Dropout,
    Layer,
    Rescaling,
    Shape,
    Weight,
)
from skfashion._utils.validation import (
    LARGEST,
    SMALLEST,
    as_float,
    check_count,
)
from skfashion.exceptions import ParameterError

if TYPE_CHECKING:
    import keras

    from skfashion._networks.keras_config import KerasConfig
    from skfashion._networks.training_model import TrainingModel

__all__ = ["NetworkConfig", "as_number", "config_from_dict"]

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
    label_smoothing : float in [0, 1), default=0.0
        Part of each label, in training, that all classes share.
    rescale : float or None, default=None
        Factor of the pixels, applied by a layer of the network's own.
    dtype_policy : {"float32", "mixed_bfloat16"}, default="float32"
        Keras's name of the types that all layers but the last compute in.
    residual : bool, default=False
        Whether layers whose outputs are of the shape of their inputs add these.
    batch_normalization : bool, default=False
        Whether what hidden layers compute is normalized before its activation.

    Raises
    ------
    ParameterError
        If a field is not of its type or out of its range.
    """

    n_classes: int
    activation: str = "relu"
    dropout: float = 0.0
    l2: float = 0.0
    label_smoothing: float = 0.0
    rescale: float | None = None
    dtype_policy: str = "float32"
    residual: bool = False
    batch_normalization: bool = False
    # The last layer gives probabilities.
    from_logits: ClassVar[bool] = False

    def __post_init__(self) -> None:
        check_count("n_classes", self.n_classes)
        if not isinstance(self.activation, str):
            raise ParameterError(f"activation={self.activation!r:.80} must be a name.")
        self._settle("activation", keras_name(self.activation))
        self._settle("dropout", as_number("dropout", self.dropout, 0, 1 - 2**-53))
        self._settle("l2", as_number("l2", self.l2, 0, math.inf))
        smoothing = as_number("label_smoothing", self.label_smoothing, 0, 1 - 2**-53)
        self._settle("label_smoothing", smoothing)
        if self.rescale is not None:
            scale = as_number("rescale", self.rescale, SMALLEST, LARGEST)
            self._settle("rescale", scale)
        if self.dtype_policy not in _POLICIES:
            raise ParameterError(
                f"dtype_policy={self.dtype_policy!r:.80} must be one of "
                f"{', '.join(_POLICIES)}."
            )
        for name in ("residual", "batch_normalization"):
            value = getattr(self, name)
            if not isinstance(value, bool | np.bool_):
                raise ParameterError(f"{name}={value!r:.80} must be True or False.")
            self._settle(name, bool(value))

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
        return [*first, *self._inner_layers(), *self._output_layers()]

    def _output_layers(self) -> list[Layer]:
        """Layers that make probabilities of what the others compute."""
        return [Dense(OUTPUT, self.n_classes, "softmax")]

    def _hidden_layer(
        self,
        layer: Any,
        number: str,
        *pool: Layer,
        adds: str | None = None,
        normalized: bool,
    ) -> list[Layer]:
        """List a layer with a kernel and what comes between it and its activation."""
        if adds is None and not normalized:
            return [layer, *pool]
        block = [replace(layer, activation="linear", use_bias=not normalized), *pool]
        if normalized:
            block.append(BatchNormalization(f"norm_{number}"))
        if adds is not None:
            block.append(Add(f"add_{number}", adds))
        return [*block, Activation(f"activation_{number}", self.activation)]

    def _dropout(self, name: str) -> list[Layer]:
        return [Dropout(name, self.dropout)] if self.dropout else []

    def weights(self) -> list[Weight]:
        """List all weights, in their order, without building anything."""
        weights: list[Weight] = []
        shape: Shape = (self.n_features,)
        for layer in self.layers():
            weights += layer.weights(shape)
            shape = layer.output_shape(shape)
        return weights

    def weight_shapes(self) -> list[Shape]:
        """Shapes of all weights, in their order."""
        return [weight.shape for weight in self.weights()]

    @property
    def n_weights(self) -> int:
        """Number of weights, biases and moving averages included."""
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

        Those of norms leave what is normalized as it is.

        Parameters
        ----------
        seed : int
            Every kernel has a seed of its own, drawn from this one.

        Returns
        -------
        list of ndarray, float32
            In the order of ``weight_shapes``.
        """
        return initial_values(self.weights(), seed)

    def check(self, values: Sequence[np.ndarray]) -> None:
        """Refuse values that no training gives its weights.

        Raises
        ------
        ValueError
            If they are not of float32, or a variance is negative.
        """
        if not all(value.dtype == np.float32 for value in values):
            raise ValueError("its weights are not of float32")
        for weight, value in zip(self.weights(), values, strict=True):
            if weight.name == "moving_variance" and not (value >= 0).all():
                raise ValueError("the variances of its norms are not all positive")

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

    def statistics_pass(self) -> Callable[[Any, Sequence[Any]], list[Any]]:
        """Make what maps a batch and weights to the statistics its norms see.

        A mean and a variance each, in the order of the norms; on TensorFlow.
        """
        from skfashion._networks.statistics import statistics_pass

        return statistics_pass(self)

    def build_for_training(self) -> "TrainingModel":
        """Build what a compiled step trains: run-time arguments in place of values."""
        from skfashion._networks.training_model import TrainingModel

        return TrainingModel(self)

    def as_changed_to(self, model: "keras.Model") -> "KerasConfig":
        """Give the config of its Keras model after somebody has changed that."""
        from skfashion._networks.keras_network import read_model

        return read_model(
            model,
            (1, self.n_features, 1),
            label_smoothing=self.label_smoothing,
            as_compiled=True,
        )

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
            label_smoothing=0.5 if self.label_smoothing else 0.0,
            rescale=None if self.rescale is None else 1.0,
        )

    def for_prediction(self) -> Self:
        """Give the config of all networks whose forward pass is this one's."""
        return replace(self, dropout=0.0, l2=0.0, label_smoothing=0.0)

    def to_dict(self) -> dict[str, Any]:
        """Give the fields and the class's name, of numbers, text and tuples only."""
        return {"network": type(self).__name__, **asdict(self)}


# Fields that former versions did not know.
_LATER = {
    "batch_normalization",
    "convolutions",
    "label_smoothing",
    "logit_scale",
    "padding",
    "pooling",
    "residual",
    "stem_filters",
}


def config_from_dict(held: dict[str, Any]) -> "NetworkConfig | KerasConfig":
    """Make a config of what ``to_dict`` gave, or anybody wrote.

    Former versions knew fewer fields; each of those that came later begins as they
    had it.

    Raises
    ------
    ValueError
        If it is no config.
    """
    from skfashion._networks.cnn_config import CNNConfig
    from skfashion._networks.keras_config import KerasConfig
    from skfashion._networks.mlp_config import MLPConfig

    kinds = (MLPConfig, CNNConfig, KerasConfig)
    kind: Any = {kind.__name__: kind for kind in kinds}[held["network"]]
    given = {name: value for name, value in held.items() if name != "network"}
    known = {field.name for field in fields(kind)}
    if not known - _LATER <= given.keys() <= known:
        raise ValueError(f"{', '.join(given)} are not the fields of {kind.__name__}")
    return kind(**given)


def as_number(name: str, value: Any, least: float, most: float) -> float:
    """Turn a field that is a number of some range into a float."""
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not is_number or not least <= as_float(name, value) <= most:
        raise ParameterError(
            f"{name}={value!r:.80} must be a number from {least:g} to {most:g}."
        )
    return float(value)
