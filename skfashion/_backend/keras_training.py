"""Training through ``keras.Model.fit``, of what no compiled step serves."""

import logging
from typing import Any

import numpy as np

from skfashion._backend.compiled_step import Arrays
from skfashion._backend.runtime import keras, tf
from skfashion._backend.schedules import rate_callbacks
from skfashion._backend.tensors import Places
from skfashion._backend.training import History, State, Training
from skfashion.exceptions import ParameterError

__all__ = ["fit_model"]

_VALIDATION_ROWS = 1024


class _ShuffledBatches(keras.utils.PyDataset):
    """The rows of each epoch in the order that the seed and the epoch draw."""

    def __init__(self, training: Training, config: Any) -> None:
        super().__init__()
        self._training, self._config = training, config
        self.begin(0)

    def begin(self, epoch: int, logs: dict | None = None) -> None:  # noqa: ARG002
        """Draw the order of an epoch; Keras itself runs part of one to build."""
        self._order = self._training.order(epoch)
        self._variations = self._training.variations(epoch)

    def __len__(self) -> int:
        return self._training.n_steps

    def __getitem__(self, index: int) -> Arrays:
        start = index * self._training.batch_size
        rows = self._order[start : start + self._training.batch_size]
        x, *others = (array[rows] for array in self._training.arrays)
        if self._variations is not None:
            x = np.empty(x.shape, x.dtype)
            self._variations.take(self._training.arrays[0], rows, x)
        return self._config.to_inputs(x), *others


def fit_model(training: Training, config: Any, model: keras.Model) -> History:
    """Train a model through ``keras.Model.fit``."""
    if config.label_smoothing:
        raise ParameterError(
            f"label_smoothing={config.label_smoothing} needs a network, an optimizer "
            "and a loss of Keras's own, and no BackupAndRestore among the callbacks; "
            "set label_smoothing=0."
        )
    batches = _ShuffledBatches(training, config)
    held_out = training.validation_data
    if held_out is not None:
        held_out = config.to_inputs(held_out[0]), held_out[1]
    # As in chunks: some set out from where the weights stand when they are built.
    model.optimizer.build(model.trainable_variables)

    def begin(epoch: int, _logs: dict | None = None) -> None:
        batches.begin(epoch)
        config.reseed(model, training.seed, epoch)

    def state() -> State:
        held = model.weights, model.optimizer.variables
        return Places(held[0]).read(), Places(held[1]).read()

    def end(epoch: int, logs: dict | None = None) -> None:
        asked = bool(model.stop_training)
        model.stop_training = training.after_epoch(epoch, logs or {}, state, asked)

    # The last, so that the others can tell who ended training.
    ours = keras.callbacks.LambdaCallback(on_epoch_begin=begin, on_epoch_end=end)
    logger = tf.get_logger()
    logger.addFilter(_is_not_about_retracing)
    try:
        with rate_callbacks(model, training.schedule, training.factors) as (
            first,
            last,
        ):
            history = model.fit(
                batches,
                # Keras's own shuffling would draw from Python's global generator.
                shuffle=False,
                initial_epoch=training.epochs.start,
                epochs=training.epochs.stop,
                validation_data=held_out,
                validation_batch_size=_VALIDATION_ROWS,
                callbacks=[*first, *training.callbacks, ours, *last],
                verbose=0,
            )
    finally:
        logger.removeFilter(_is_not_about_retracing)
    return {
        name: [float(value) for value in values]
        for name, values in history.history.items()
    }


def _is_not_about_retracing(record: logging.LogRecord) -> bool:
    # A new model is traced anew, and several short fits in a row make TensorFlow
    # advise against that, which the caller can do nothing about.
    return "triggered tf.function retracing" not in record.getMessage()
