"""What an estimator does after each epoch: print a line, stop early, save."""

import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from skfashion._backend.subsample import Subsample
from skfashion._backend.training import History
from skfashion._utils.fit_tasks import FitTasks
from skfashion.exceptions import CheckpointWarning, ParameterError, WriteError
from skfashion.neural_network._averaging import WeightAverage
from skfashion.neural_network._bound_network import as_arrays
from skfashion.neural_network._checkpoint import Checkpoints, Progress

__all__ = ["AfterEpoch", "EarlyStopping"]


@dataclass
class EarlyStopping:
    """Stops where the validation accuracy has not risen for a number of epochs.

    Parameters
    ----------
    patience : int
        That number.

    Attributes
    ----------
    best : float
        The highest accuracy so far.
    best_values : list of arrays or tensors, or None
        The weights that reached it.
    wait : int
        Epochs since.
    """

    patience: int
    best: float = -np.inf
    best_values: list[Any] | None = None
    wait: int = 0

    def is_over(self, accuracy: float, values: list[Any]) -> bool:
        """Take note of an epoch and tell whether to train no further."""
        self.wait += 1
        if accuracy > self.best or self.best_values is None:
            self.best, self.best_values, self.wait = accuracy, values, 0
        return self.wait >= self.patience


@dataclass
class AfterEpoch:
    """Called by the trainer after each epoch.

    Parameters
    ----------
    n_epochs : int
        Number of the last epoch, from 1.
    verbose : int or bool
        Whether to print a line an epoch.
    stopping : EarlyStopping or None
        None for no early stopping.
    average : WeightAverage or None
        None for the weights of the last epoch.
    checkpoints : Checkpoints or None
        Where each epoch is saved.
    progress : Progress or None
        Where training stands, with ``checkpoints``.
    interrupted : callable
        Whether Ctrl-C was pressed.
    tasks : FitTasks or None
        What tells scikit-learn's callbacks.
    subsample : Subsample or None
        What chooses the rows of the next.
    fitted : callable
        Gives the attributes of a classifier that is fitted with the values of an epoch
        and with the history so far.
    """

    n_epochs: int
    verbose: int | bool
    stopping: EarlyStopping | None
    average: WeightAverage | None
    checkpoints: Checkpoints | None
    progress: Progress | None
    interrupted: Callable[[], bool]
    tasks: FitTasks | None
    subsample: Subsample | None
    fitted: Callable[[list[Any], History], dict[str, Any]]

    def __post_init__(self) -> None:
        self._history: History = {}
        self._told = False
        self._began = time.perf_counter()
        stopping, progress = self.stopping, self.progress
        if stopping is not None and progress is not None and progress.stopping:
            stopping.best = progress.stopping["best"]
            stopping.wait = progress.stopping["wait"]
            stopping.best_values = progress.arrays["best"]

    def __call__(
        self, epoch: int, logs: dict[str, float], state: Callable[[], Any], over: bool
    ) -> bool:
        """Tell whether to train no further."""
        if self.verbose:
            self._print(epoch, logs)
        if self.stopping is not None:
            if "val_accuracy" not in logs:
                raise ParameterError(
                    "early_stopping=True needs the accuracy, which model_ was compiled "
                    "without: compile it with metrics=['accuracy']."
                )
            values, _ = state()
            over |= self.stopping.is_over(logs["val_accuracy"], values)
        if self.average is not None:
            self.average.take(epoch, state()[0])
        if self.tasks is not None:
            over |= self._tell(self.tasks, logs, state)
        if self.checkpoints is not None:
            self._save(logs, state, over)
        over = over or self.interrupted()
        if self.tasks is not None and not over and epoch + 1 < self.n_epochs:
            self.tasks.begin_epoch()
        return over

    def _tell(
        self, tasks: FitTasks, logs: dict[str, float], state: Callable[[], Any]
    ) -> bool:
        for name, value in logs.items():
            self._history.setdefault(name, []).append(float(value))
        return tasks.end_epoch(lambda: self.fitted(state()[0], self._history))

    def _print(self, epoch: int, logs: dict[str, float]) -> None:
        now = time.perf_counter()
        figures = "  ".join(f"{name} {value:.4f}" for name, value in logs.items())
        seconds = f"{now - self._began:.1f} s"
        sys.stdout.write(f"Epoch {epoch + 1}/{self.n_epochs}  {figures}  {seconds}\n")
        self._began = now

    def _save(
        self, logs: dict[str, float], state: Callable[[], Any], over: bool
    ) -> None:
        progress, stopping = self.progress, self.stopping
        assert progress is not None
        assert self.checkpoints is not None
        for name, value in logs.items():
            progress.history.setdefault(name, []).append(float(value))
        progress.take(*state())
        if stopping is not None:
            progress.stopping = {"best": stopping.best, "wait": stopping.wait}
            progress.arrays["best"] = as_arrays(stopping.best_values or [])
        if self.average is not None:
            progress.arrays["sums"] = list(self.average.sums)
        if self.subsample is not None:
            progress.arrays["seen"] = [self.subsample.seen]
        progress.over = over
        try:
            self.checkpoints.write(progress)
        except WriteError as error:
            # Training is worth more than its copies, and the next may succeed.
            if not self._told:
                warnings.warn(
                    f"{error} Training goes on, and so do attempts to save it.",
                    CheckpointWarning,
                    stacklevel=2,
                )
            self._told = True
