"""The Keras callbacks that an estimator's parameters stand for."""

import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from skfashion._backend.runtime import keras
from skfashion.exceptions import CheckpointWarning, ParameterError, WriteError
from skfashion.neural_network._checkpoint import STOPPING, Checkpoints, Progress

__all__ = ["callbacks_for"]


@contextmanager
def callbacks_for(
    given: Any,
    *,
    verbose: int | bool,
    patience: int | None,
    checkpoints: Checkpoints | None = None,
    progress: Progress | None = None,
) -> Iterator[list[keras.callbacks.Callback]]:
    """Collect the callbacks of one fit, and let go of the model afterwards.

    Parameters
    ----------
    given : list of keras.callbacks.Callback, one of them, or None
        The caller's own.
    verbose : int or bool
        Whether to print a line an epoch.
    patience : int or None
        Epochs without a rise of validation accuracy that end training; None for
        no early stopping.
    checkpoints : Checkpoints or None, default=None
        Where each epoch is saved.
    progress : Progress or None, default=None
        Where training stands, with ``checkpoints``.

    Yields
    ------
    list of keras.callbacks.Callback
        The caller's own first.

    Raises
    ------
    ParameterError
        If something else is among them.
    """
    several = isinstance(given, list | tuple)
    callbacks = list(given) if several else [] if given is None else [given]
    for callback in callbacks:
        if not isinstance(callback, keras.callbacks.Callback):
            raise ParameterError(
                f"callbacks holds {callback!r}, which is not a "
                "keras.callbacks.Callback."
            )
    if verbose:
        callbacks.append(_EpochLine())
    stopping = None
    if patience is not None:
        stopping = keras.callbacks.EarlyStopping(
            monitor="val_accuracy",
            mode="max",
            patience=patience,
            restore_best_weights=True,
        )
        callbacks.append(stopping)
    if checkpoints is not None and progress is not None:
        # The last, for it saves what the others leave.
        callbacks.append(_SavesEpochs(checkpoints, progress, stopping))
    try:
        yield callbacks
    finally:
        for callback in callbacks:
            # A callback that kept the model would be copied and pickled with it.
            # The base class's method, for some do work in one of their own.
            keras.callbacks.Callback.set_model(callback, None)


class _SavesEpochs(keras.callbacks.Callback):
    """Writes where training stands after each epoch."""

    def __init__(
        self,
        checkpoints: Checkpoints,
        progress: Progress,
        stopping: keras.callbacks.EarlyStopping | None,
    ) -> None:
        super().__init__()
        self._checkpoints = checkpoints
        self._progress = progress
        self._stopping = stopping
        self._told = False

    def on_train_begin(self, logs: dict | None = None) -> None:  # noqa: ARG002
        if self._stopping is not None and self._progress.stopping:
            # It has just forgotten what it knew.
            vars(self._stopping).update(self._progress.stopping)
            self._stopping.best_weights = self._progress.arrays["best"]

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:  # noqa: ARG002
        progress = self._progress
        for name, value in (logs or {}).items():
            progress.history.setdefault(name, []).append(float(value))
        progress.look_at(self.model)
        if self._stopping is not None:
            progress.stopping = {
                name: getattr(self._stopping, name) for name in STOPPING
            }
            progress.arrays["best"] = self._stopping.best_weights
        progress.over = bool(self.model.stop_training)
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


class _EpochLine(keras.callbacks.Callback):
    """Prints one line an epoch: loss, metrics and seconds."""

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:  # noqa: ARG002
        self._began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        logs = logs or {}
        figures = "  ".join(f"{name} {value:.4f}" for name, value in logs.items())
        seconds = time.perf_counter() - self._began
        sys.stdout.write(
            f"Epoch {epoch + 1}/{self.params['epochs']}  {figures}  {seconds:.1f} s\n"
        )
