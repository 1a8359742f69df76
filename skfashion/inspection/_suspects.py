"""Labels that a classifier which has not seen them doubts."""

from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import cross_val_predict
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _num_samples

from skfashion._utils.labels import as_labels
from skfashion.exceptions import DataError, ParameterError

__all__ = ["suspect_labels"]


def suspect_labels(
    estimator: Any,
    X: Any,
    y: Any,
    *,
    cv: Any = 5,
    n_jobs: int | None = None,
    params: dict[str, Any] | None = None,
) -> pd.DataFrame:
    """Rank labels by how little a classifier that has not seen them believes them.

    Each image is predicted by a clone of the classifier that was fitted on the other
    folds. The probability that it gives to the image's own label is the label's
    self-confidence [1]_; wrong labels have the lowest.

    Parameters
    ----------
    estimator : classifier with ``predict_proba``, or pipeline that ends in one
        Any of scikit-learn's kind, fitted or not; it is not changed.
    X : array-like of shape (n, ...)
        Images, as the estimator takes them.
    y : array-like of shape (n,)
        Their labels, of any sort.
    cv : int, splitter or iterable, default=5
        Folds, as ``sklearn.model_selection.cross_val_predict`` takes them; an integer
        stratifies by label.
    n_jobs : int or None, default=None
        Processes that fit folds at the same time, as scikit-learn counts them.
    params : dict or None, default=None
        Passed to ``fit``.

    Returns
    -------
    pandas.DataFrame
        A row a label, the least believed first: "row", its place in ``y``; "label",
        as it is in ``y``; "predicted", the most probable label; "self_confidence" and
        "predicted_confidence", the probabilities of the two; "suspect", whether
        another label than the given is the most probable of those that reach the mean
        self-confidence of their own class, which is confident learning's count of
        wrong labels.

    Raises
    ------
    ParameterError
        If the estimator gives no probabilities.
    DataError
        If ``y`` is not a label for each image, one is missing, or a class has fewer
        rows than there are folds.

    See Also
    --------
    skfashion.displays.PredictionGridDisplay : Draws images with both labels.
    near_duplicates : Images that are in two sets.

    References
    ----------
    .. [1] Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in
       Dataset Labels", Journal of Artificial Intelligence Research 70, 2021,
       arXiv:1911.00068.

    Examples
    --------
    >>> from skfashion import FashionMLPClassifier, load_fashion_sample
    >>> from skfashion.inspection import suspect_labels
    >>> X, y = load_fashion_sample(return_X_y=True)
    >>> mlp = FashionMLPClassifier((16,), epochs=2, rescale=1 / 255)
    >>> table = suspect_labels(mlp, X, y, cv=2)
    >>> list(table)[:4]
    ['row', 'label', 'predicted', 'self_confidence']
    >>> len(table), bool(table["self_confidence"].is_monotonic_increasing)
    (2000, True)
    """
    if not hasattr(estimator, "predict_proba"):
        raise ParameterError(
            f"estimator={estimator!r:.80} has no predict_proba, and labels are ranked "
            "by probabilities; give a classifier that has, or put it into "
            "sklearn.calibration.CalibratedClassifierCV."
        )
    y = as_labels("y", y, _num_samples(X), "X")
    missing = np.flatnonzero(pd.isna(y))
    if len(missing):
        raise DataError(
            f"y has {y[missing[0]]!r} in row {missing[0]}, which is no label; leave "
            f"out the {len(missing)} rows that have none."
        )
    check_classification_targets(y)
    classes, codes, counts = np.unique(y, return_inverse=True, return_counts=True)
    if isinstance(cv, Integral) and counts.min() < cv:
        raise DataError(
            f"y has {counts.min()} rows of class {classes[counts.argmin()].item()!r}, "
            f"but cv={cv} needs {cv} of each class; lower cv, or leave that class out."
        )
    probabilities = cross_val_predict(
        estimator, X, y, cv=cv, n_jobs=n_jobs, method="predict_proba", params=params
    )
    rows = np.arange(len(y))
    own = probabilities[rows, codes]
    predicted = probabilities.argmax(axis=1)
    table = pd.DataFrame(
        {
            "row": rows,
            "label": y,
            "predicted": classes[predicted],
            "self_confidence": own,
            "predicted_confidence": probabilities[rows, predicted],
            "suspect": _confident_class(probabilities, codes) != codes,
        }
    )
    # Stable, so that equally doubtful ones keep their order.
    order = np.argsort(own, kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _confident_class(probabilities: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Find the most probable class of those that reach their mean self-confidence.

    The given class where none does.
    """
    own = probabilities[np.arange(len(codes)), codes]
    thresholds = np.bincount(codes, weights=own) / np.bincount(codes)
    confident = np.where(probabilities >= thresholds, probabilities, -1)
    found = confident.argmax(axis=1)
    return np.where(confident.max(axis=1) < 0, codes, found)
