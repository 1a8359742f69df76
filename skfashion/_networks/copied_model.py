"""What a compiled step trains of a network of somebody's own."""

import json
from typing import Any

import numpy as np

from skfashion._backend.global_state import untouched
from skfashion._backend.runtime import build_metrics, keras, tf
from skfashion._networks.fast_convolution import use_fast_gradients
from skfashion._networks.fused_normalization import fuse
from skfashion._networks.keras_config import KerasConfig
from skfashion._networks.keras_model import reseed
from skfashion._networks.keras_network import rebuild, to_images
from skfashion._networks.normalization import follow_weights
from skfashion._networks.smoothing import smoothable, smoothed

__all__ = ["CopiedModel"]


class CopiedModel:
    """A model of the same layers, and a loss and metrics.

    Parameters
    ----------
    config : KerasConfig
        One that is ``servable``.

    Attributes
    ----------
    inputs : tf.TensorSpec
        Of the rows that are evaluated.
    """

    def __init__(self, config: KerasConfig) -> None:
        self._config = config
        self._model = rebuild(config)
        fuse(self._model)
        use_fast_gradients(self._model)
        follow_weights(self._model)
        with untouched():
            self._compile()
        self.inputs = tf.TensorSpec((None, config.n_features), tf.float32)

    def _compile(self) -> None:
        if self._config.compiled is not None:
            held = json.loads(self._config.compiled)
            held = keras.saving.deserialize_keras_object(held)
        else:
            loss = keras.losses.SparseCategoricalCrossentropy(self._config.from_logits)
            held = {"loss": loss, "metrics": ["accuracy"]}
        if self._config.label_smoothing:
            held["loss"] = smoothable(held.get("loss"), self._config.from_logits)
        self._model.compile(optimizer=None, **held)
        build_metrics(self._model)

    @property
    def variables(self) -> list[keras.Variable]:
        """The weights, in the order of the config."""
        return self._model.weights

    @property
    def trainable_variables(self) -> list[keras.Variable]:
        """Those that are trained."""
        return self._model.trainable_variables

    @staticmethod
    def arguments(config: KerasConfig) -> np.ndarray:
        """Collect the run-time arguments of a config."""
        held = [config.rescale or 1.0, config.label_smoothing]
        return np.array(held, dtype=np.float32)

    def reseed(self, seed: int, epoch: int) -> None:
        """Have the layers draw what belongs to an epoch of a seed."""
        reseed(self._model, seed, epoch)

    def run(
        self, arguments: Any, x: Any, y: Any, weight: Any, masks: list[Any] | None
    ) -> tuple[list[Any], list[Any], Any, None]:
        """Compute the loss of some rows and update the metrics; tell no logits."""
        training, model = masks is not None, self._model
        images = to_images(self._config, x, arguments[0])
        outputs = model(images, training=training)
        targets = y
        if self._config.label_smoothing:
            smoothing = arguments[1] if training else 0.0
            targets = smoothed(y, self._config.n_classes, smoothing)
        loss = model.compute_loss(images, targets, outputs, weight, training=training)
        model.compute_metrics(images, y, outputs, weight)
        return [loss], [tf.ones_like(loss)], tf.zeros(1), None

    def begin_count(self) -> None:
        """Begin a new count of the metrics."""
        self._model.reset_metrics()

    def logs(self, loss: float, right: float, n_rows: int) -> dict[str, float]:
        """Name the metrics since the count began."""
        del right
        results = {**self._model.get_metrics_result(), "loss": loss / n_rows}
        return {name: float(results[name]) for name in sorted(results)}
