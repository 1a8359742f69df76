"""The Keras callbacks that an estimator's parameters stand for."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from skfashion._runtime import keras
from skfashion.exceptions import ParameterError

__all__ = ["callbacks_for"]


@contextmanager
def callbacks_for(
    given: Any, *, verbose: int | bool, patience: int | None
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

    Yields
    ------
    list of keras.callbacks.Callback
        The caller's own first.

    Raises
    ------
    ParameterError
        If something else is among them.
    """
    alone = isinstance(given, keras.callbacks.Callback)
    callbacks = [given] if alone else list(given or ())
    for callback in callbacks:
        if not isinstance(callback, keras.callbacks.Callback):
            raise ParameterError(
                f"callbacks holds {callback!r}, which is not a "
                "keras.callbacks.Callback."
            )
    if verbose:
        callbacks.append(_EpochLine())
    if patience is not None:
        callbacks.append(
            keras.callbacks.EarlyStopping(
                monitor="val_accuracy",
                mode="max",
                patience=patience,
                restore_best_weights=True,
            )
        )
    try:
        yield callbacks
    finally:
        for callback in callbacks:
            # A callback that kept the model would be copied and pickled with it.
            # The base class's method, for some do work in one of their own.
            keras.callbacks.Callback.set_model(callback, None)


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
