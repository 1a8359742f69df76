"""Trains any compiled Keras classifier; knows no scikit-learn.

Every permutation comes from a seed and the number of its epoch, so training on
from epoch 5 sees what an uninterrupted run would have seen.

There are two roads. Compiled chunks (``programs.py``) serve Keras's own layers,
losses, metrics and optimizers, and callbacks that ask for epochs. Everything else
goes through ``keras.Model.fit`` over the same batches, with the same results.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from skfashion._backend import compiled_step, step_cache
from skfashion._backend.fingerprint import is_all_keras
from skfashion._backend.runtime import keras, tf

__all__ = ["in_chunks", "train"]

_VALIDATION_ROWS = 1024
_BATCH_HOOKS = (
    "on_batch_begin",
    "on_batch_end",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_batch_begin",
    "on_test_batch_end",
)


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
    is_over: Callable[[], bool] = lambda: False,
) -> dict[str, list[float]]:
    """Train a compiled model in place.

    Parameters
    ----------
    model : keras.Model
        Compiled classifier.
    x : ndarray of shape (n, n_features)
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
    is_over : callable, default=always False
        Asked after each epoch whether to train no further.

    Returns
    -------
    dict of str to list of float
        Loss and metrics by epoch.
    """
    arrays = (x, y) if sample_weight is None else (x, y, sample_weight)
    road = _fit_in_chunks if in_chunks(model, callbacks) else _fit_by_keras
    history = road(
        model,
        arrays,
        batch_size,
        seed,
        range(initial_epoch, initial_epoch + epochs),
        validation_data,
        list(callbacks),
        is_over,
    )
    return {
        name: [float(value) for value in values] for name, values in history.items()
    }


def in_chunks(
    model: keras.Model, callbacks: Sequence[keras.callbacks.Callback] = ()
) -> bool:
    """Tell whether compiled chunks can train a model under these callbacks."""
    return (
        # A class of the caller's may have a training step of its own.
        is_all_keras(model)
        and len(model.inputs) == len(model.outputs) == 1
        and not model.run_eagerly
        and bool(model.trainable_variables)
        and not isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
        and not model.optimizer.gradient_accumulation_steps
        and not any(_listens_to_batches(callback) for callback in callbacks)
    )


def _listens_to_batches(callback: keras.callbacks.Callback) -> bool:
    # These have hooks for batches, which do nothing when they are set so.
    if type(callback) is keras.callbacks.ModelCheckpoint:
        return callback.save_freq != "epoch"
    if type(callback) is keras.callbacks.TensorBoard:
        return (
            callback.update_freq != "epoch"
            or callback.write_graph
            or callback.write_steps_per_second
            or getattr(callback, "_should_trace", True)
        )
    return any(
        getattr(getattr(callback, hook), "__func__", None)
        is not getattr(keras.callbacks.Callback, hook)
        for hook in _BATCH_HOOKS
    )


def _permutation(seed: int, epoch: int, n_rows: int) -> np.ndarray:
    return np.random.default_rng([seed, epoch]).permutation(n_rows)


def _fit_in_chunks(
    model: keras.Model,
    arrays: compiled_step.Arrays,
    batch_size: int,
    seed: int,
    epochs: range,
    validation_data: tuple[np.ndarray, np.ndarray] | None,
    callbacks: list[keras.callbacks.Callback],
    is_over: Callable[[], bool],
) -> dict[str, list[float]]:
    n_rows = len(arrays[0])
    fixed = compiled_step.wants_xla(model, n_rows // batch_size)
    model.optimizer.build(model.trainable_variables)
    if callbacks:
        # EarlyStopping looks among them for whether more is better.
        compiled_step.build_metrics(model, arrays)
    listeners = keras.callbacks.CallbackList(
        callbacks,
        add_history=True,
        model=model,
        verbose=0,
        epochs=epochs.stop,
        steps=-(-n_rows // batch_size),
    )
    model.stop_training = False
    with (
        step_cache.borrow(model, arrays, batch_size if fixed else None) as program,
        ThreadPoolExecutor(1) as gatherer,
    ):
        listeners.on_train_begin()
        logs: dict[str, float] = {}
        for epoch in epochs:
            listeners.on_epoch_begin(epoch)
            # What callbacks see and change is the caller's model.
            if callbacks or epoch == epochs.start:
                program.load(model)
            order = _permutation(seed, epoch, n_rows)
            program.reset_metrics()
            losses = [
                program.train_chunk(*chunk, batch_size)
                for chunk in _gathered(program, arrays, order, batch_size, gatherer)
            ]
            logs = program.logs(float(sum(map(float, losses))) / n_rows)
            over = is_over() or epoch == epochs[-1]
            if callbacks or over:
                program.unload(model)
            if validation_data is not None:
                listeners.on_test_begin()
                held_out = program.evaluate(validation_data)
                listeners.on_test_end(held_out)
                logs |= {f"val_{name}": value for name, value in held_out.items()}
            listeners.on_epoch_end(epoch, logs)
            if model.stop_training or over:
                break
        model.optimizer.finalize_variable_values(model.trainable_variables)
        listeners.on_train_end(logs)
    return model.history.history


def _gathered(
    program: compiled_step.Program,
    arrays: compiled_step.Arrays,
    order: np.ndarray,
    batch_size: int,
    gatherer: ThreadPoolExecutor,
) -> Iterator[tuple[list[Any], int]]:
    """Yield each chunk, the next one being gathered meanwhile."""
    chunks = program.chunks(order, batch_size)
    ready = program.gather(arrays, next(chunks))
    for rows in chunks:
        coming = gatherer.submit(program.gather, arrays, rows)
        yield ready
        ready = coming.result()
    yield ready


class _ShuffledBatches(keras.utils.PyDataset):
    """The rows of each epoch in the order that ``(seed, epoch)`` draws."""

    def __init__(
        self, arrays: compiled_step.Arrays, batch_size: int, seed: int
    ) -> None:
        super().__init__()
        self._arrays = arrays
        self._batch_size = batch_size
        self._seed = seed
        self.begin(0)

    def begin(self, epoch: int, logs: dict | None = None) -> None:  # noqa: ARG002
        """Draw the order of an epoch; Keras itself runs part of one to build."""
        self._order = _permutation(self._seed, epoch, len(self._arrays[0]))

    def __len__(self) -> int:
        return -(-len(self._order) // self._batch_size)

    def __getitem__(self, index: int) -> compiled_step.Arrays:
        start = index * self._batch_size
        rows = self._order[start : start + self._batch_size]
        return tuple(array[rows] for array in self._arrays)


def _fit_by_keras(
    model: keras.Model,
    arrays: compiled_step.Arrays,
    batch_size: int,
    seed: int,
    epochs: range,
    validation_data: tuple[np.ndarray, np.ndarray] | None,
    callbacks: list[keras.callbacks.Callback],
    is_over: Callable[[], bool],
) -> dict[str, list[float]]:
    batches = _ShuffledBatches(arrays, batch_size, seed)
    # As in chunks: some set out from where the weights stand when they are built.
    model.optimizer.build(model.trainable_variables)

    def end(_epoch: int, _logs: dict | None = None) -> None:
        model.stop_training |= is_over()

    # The last, so that the others can tell who ended training.
    ours = keras.callbacks.LambdaCallback(
        on_epoch_begin=batches.begin, on_epoch_end=end
    )
    logger = tf.get_logger()
    logger.addFilter(_is_not_about_retracing)
    try:
        history = model.fit(
            batches,
            # Keras's own shuffling would draw from Python's global generator.
            shuffle=False,
            initial_epoch=epochs.start,
            epochs=epochs.stop,
            validation_data=validation_data,
            validation_batch_size=_VALIDATION_ROWS,
            callbacks=[*callbacks, ours],
            verbose=0,
        )
    finally:
        logger.removeFilter(_is_not_about_retracing)
    return history.history


def _is_not_about_retracing(record: logging.LogRecord) -> bool:
    # A new model is traced anew, and several short fits in a row make TensorFlow
    # advise against that, which the caller can do nothing about.
    return "triggered tf.function retracing" not in record.getMessage()
