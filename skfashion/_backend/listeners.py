"""Callbacks of Keras's while a network trains, and what they ask for."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from skfashion._backend.runtime import build_metrics, keras

if TYPE_CHECKING:
    from skfashion._backend.training import Training

__all__ = ["Silence", "listeners_of", "listens_to_batches", "restores"]

_BATCH_HOOKS = (
    "on_batch_begin",
    "on_batch_end",
    "on_train_batch_begin",
    "on_train_batch_end",
    "on_test_batch_begin",
    "on_test_batch_end",
)


class Silence:
    """Stands for callbacks where there are none."""

    def __init__(self) -> None:
        self.params: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


def listeners_of(
    model: keras.Model | None, training: "Training", note: Callable[..., None]
) -> Any:
    """Make of callbacks one that is called as by ``keras.Model.fit``.

    ``note`` is called last at the end of an epoch.
    """
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
            keras.callbacks.LambdaCallback(on_epoch_end=note),
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
