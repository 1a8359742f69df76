"""A compiled Keras model as somebody made or changed it, as Keras's own description."""

from typing import Any

import numpy as np

from skfashion._backend.fingerprint import fingerprint, is_all_keras
from skfashion._backend.runtime import build_metrics, keras, tf

__all__ = ["KerasConfig"]

# Networks of these alone are faster under XLA, as far as was measured.
_XLA_LAYERS = (
    keras.layers.InputLayer,
    keras.layers.Rescaling,
    keras.layers.Flatten,
    keras.layers.Reshape,
    keras.layers.Dense,
    keras.layers.Activation,
    keras.layers.BatchNormalization,
)


class KerasConfig:
    """What a compiled step needs to know of a Keras model.

    Parameters
    ----------
    model : keras.Model
        Compiled; it is not touched.
    """

    def __init__(self, model: keras.Model) -> None:
        # A class of the caller's may have a training step of its own.
        self.servable = (
            is_all_keras(model)
            and len(model.inputs) == len(model.outputs) == 1
            and not model.run_eagerly
            and bool(model.trainable_variables)
        )
        self._serialized = keras.saving.serialize_keras_object(model)
        self._text = fingerprint(model)
        self.suits_xla = all(
            type(layer) in _XLA_LAYERS and layer.dtype_policy.name == "float32"
            for layer in model.layers
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KerasConfig) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def without_values(self) -> "KerasConfig":
        """Give itself: nothing in it is a run-time argument."""
        return self

    @staticmethod
    def variables_of(model: keras.Model) -> list[keras.Variable]:
        """List all that a model computes with and changes, seeds too."""
        return model.variables

    @staticmethod
    def reseed(model: keras.Model, seed: int, epoch: int) -> None:
        """Leave the seeds to the model."""

    def dropped_sizes(self) -> list[int]:
        """List nothing, for Keras's own layers draw what they drop."""
        return []

    def build_for_training(self) -> "_CopiedModel":
        """Build a model of the same layers, loss and metrics."""
        return _CopiedModel(self._serialized)


class _CopiedModel:
    """A model of Keras's layers, loss and metrics, which take nothing from outside."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._model = keras.saving.deserialize_keras_object(config)
        build_metrics(self._model)
        pixels = self._model.inputs[0]
        self.inputs = tf.TensorSpec((None, *pixels.shape[1:]), pixels.dtype)

    @property
    def variables(self) -> list[keras.Variable]:
        """All that the model computes with and changes, seeds too."""
        return self._model.variables

    @property
    def trainable_variables(self) -> list[keras.Variable]:
        """Those that are trained."""
        return self._model.trainable_variables

    @staticmethod
    def arguments(config: Any) -> np.ndarray:  # noqa: ARG004
        """Collect nothing."""
        return np.zeros(0, dtype=np.float32)

    def run(
        self, arguments: Any, x: Any, y: Any, weight: Any, masks: list[Any] | None
    ) -> tuple[list[Any], list[Any], Any]:
        """Compute the loss of some rows and update the metrics."""
        del arguments
        training, model = masks is not None, self._model
        outputs = model(x, training=training)
        loss = model.compute_loss(x, y, outputs, weight, training=training)
        model.compute_metrics(x, y, outputs, weight)
        return [loss], [tf.ones_like(loss)], tf.constant(0.0)

    def begin_count(self) -> None:
        """Begin a new count of the metrics."""
        self._model.reset_metrics()

    def logs(self, loss: float, right: float, n_rows: int) -> dict[str, float]:
        """Name the metrics since the count began."""
        del right
        results = {**self._model.get_metrics_result(), "loss": loss / n_rows}
        return {name: float(results[name]) for name in sorted(results)}
