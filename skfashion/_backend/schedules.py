"""How the learning rate goes over the steps of a fit: factors of it."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from skfashion._backend.runtime import keras
from skfashion.exceptions import ParameterError

if TYPE_CHECKING:
    from skfashion._backend.optimizers import OptimizerConfig

__all__ = [
    "CONSTANT",
    "SCHEDULES",
    "check_schedule",
    "factors_of_epoch",
    "rate_callbacks",
]

CONSTANT = "constant"
SCHEDULES = (CONSTANT, "one_cycle", "cosine")
# Where one cycle begins, as a part of the learning rate, and when it has risen to it.
_ONE_CYCLE_START, _ONE_CYCLE_PEAK = 0.2, 0.23


def factors_of_epoch(
    schedule: str, epoch: int, epochs: range, n_steps: int
) -> np.ndarray:
    """Tell by what the learning rate is multiplied in each step of an epoch.

    Parameters
    ----------
    schedule : {"constant", "one_cycle", "cosine"}
        "one_cycle" rises linearly from 0.2 to 1 over the first 23% of the epochs, then
        falls linearly to 0; "cosine" falls from 1 to 0 by half a cosine.
    epoch : int
        Which of ``epochs``.
    epochs : range
        All that the schedule goes over.
    n_steps : int
        Of one epoch.

    Returns
    -------
    ndarray of shape (n_steps,), float32
        Above 0, also in the last step: 0 is reached one step later.
    """
    if schedule == CONSTANT:
        return np.ones(n_steps, np.float32)
    first = (epoch - epochs.start) * n_steps
    done = np.arange(first, first + n_steps) / (len(epochs) * n_steps)
    if schedule == "one_cycle":
        factors = np.interp(done, [0, _ONE_CYCLE_PEAK, 1], [_ONE_CYCLE_START, 1, 0])
    else:
        factors = (1 + np.cos(math.pi * done)) / 2
    return factors.astype(np.float32)


def check_schedule(schedule: str, optimizer: "OptimizerConfig") -> None:
    """Refuse a schedule of an optimizer whose learning rate is no number.

    Raises
    ------
    ParameterError
        If it has a schedule of Keras's already.
    """
    if schedule != CONSTANT and optimizer.learning_rate is None:
        raise ParameterError(
            f"learning_rate_schedule={schedule!r} needs a number as learning rate, but "
            "the optimizer has a schedule of its own; set learning_rate=0.01, say, or "
            f"learning_rate_schedule={CONSTANT!r}."
        )


@contextmanager
def rate_callbacks(
    model: keras.Model, schedule: str, factors: Callable[[int], np.ndarray]
) -> Iterator[tuple[list[Any], list[Any]]]:
    """Make callbacks that have ``keras.Model.fit`` follow a schedule.

    Between two steps the learning rate is the one that the schedule multiplies, for
    other callbacks to read and to change.

    Parameters
    ----------
    model : keras.Model
        Compiled, of an optimizer whose learning rate is a number.
    schedule : str
        One of ``SCHEDULES``.
    factors : callable
        Gives those of an epoch by its number.

    Yields
    ------
    (list, list) of keras.callbacks.Callback
        To be called before all others, and after them.

    Raises
    ------
    ParameterError
        If the model takes several steps between two calls.
    """
    if schedule == CONSTANT:
        yield [], []
        return
    if getattr(model, "steps_per_execution", 1) != 1:
        raise ParameterError(
            f"learning_rate_schedule={schedule!r} needs a model_ that takes one step "
            "at a time; compile it with steps_per_execution=1, or set "
            f"learning_rate_schedule={CONSTANT!r}."
        )
    optimizer, of_epoch = model.optimizer, np.ones(0, np.float32)
    rate: Any = None

    def begin(epoch: int, _logs: Any = None) -> None:
        nonlocal of_epoch
        of_epoch = factors(epoch)

    def scale(step: int, **_: Any) -> None:
        nonlocal rate
        rate = np.float32(float(optimizer.learning_rate))
        optimizer.learning_rate = rate * of_epoch[step]

    def restore(*_: Any, **_logs: Any) -> None:
        nonlocal rate
        if rate is not None:
            optimizer.learning_rate, rate = rate, None

    make = keras.callbacks.LambdaCallback
    try:
        yield (
            [make(on_epoch_begin=begin, on_train_batch_end=restore)],
            [make(on_train_batch_begin=scale)],
        )
    finally:
        restore()
