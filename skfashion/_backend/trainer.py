"""Trains a network, in compiled chunks or through ``keras.Model.fit``.

Compiled chunks serve Keras's own layers, losses, metrics and optimizers, whatever the
callbacks: those that listen to batches get chunks of one batch. Everything else goes
through ``keras.Model.fit`` over the same batches, with the same results where nothing
random is in them.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from skfashion._backend import step_cache
from skfashion._backend.compiled_step import (
    Arrays,
    CompiledStep,
    wants_xla,
)
from skfashion._backend.gather import permutation
from skfashion._backend.optimizers import OptimizerConfig
from skfashion._backend.runtime import build_metrics, keras, tf
from skfashion._backend.schedules import (
    CONSTANT,
    check_schedule,
    factors_of_epoch,
    rate_callbacks,
)
from skfashion._backend.subsample import Subsample
from skfashion._backend.tensors import Places
from skfashion.exceptions import ParameterError
from skfashion.preprocessing._augmented import Augmenter, Variations

__all__ = [
    "Silence",
    "Training",
    "borrowed",
    "gathered",
    "gathering",
    "listens_to_batches",
    "restores",
    "train",
    "train_model",
]

_VALIDATION_ROWS = 1024
_BATCH_HOOKS = (
    "on_batch_begin",
    "on_batch_end",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_batch_begin",
    "on_test_batch_end",
)
History = dict[str, list[float]]
# The values of a network's variables and of its optimizer's.
State = tuple[Sequence[Any], Sequence[Any] | None]
Reached = tuple[list[Any], list[Any]]


# The epoch, its logs, what reads the values reached, whether callbacks ask to stop.
AfterEpoch = Callable[[int, dict[str, float], Callable[[], State], bool], bool]


@dataclass(frozen=True)
class Training:
    """What is trained on, and for how long.

    Parameters
    ----------
    arrays : tuple of ndarray
        Inputs, class numbers and perhaps a factor of each row's loss.
    epochs : range
        Numbers of the epochs; with the seed, each decides what is drawn in it.
    batch_size : int
        Rows a step; the last batch of an epoch may be smaller.
    seed : int
        Of the order of the rows and of the dropout masks.
    validation_data : tuple of (ndarray, ndarray) or None, default=None
        Inputs and class numbers to evaluate after each epoch.
    after_epoch : callable, default=as callbacks ask
        Is given the epoch's number, its logs, a function that reads the values reached
        and whether callbacks ask to stop, after each epoch; tells whether to.
    callbacks : sequence of keras.callbacks.Callback, default=()
        Called as by ``keras.Model.fit``.
    schedule : str, default="constant"
        One of ``SCHEDULES``, for the learning rate.
    peak : float, default=1.0
        Factor of the learning rate where a schedule is at its highest.
    scheduled : range or None, default=None
        Numbers of the epochs that it goes over, where some were trained already; None
        for all of ``epochs``.
    augmenter : Augmenter or None, default=None
        Varies the inputs anew in each epoch.
    subsample : Subsample or None, default=None
        Chooses the rows of each epoch; None for all.
    """

    arrays: Arrays
    epochs: range
    batch_size: int
    seed: int
    validation_data: tuple[np.ndarray, np.ndarray] | None = None
    after_epoch: AfterEpoch = lambda _epoch, _logs, _state, over: over
    callbacks: Sequence[keras.callbacks.Callback] = field(default=())
    schedule: str = CONSTANT
    peak: float = 1.0
    scheduled: range | None = None
    augmenter: Augmenter | None = None
    subsample: Subsample | None = None

    @property
    def n_rows(self) -> int:
        """Number of rows."""
        return len(self.arrays[0])

    @property
    def n_steps(self) -> int:
        """Number of steps of an epoch."""
        return -(-self.n_rows // self.batch_size)

    def order(self, epoch: int) -> np.ndarray:
        """Draw the rows of an epoch, in their order."""
        if self.subsample is not None:
            return self.subsample.order(self.seed, epoch)
        return permutation(self.seed, epoch, self.n_rows)

    def factors(self, epoch: int) -> np.ndarray:
        """Tell the factor of the learning rate in each step of an epoch."""
        epochs, n_steps = self.scheduled or self.epochs, self.n_steps
        if self.subsample is not None:
            n_steps = -(-self.subsample.count(epoch) // self.batch_size)
        factors = factors_of_epoch(self.schedule, epoch, epochs, n_steps)
        return factors if self.schedule == CONSTANT else factors * np.float32(self.peak)

    def variations(self, epoch: int) -> Variations | None:
        """Draw what becomes of each row in an epoch; None where nothing does."""
        if self.augmenter is None:
            return None
        return self.augmenter.draw(epoch, self.n_rows)


def train(
    training: Training,
    config: Any,
    optimizer: OptimizerConfig,
    state: State,
    model: keras.Model | None = None,
) -> tuple[History, Reached]:
    """Train a network in compiled chunks.

    Parameters
    ----------
    training : Training
        On what, and for how long.
    config : NetworkConfig or KerasConfig
        The network.
    optimizer : OptimizerConfig
        One that is ``servable``.
    state : (values, values or None)
        Of the network's variables and of the optimizer's, None where those begin
        anew.
    model : keras.Model, default=None
        What callbacks see and change; needed where there are any. It holds the values
        already, and holds those reached at the end.

    Returns
    -------
    history : dict of str to list of float
        Loss and metrics by epoch.
    state : (list of tensors, list of tensors)
        The values reached.
    """
    size, epochs = training.batch_size, training.epochs
    history: History = {}
    callbacks = list(training.callbacks)
    seen = _Seen(model, asked=bool(callbacks))
    listeners = _listeners(model, training, seen)
    # Padded to whole chunks under XLA, for the bits are to be the same.
    one_by_one = any(map(listens_to_batches, callbacks))
    with (
        borrowed(training, config, optimizer) as step,
        ThreadPoolExecutor(1) as gatherer,
    ):
        step.load(config, optimizer, *state)
        if model is not None:
            # The optimizer may begin anew, and at another rate.
            _write(model, step.state())
        seen.step = step
        listeners.on_train_begin()
        logs: dict[str, float] = {}
        for epoch in epochs:
            listeners.on_epoch_begin(epoch)
            seen.take_changes()
            step.begin_epoch(training.seed, epoch)
            told = _Told(training.order(epoch), training.subsample)
            for number, (chunk, count, factors) in enumerate(
                gathered(step, training, epoch, told.rows, one_by_one, gatherer)
            ):
                if not one_by_one:
                    told.add(step.train_chunk(chunk, count, size, factors), count)
                    continue
                listeners.on_train_batch_begin(number)
                seen.take_changes()
                told.add(step.train_chunk(chunk, count, size, factors), count)
                seen.show()
                listeners.on_train_batch_end(number, step.logs(*told.sums()))
                if seen.asked_to_stop:
                    break
            if one_by_one:
                seen.take_changes()
            logs = step.logs(*told.sums_of_all())
            seen.show()
            if training.validation_data is not None:
                listeners.on_test_begin()
                held_out = step.evaluate(training.validation_data, listeners)
                listeners.on_test_end(held_out)
                logs |= {f"val_{name}": value for name, value in held_out.items()}
            listeners.on_epoch_end(epoch, logs)
            logs |= seen.logs
            seen.take_changes()
            for name, value in logs.items():
                history.setdefault(name, []).append(float(value))
            if training.after_epoch(epoch, logs, step.state, seen.asked_to_stop):
                break
        step.finish()
        reached = step.state()
        if model is not None:
            _write(model, reached)
        listeners.on_train_end(logs)
    return history, reached


def borrowed(
    training: Training, config: Any, optimizer: OptimizerConfig
) -> AbstractContextManager[CompiledStep]:
    """Borrow the compiled step of a training."""
    size = training.batch_size
    xla = wants_xla(config, training.n_rows // size)
    return step_cache.borrow(
        config,
        optimizer,
        training.arrays,
        size if xla else None,
        training.subsample is not None,
    )


class _Told:
    """What the compiled calls of an epoch have told."""

    def __init__(self, rows: np.ndarray, subsample: Subsample | None) -> None:
        self.rows, self._subsample = rows, subsample
        self._waiting: list[tuple[Any, int]] = []
        self._sums, self._done = np.zeros(2), 0

    def add(self, told: Any, count: int) -> None:
        """Take what a call gave for so many rows, which may still be computed."""
        self._waiting.append((told, count))

    def sums(self) -> tuple[np.ndarray, int]:
        """Give the sums of losses and right answers, and of how many rows."""
        for tensor, count in self._waiting:
            told, done = tensor.numpy(), self._done
            self._sums += told[:2]
            self._done = done + count
            if self._subsample is not None:
                rows = self.rows[done : self._done]
                seen = told[2 : 2 + 2 * count].reshape(-1, 2)
                self._subsample.take(rows, seen)
        self._waiting = []
        return self._sums, self._done

    def sums_of_all(self) -> tuple[np.ndarray, int]:
        """Give the same of all rows, also those that the epoch left out."""
        sums, done = self.sums()
        if self._subsample is None or done < len(self.rows):
            return sums, done
        return self._subsample.complete(sums, self.rows), len(self._subsample.seen)


class _Seen:
    """What callbacks see of a step, and change: the caller's model."""

    step: CompiledStep

    def __init__(self, model: Any, *, asked: bool) -> None:
        self._model, self._asked = model, asked
        # Of the last epoch, as the callbacks left them.
        self.logs: dict[str, float] = {}

    @property
    def asked_to_stop(self) -> bool:
        """Whether callbacks have asked to train no further."""
        return self._asked and bool(self._model.stop_training)

    def note(self, _epoch: int, logs: dict[str, float]) -> None:
        """Take note of the logs of an epoch."""
        self.logs = logs

    def show(self) -> None:
        """Give the model the values reached."""
        if self._asked:
            _write(self._model, self.step.state())

    def take_changes(self) -> None:
        """Take over what callbacks may have changed."""
        if self._asked:
            optimizer = self._model.optimizer.variables
            self.step.take(Places(self._model.weights).read(), Places(optimizer).read())


def _write(model: keras.Model, state: State) -> None:
    values, optimizer_values = state
    Places(model.weights).write(values)
    model.optimizer.build(model.trainable_variables)
    Places(model.optimizer.variables).write(optimizer_values or ())


class Silence:
    """Stands for callbacks where there are none."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


def _listeners(model: keras.Model | None, training: Training, seen: _Seen) -> Any:
    if not training.callbacks:
        return Silence()
    assert model is not None
    # EarlyStopping looks among them for whether more is better.
    build_metrics(model)
    model.optimizer.build(model.trainable_variables)
    model.stop_training = False
    return keras.callbacks.CallbackList(
        [
            *training.callbacks,
            keras.callbacks.LambdaCallback(on_epoch_end=seen.note),
        ],
        add_history=True,
        model=model,
        verbose=0,
        epochs=training.epochs.stop,
        steps=training.n_steps,
    )


def listens_to_batches(callback: keras.callbacks.Callback) -> bool:
    """Tell whether a callback asks for more than epochs."""
    # These have hooks for batches, which do nothing when they are set so.
    if type(callback) is keras.callbacks.ModelCheckpoint:
        return callback.save_freq != "epoch"
    if type(callback) is keras.callbacks.TensorBoard:
        return (
            callback.update_freq != "epoch"
            or callback.write_steps_per_second
            or getattr(callback, "_should_trace", True)
        )
    return any(
        getattr(getattr(callback, hook), "__func__", None)
        is not getattr(keras.callbacks.Callback, hook)
        for hook in _BATCH_HOOKS
    )


def restores(callback: keras.callbacks.Callback) -> bool:
    """Tell whether a callback needs ``keras.Model.fit``.

    It sets the number of the first epoch where only Keras looks for it.
    """
    return isinstance(callback, keras.callbacks.BackupAndRestore)


def gathering(
    step: CompiledStep, training: Training, epoch: int, order: np.ndarray
) -> Callable[[range], tuple[list[Any], int]]:
    """Make what gathers a chunk of an epoch from places in its order."""
    variations = training.variations(epoch)

    def gather(places: range) -> tuple[list[Any], int]:
        seed = training.seed
        return step.gather(training.arrays, order, places, seed, epoch, variations)

    return gather


def gathered(
    step: CompiledStep,
    training: Training,
    epoch: int,
    order: np.ndarray,
    one_by_one: bool,
    gatherer: ThreadPoolExecutor,
) -> Iterator[tuple[list[Any], int, np.ndarray]]:
    """Yield each chunk of an epoch, the next one being gathered meanwhile.

    With it come the number of its rows and the factors of the learning rate.
    """
    gather_rows = gathering(step, training, epoch, order)
    factors, size = training.factors(epoch), training.batch_size

    def gather(places: range) -> tuple[list[Any], int, np.ndarray]:
        steps = slice(places.start // size, -(-places.stop // size))
        return *gather_rows(places), factors[steps]

    chunks = step.chunks(len(order), size, one_by_one=one_by_one)
    ready = gather(next(chunks))
    for places in chunks:
        coming = gatherer.submit(gather, places)
        yield ready
        ready = coming.result()
    yield ready


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


def train_model(
    training: Training,
    config: Any,
    model: keras.Model,
    optimizer: OptimizerConfig | None = None,
) -> History:
    """Train a compiled Keras model in place, in chunks if that can be.

    Parameters
    ----------
    training : Training
        On what, and for how long.
    config : NetworkConfig or KerasConfig
        The network.
    model : keras.Model
        Holds the values, and those reached at the end.
    optimizer : OptimizerConfig or None, default=None
        What its optimizer begins anew by; None where that goes on.

    Returns
    -------
    dict of str to list of float
        Loss and metrics by epoch.
    """
    held = model.optimizer
    built_for = list(map(id, held._trainable_variables)) if held.built else None
    if optimizer is None and built_for not in (None, _ids(model)):
        # Layers were frozen since, or freed: Keras has no such optimizer go on.
        optimizer = OptimizerConfig.of(held)
    if optimizer is not None and held.built:
        model.optimizer = optimizer.make()
        # It holds on to the optimizer that it was traced with.
        model.train_function = None
    used = optimizer or OptimizerConfig.of(held)
    check_schedule(training.schedule, used)
    if (
        not config.servable
        or not used.servable
        or any(map(restores, training.callbacks))
    ):
        return _fit(training, config, model)
    # As in Keras: some set out from where the weights stand when they are built.
    model.optimizer.build(model.trainable_variables)
    values = Places(model.weights).read()
    begun = Places(model.optimizer.variables).read() if optimizer is None else None
    return train(training, config, used, (values, begun), model)[0]


def _ids(model: keras.Model) -> list[int]:
    return list(map(id, model.trainable_variables))


def _fit(training: Training, config: Any, model: keras.Model) -> History:
    """Train a model through ``keras.Model.fit``."""
    if config.label_smoothing:
        raise ParameterError(
            f"label_smoothing={config.label_smoothing} needs a network, an optimizer "
            "and a loss of Keras's own, and no BackupAndRestore among the callbacks; "
            "set label_smoothing=0."
        )
    if training.subsample is not None:
        raise ParameterError(
            f"subsample={training.subsample.part} needs a network, an optimizer and a "
            "loss of Keras's own, and no BackupAndRestore among the callbacks; set "
            "subsample=1.0."
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
