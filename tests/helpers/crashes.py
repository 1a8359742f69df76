"""Callbacks that act as an epoch begins, or stop a fit there as a crash does."""

__all__ = ["CrashError", "crash_in", "on_epoch"]


class CrashError(Exception):
    """Raised in the middle of a fit."""


def on_epoch(act, *, batches=False):
    """Make a callback that acts as an epoch begins; by Keras's own loop if batches."""
    import keras

    more = {"on_train_batch_end": lambda batch, logs: None} if batches else {}
    return keras.callbacks.LambdaCallback(on_epoch_begin=act, **more)


def crash_in(epoch, **kwargs):
    """Make a callback that stops a fit as an epoch begins."""

    def act(now, logs=None):
        if now == epoch:
            raise CrashError

    return on_epoch(act, **kwargs)
