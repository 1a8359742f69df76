"""What a network is trained on, in which order and for how long, as a value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from skfashion._backend.compiled_step import Arrays
from skfashion._backend.gather import permutation
from skfashion._backend.runtime import keras
from skfashion._backend.schedules import CONSTANT, factors_of_epoch
from skfashion._backend.subsample import Subsample
from skfashion.preprocessing._augmented import Augmenter, Variations

__all__ = ["AfterEpoch", "History", "State", "Training"]

History = dict[str, list[float]]
# The values of a network's variables and of its optimizer's.
State = tuple[Sequence[Any], Sequence[Any] | None]


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
        """Number of steps of an epoch of all rows."""
        return -(-self.n_rows // self.batch_size)

    def count_steps(self, epoch: int) -> int:
        """Tell the number of steps of an epoch."""
        if self.subsample is None:
            return self.n_steps
        return -(-self.subsample.count(epoch) // self.batch_size)

    def order(self, epoch: int) -> np.ndarray:
        """Draw the rows of an epoch, in their order."""
        if self.subsample is not None:
            return self.subsample.order(self.seed, epoch)
        return permutation(self.seed, epoch, self.n_rows)

    def factors(self, epoch: int) -> np.ndarray:
        """Tell the factor of the learning rate in each step of an epoch."""
        epochs, n_steps = self.scheduled or self.epochs, self.count_steps(epoch)
        factors = factors_of_epoch(self.schedule, epoch, epochs, n_steps)
        return factors if self.schedule == CONSTANT else factors * np.float32(self.peak)

    def variations(self, epoch: int) -> Variations | None:
        """Draw what becomes of each row in an epoch; None where nothing does."""
        if self.augmenter is None:
            return None
        return self.augmenter.draw(epoch, self.n_rows)
