"""What an estimator does after each epoch: print a line, stop early, save."""

import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from skfashion.exceptions import CheckpointWarning, WriteError
from skfashion.neural_network._checkpoint import Checkpoints, Progress, as_arrays

__all__ = ["AfterEpoch", "EarlyStopping"]


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

    def __init__(self, patience: int) -> None:
        self._patience = patience
        self.best = -np.inf
        self.best_values: list[Any] | None = None
        self.wait = 0

    def is_over(self, accuracy: float, values: list[Any]) -> bool:
        """Take note of an epoch and tell whether to train no further."""
        self.wait += 1
        if accuracy > self.best or self.best_values is None:
            self.best, self.best_values, self.wait = accuracy, values, 0
        return self.wait >= self._patience


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
    checkpoints : Checkpoints or None
        Where each epoch is saved.
    progress : Progress or None
        Where training stands, with ``checkpoints``.
    interrupted : callable
        Whether Ctrl-C was pressed.
    """

    def __init__(
        self,
        n_epochs: int,
        verbose: int | bool,
        stopping: EarlyStopping | None,
        checkpoints: Checkpoints | None,
        progress: Progress | None,
        interrupted: Callable[[], bool],
    ) -> None:
        self._n_epochs = n_epochs
        self._verbose = verbose
        self._stopping = stopping
        self._checkpoints = checkpoints
        self._progress = progress
        self._interrupted = interrupted
        self._told = False
        self._began = time.perf_counter()
        if stopping is not None and progress is not None and progress.stopping:
            stopping.best, stopping.wait = (
                progress.stopping["best"],
                progress.stopping["wait"],
            )
            stopping.best_values = progress.arrays["best"]

    def __call__(
        self, epoch: int, logs: dict[str, float], state: Callable[[], Any], over: bool
    ) -> bool:
        """Tell whether to train no further."""
        if self._verbose:
            self._print(epoch, logs)
        if self._stopping is not None:
            values, _ = state()
            over |= self._stopping.is_over(logs["val_accuracy"], values)
        if self._checkpoints is not None:
            self._save(logs, state, over)
        return over or self._interrupted()

    def _print(self, epoch: int, logs: dict[str, float]) -> None:
        now = time.perf_counter()
        figures = "  ".join(f"{name} {value:.4f}" for name, value in logs.items())
        seconds = f"{now - self._began:.1f} s"
        sys.stdout.write(f"Epoch {epoch + 1}/{self._n_epochs}  {figures}  {seconds}\n")
        self._began = now

    def _save(
        self, logs: dict[str, float], state: Callable[[], Any], over: bool
    ) -> None:
        progress, stopping = self._progress, self._stopping
        assert progress is not None
        assert self._checkpoints is not None
        for name, value in logs.items():
            progress.history.setdefault(name, []).append(float(value))
        progress.take(*state())
        if stopping is not None:
            progress.stopping = {"best": stopping.best, "wait": stopping.wait}
            progress.arrays["best"] = as_arrays(stopping.best_values or [])
        progress.over = over
        try:
            self._checkpoints.write(progress)
        except WriteError as error:
            # Training is worth more than its copies, and the next may succeed.
            if not self._told:
                warnings.warn(
                    f"{error} Training goes on, and so do attempts to save it.",
                    CheckpointWarning,
                    stacklevel=2,
                )
            self._told = True
