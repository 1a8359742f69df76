"""Trains and predicts with any compiled Keras classifier; knows no scikit-learn.

Every permutation comes from a seed and the number of its epoch, so training on
from epoch 5 sees what an uninterrupted run would have seen.
"""

import inspect
import logging
from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

import numpy as np

from skfashion._runtime import keras, tf
from skfashion.exceptions import ParameterError

__all__ = ["make_optimizer", "make_predictor", "set_learning_rate", "train"]

# Rows a prediction holds in memory at once, beyond its input and output.
_PREDICT_ROWS = 1024


class _ShuffledBatches(keras.utils.PyDataset):
    """The rows of each epoch in the order that ``(seed, epoch)`` draws."""

    def __init__(
        self,
        arrays: tuple[np.ndarray, ...],
        batch_size: int,
        seed: int,
        epoch: int,
    ) -> None:
        super().__init__()
        self._arrays = arrays
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = epoch
        self._permute()

    def _permute(self) -> None:
        rng = np.random.default_rng([self._seed, self._epoch])
        self._order = rng.permutation(len(self._arrays[0]))

    def __len__(self) -> int:
        return -(-len(self._order) // self._batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, ...]:
        start = index * self._batch_size
        rows = self._order[start : start + self._batch_size]
        return tuple(array[rows] for array in self._arrays)

    def on_epoch_end(self) -> None:
        self._epoch += 1
        self._permute()


def train(
    model: keras.Model,
    x: np.ndarray,
    y: np.ndarray,
    sample_weight: np.ndarray | None = None,
    *,
    epochs: int,
    batch_size: int,
    seed: int,
    initial_epoch: int = 0,
    validation_data: tuple[np.ndarray, np.ndarray] | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
) -> dict[str, list[float]]:
    """Train a compiled model in place.

    Parameters
    ----------
    model : keras.Model
        Compiled classifier.
    x : ndarray of shape (n, n_features), float32
        Inputs.
    y : ndarray of shape (n,), int
        Class numbers.
    sample_weight : ndarray of shape (n,), default=None
        Factor of each row's loss.
    epochs : int
        Number of passes over the rows.
    batch_size : int
        Rows a step; the last batch of an epoch may be smaller.
    seed : int
        With the epoch's number, decides the order of the rows.
    initial_epoch : int, default=0
        Number of the first epoch.
    validation_data : tuple of (ndarray, ndarray), default=None
        Inputs and class numbers to evaluate after each epoch.
    callbacks : sequence of keras.callbacks.Callback, default=()
        Called as by ``keras.Model.fit``.

    Returns
    -------
    dict of str to list of float
        Loss and metrics by epoch.
    """
    arrays = (x, y) if sample_weight is None else (x, y, sample_weight)
    logger = tf.get_logger()
    logger.addFilter(_is_not_about_retracing)
    try:
        history = model.fit(
            _ShuffledBatches(arrays, batch_size, seed, initial_epoch),
            # Keras's own shuffling would draw from Python's global generator.
            shuffle=False,
            initial_epoch=initial_epoch,
            epochs=initial_epoch + epochs,
            validation_data=validation_data,
            validation_batch_size=_PREDICT_ROWS,
            callbacks=list(callbacks),
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


def make_predictor(model: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """Compile the model's forward pass once, for any number of rows.

    Parameters
    ----------
    model : keras.Model
        Maps (n, n_features) to (n, n_classes).

    Returns
    -------
    callable
        Maps a float32 array of any number of rows to the model's outputs. It
        reads the model's current weights, holds a bounded number of rows at a
        time and may be called from several threads.
    """
    signature = tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)
    forward = tf.function(
        lambda rows: model(rows, training=False), autograph=False
    ).get_concrete_function(signature)

    def predict(x: np.ndarray) -> np.ndarray:
        parts = [
            forward(tf.constant(x[start : start + _PREDICT_ROWS])).numpy()
            for start in range(0, len(x), _PREDICT_ROWS)
        ]
        return np.concatenate(parts)

    return predict


def make_optimizer(
    optimizer: "str | keras.optimizers.Optimizer",
    learning_rate: "float | keras.optimizers.schedules.LearningRateSchedule | None",
) -> keras.optimizers.Optimizer:
    """Make a fresh optimizer; one that is given is copied, never used.

    Parameters
    ----------
    optimizer : str or keras.optimizers.Optimizer
        Keras's name of an optimizer, or one to copy the settings of.
    learning_rate : float, keras LearningRateSchedule or None
        Replaces the optimizer's own learning rate unless it is None.

    Returns
    -------
    keras.optimizers.Optimizer
        Without state.

    Raises
    ------
    ParameterError
        If Keras knows no optimizer of that name.
    """
    kind: Any
    if isinstance(optimizer, str):
        known = _known_optimizers()
        if optimizer.lower() not in known:
            raise ParameterError(
                f"optimizer={optimizer!r} is not known to Keras; it must be a Keras "
                f"optimizer or one of {', '.join(sorted(known))}."
            )
        # Without a name Keras would number it, and count up for everyone else.
        kind = known[optimizer.lower()]
        config: dict[str, Any] = {"name": optimizer.lower()}
    else:
        if not isinstance(optimizer, keras.optimizers.Optimizer):
            raise ParameterError(
                f"optimizer={optimizer!r} must be a name or an object of a Keras "
                "optimizer, as keras.optimizers.SGD()."
            )
        kind, config = type(optimizer), optimizer.get_config()
    if isinstance(learning_rate, type):
        raise ParameterError(
            f"learning_rate={learning_rate!r} must be a number or an object of a Keras "
            "learning-rate schedule."
        )
    if learning_rate is not None:
        config["learning_rate"] = learning_rate
    # Not from_config alone: it takes schedules only in their serialized form.
    return kind(**config) if isinstance(optimizer, str) else kind.from_config(config)


def set_learning_rate(
    optimizer: keras.optimizers.Optimizer, learning_rate: Any
) -> None:
    """Give an optimizer that is under way a new learning rate, if it is a number.

    Parameters
    ----------
    optimizer : keras.optimizers.Optimizer
        Its state is kept.
    learning_rate : float, keras LearningRateSchedule or None
        A schedule and None leave the optimizer as it is.
    """
    if isinstance(learning_rate, Real):
        optimizer.learning_rate = float(learning_rate)


def _known_optimizers() -> dict[str, Any]:
    """Keras's optimizers that can be made from a name alone."""
    return {
        name.lower(): member
        for name, member in vars(keras.optimizers).items()
        if inspect.isclass(member)
        and issubclass(member, keras.optimizers.Optimizer)
        and member is not keras.optimizers.Optimizer
        and all(
            parameter.default is not parameter.empty or parameter.kind in (2, 4)
            for parameter in inspect.signature(member).parameters.values()
        )
    }
