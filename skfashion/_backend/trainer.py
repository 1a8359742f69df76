"""Trains a network, in compiled chunks or through ``keras.Model.fit``.

Compiled chunks serve Keras's own layers, losses, metrics and optimizers, whatever the
callbacks: those that listen to batches get chunks of one batch. Everything else goes
through ``keras.Model.fit`` over the same batches, with the same results where nothing
random is in them.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from skfashion._backend import step_cache
from skfashion._backend.compiled_step import CompiledStep, wants_xla
from skfashion._backend.keras_training import fit_model
from skfashion._backend.listeners import listeners_of, listens_to_batches, restores
from skfashion._backend.optimizers import OptimizerConfig
from skfashion._backend.runtime import keras
from skfashion._backend.schedules import check_schedule
from skfashion._backend.subsample import Subsample
from skfashion._backend.tensors import Places
from skfashion._backend.training import History, State, Training

__all__ = ["borrowed", "gathered", "gathering", "train", "train_model"]

Reached = tuple[list[Any], list[Any]]


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
    listeners = listeners_of(model, training, seen.note)
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
            listeners.params["steps"] = training.count_steps(epoch)
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
                seen = told[2 : 2 + 3 * count].reshape(-1, 3)
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
        return fit_model(training, config, model)
    # As in Keras: some set out from where the weights stand when they are built.
    model.optimizer.build(model.trainable_variables)
    values = Places(model.weights).read()
    begun = Places(model.optimizer.variables).read() if optimizer is None else None
    return train(training, config, used, (values, begun), model)[0]


def _ids(model: keras.Model) -> list[int]:
    return list(map(id, model.trainable_variables))
