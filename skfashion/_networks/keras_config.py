"""A network that somebody else designed, as Keras's own description of it.

It stands where the config of a network of this package does, and holds no Keras
object. What Keras's deserializer makes of it is in ``keras_network``.
"""

import functools
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from skfashion._networks.layers import Shape

if TYPE_CHECKING:
    import keras

    from skfashion._networks.copied_model import CopiedModel

__all__ = ["KerasConfig"]

# Layers that bring pixels to a scale of the network's own.
_SCALING = {"Rescaling", "Normalization"}
# Networks of these alone are faster under XLA, as far as was measured.
_XLA_LAYERS = {
    "InputLayer",
    "Rescaling",
    "Flatten",
    "Reshape",
    "Dense",
    "Activation",
    "BatchNormalization",
}


@dataclass(frozen=True, kw_only=True)
class KerasConfig:
    """The network of a Keras model, apart from the values of its weights.

    Parameters
    ----------
    n_classes : int
        Number of outputs.
    image_shape : tuple of (int, int, int)
        Height, width and channels that a row of pixels folds into.
    input_shape : tuple of int
        Shape of one image as the network takes it.
    description : str
        Keras's description of the model, as JSON.
    shapes : tuple of tuple of int
        Of its weights, in Keras's order.
    frozen : tuple of bool
        Which of its weights are not trained.
    foreign : tuple of str
        Its parts that are not Keras's own; it trains through ``keras.Model.fit``.
    rescale : float or None, default=None
        Factor of the pixels, applied before the network.
    from_logits : bool, default=False
        Whether its outputs are logits.
    label_smoothing : float in [0, 1), default=0.0
        Part of each label, in training, that all classes share.
    compiled : str or None, default=None
        JSON of the loss and metrics that the model was compiled with by hand; None
        for those of the classifiers.
    function : callable or None, default=None
        Builds it anew where Keras's description does not.
    """

    n_classes: int
    image_shape: Shape
    input_shape: Shape
    description: str
    shapes: tuple[Shape, ...]
    frozen: tuple[bool, ...]
    foreign: tuple[str, ...] = ()
    rescale: float | None = None
    from_logits: bool = False
    label_smoothing: float = 0.0
    compiled: str | None = None
    function: Any = None

    @property
    def n_features(self) -> int:
        """Number of inputs, one a pixel and channel."""
        return math.prod(self.image_shape)

    def weight_shapes(self) -> list[Shape]:
        """Shapes of all weights, in their order."""
        return list(self.shapes)

    def dropped_sizes(self) -> list[int]:
        """List nothing, for Keras's own layers draw what they drop."""
        return []

    @functools.cached_property
    def servable(self) -> bool:
        """Whether compiled steps can train it."""
        return not self.foreign and not all(self.frozen)

    @functools.cached_property
    def suits_xla(self) -> bool:
        """Whether XLA makes training faster on a CPU, as far as was measured."""
        layers = list(_layers(json.loads(self.description)))
        return {kind for kind, _ in layers} <= _XLA_LAYERS and all(
            dtype == "float32" for _, dtype in layers
        )

    @functools.cached_property
    def scales_pixels(self) -> bool:
        """Whether it has a layer that brings pixels to a scale of its own."""
        layers = _layers(json.loads(self.description))
        return any(kind in _SCALING for kind, _ in layers)

    def as_changed_to(self, model: "keras.Model") -> "KerasConfig":
        """Give the config of its Keras model after somebody has changed that."""
        from skfashion._networks.keras_network import read_model

        return read_model(
            model,
            self.image_shape,
            rescale=self.rescale,
            from_logits=self.from_logits,
            label_smoothing=self.label_smoothing,
            as_compiled=True,
        )

    def check(self, values: Sequence[np.ndarray] | None = None) -> None:
        """Refuse what ``read_model`` does not make of Keras's own layers.

        Also values of other types than its weights'.

        Raises
        ------
        ValueError
            If it is something else; nothing that it names has been run.
        """
        from skfashion._networks.keras_network import check

        check(self, values)

    def build(self, values: Sequence[np.ndarray]) -> "keras.Model":
        """Build the model, uncompiled, of the values of its weights."""
        from skfashion._networks.keras_network import build

        return build(self, values)

    def build_for_training(self) -> "CopiedModel":
        """Build what a compiled step trains."""
        from skfashion._networks.copied_model import CopiedModel

        return CopiedModel(self)

    def forward_pass(self) -> Callable[[Any, Sequence[Any]], Any]:
        """Make what maps rows and weights to probabilities, on TensorFlow."""
        from skfashion._networks.keras_network import forward_pass

        return forward_pass(self)

    def to_inputs(self, rows: np.ndarray) -> np.ndarray:
        """Make of rows of pixels what the Keras model takes."""
        images = rows.reshape(len(rows), *self.input_shape)
        if self.rescale is None:
            return images
        return images.astype(np.float32) * np.float32(self.rescale)

    @staticmethod
    def reseed(model: "keras.Model", seed: int, epoch: int) -> None:
        """Have Keras's own layers draw what belongs to an epoch of a seed."""
        from skfashion._networks.keras_model import reseed

        reseed(model, seed, epoch)

    def without_values(self) -> Self:
        """Give the config of all networks whose compiled training is this one's."""
        from skfashion._backend.fingerprint import without_values

        held = without_values(json.loads(self.description))
        description = json.dumps(held, sort_keys=True)
        rescale = None if self.rescale is None else 1.0
        smoothing = 0.5 if self.label_smoothing else 0.0
        return replace(
            self,
            description=description,
            rescale=rescale,
            label_smoothing=smoothing,
        )

    def for_prediction(self) -> Self:
        """Give the config of all networks whose forward pass is this one's."""
        return replace(self, frozen=(), compiled=None, label_smoothing=0.0)

    def to_dict(self) -> dict[str, Any]:
        """Give the fields and the class's name."""
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        return {"network": type(self).__name__, **held}


def _layers(config: Any) -> Any:
    """List the class and the types of each layer that is no model."""
    if isinstance(config, dict):
        inner = config.get("config")
        if str(config.get("module")).startswith(("keras.layers", "keras.src.ops")):
            policy = (inner or {}).get("dtype")
            if isinstance(policy, dict):
                policy = policy["config"].get("name")
            yield config["class_name"], policy
        for value in config.values():
            yield from _layers(value)
    elif isinstance(config, list):
        for value in config:
            yield from _layers(value)
