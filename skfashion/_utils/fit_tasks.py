"""A fit and its epochs, told to scikit-learn's callbacks (experimental in 1.9)."""

from collections.abc import Callable
from typing import Any

try:
    from sklearn.callback import CallbackSupportMixin
except ImportError:  # It may move, or go: all else is to work.

    class CallbackSupportMixin:  # type: ignore[no-redef]
        """Stands for scikit-learn's, where there is none."""


__all__ = ["CallbackSupportMixin", "FitTasks", "begin_fit"]


class FitTasks:
    """A fit that callbacks are told of: a task, whose parts are its epochs.

    Parameters
    ----------
    estimator : estimator
        The one that the callbacks were set on; it is fitted only at the end.
    n_epochs : int or None
        How many there will be at most; None if that is not known yet.
    **data
        As they were given to ``fit``: ``X``, ``y``, perhaps ``metadata``.
    """

    def __init__(self, estimator: Any, n_epochs: int | None, **data: Any) -> None:
        self._told = {"estimator": estimator, **data}
        self._fit = estimator._init_callback_context(max_subtasks=n_epochs)
        self._fit.call_on_fit_task_begin(**self._told)

    def begin_epoch(self) -> None:
        """Tell that an epoch begins."""
        self._epoch = self._fit.subcontext(task_name="epoch")
        self._epoch.call_on_fit_task_begin(**self._told)

    def end_epoch(self, fitted: Callable[[], dict[str, Any]]) -> bool:
        """Tell that it has ended; whether they ask to train no further.

        ``fitted`` gives the attributes of a classifier fitted with what was reached.
        It is called only for callbacks that want one.
        """
        return self._epoch.call_on_fit_task_end(
            **self._told, reconstruction_attributes=fitted
        )

    def end(self) -> None:
        """Tell that the fit has ended: the estimator itself is fitted."""
        self._fit.call_on_fit_task_end(**self._told, reconstruction_attributes={})


def begin_fit(estimator: Any, n_epochs: int | None, **data: Any) -> FitTasks | None:
    """Tell that a fit begins; None where there is nobody to be told.

    Before anything is changed that a fit which fails puts back: what callbacks have
    begun is ended by what scikit-learn finds on the estimator itself.
    """
    if not getattr(estimator, "_skl_callbacks", None):
        return None
    return FitTasks(estimator, n_epochs, **data)
