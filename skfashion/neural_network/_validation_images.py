"""Validation images as ``fit`` is given them: whole, or cut by scikit-learn.

scikit-learn's cross-validation, searches and ensembles take from every argument that
is as long as X the rows that they take from X, validation images too, and say nothing.
A tuple of one array has length 1 and is passed on whole; pipelines transform what is in
it.
"""

import sys
import warnings
from typing import Any

import numpy as np

from skfashion.exceptions import CutValidationWarning, DataError

__all__ = ["unwrap", "warn_if_cut"]

# Where scikit-learn cuts them, in its version 1.9.
_CUTTING = (
    "sklearn.calibration",
    "sklearn.ensemble",
    "sklearn.feature_selection",
    "sklearn.linear_model",
    "sklearn.model_selection",
    "sklearn.multiclass",
)


def unwrap(X_val: Any, y_val: Any) -> tuple[Any, Any, bool]:
    """Take validation images and labels out of their tuples, if they are in such.

    Parameters
    ----------
    X_val, y_val : array-like, or tuple of one; None
        As they were given.

    Returns
    -------
    X_val, y_val : array-like or None
        As scikit-learn has them.
    wrapped : bool
        Whether they were in tuples.

    Raises
    ------
    DataError
        If one of the two is missing, or only one is in a tuple.
    """
    if (X_val is None) != (y_val is None):
        raise DataError("X_val and y_val must be given together.")
    wrapped, labels_wrapped = _is_wrapped(X_val, 2), _is_wrapped(y_val, 1)
    if wrapped and not labels_wrapped and np.shape(y_val) == (1,):
        # One image and its label.
        return X_val, y_val, False
    if wrapped != labels_wrapped:
        raise DataError(
            f"{'X_val' if wrapped else 'y_val'} alone is a tuple of one array: give "
            "(X_val,) and (y_val,), or both as arrays."
        )
    return (X_val[0], y_val[0], True) if wrapped else (X_val, y_val, False)


def _is_wrapped(given: Any, n_dims: int) -> bool:
    return type(given) is tuple and len(given) == 1 and np.ndim(given[0]) >= n_dims


def warn_if_cut(X: np.ndarray, X_val: np.ndarray) -> None:
    """Warn where scikit-learn may have taken validation images for rows of X.

    The evidence is that there are as many, and that something in scikit-learn that
    takes rows of its arguments called ``fit``.
    """
    if len(X_val) != len(X) or not _called_by_what_cuts():
        return
    warnings.warn(
        f"X_val has as many rows as X, {len(X)}, and came through scikit-learn's "
        "cross-validation, a search or an ensemble, which cut what is as long as X as "
        "they cut X: it may be a part of yours only. Give (X_val,) and (y_val,), which "
        "are tuples of one array and never cut.",
        CutValidationWarning,
        stacklevel=2,
    )


def _called_by_what_cuts() -> bool:
    frame = sys._getframe()
    while frame := frame.f_back:  # type: ignore[assignment]
        if frame.f_globals.get("__name__", "").startswith(_CUTTING):
            return True
    return False
