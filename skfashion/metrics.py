"""What scikit-learn has no function for: categories, confused pairs, calibration."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from skfashion._utils.labels import as_labels, name_labels
from skfashion._utils.validation import check_count
from skfashion.exceptions import DataError

__all__ = ["category_table", "confused_pairs", "expected_calibration_error"]


def category_table(
    y_true: Any, y_pred: Any, *, class_names: Sequence[str] | None = None
) -> pd.DataFrame:
    """Tell how well each category is recognised.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        Labels.
    y_pred : array-like of shape (n,)
        Predicted labels.
    class_names : sequence of str, default=None
        Names of the sorted classes; of class numbers from 0, also where some class
        does not occur. None writes the labels themselves.

    Returns
    -------
    pandas.DataFrame
        One row a category: "accuracy" (the part of its images that are predicted
        right, which is its recall), "precision", "f1" and "images".

    Raises
    ------
    DataError
        If the labels differ in number or in sort, or the names in number.

    See Also
    --------
    confused_pairs : Tells which categories are taken for each other.
    skfashion.displays.CategoryAccuracyDisplay : Draws the accuracies.
    sklearn.metrics.classification_report : The same figures as text.

    Examples
    --------
    >>> from skfashion.metrics import category_table
    >>> category_table([0, 0, 1, 1], [0, 1, 1, 1], class_names=["shoe", "hat"])
              accuracy  precision        f1  images
    category
    shoe           0.5   1.000000  0.666667       2
    hat            1.0   0.666667  0.800000       2
    """
    actual, predicted, names = _named(y_true, y_pred, class_names)
    precision, recall, f1, images = precision_recall_fscore_support(
        actual, predicted, labels=names, zero_division=0
    )
    return pd.DataFrame(
        {"accuracy": recall, "precision": precision, "f1": f1, "images": images},
        index=pd.Index(names, name="category"),
    )


def confused_pairs(
    y_true: Any,
    y_pred: Any,
    *,
    class_names: Sequence[str] | None = None,
    n_pairs: int = 10,
) -> pd.DataFrame:
    """List the pairs of categories that are confused most often.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        Labels.
    y_pred : array-like of shape (n,)
        Predicted labels.
    class_names : sequence of str, default=None
        Names of the sorted classes; of class numbers from 0, also where some class
        does not occur. None writes the labels themselves.
    n_pairs : int, default=10
        Most pairs listed.

    Returns
    -------
    pandas.DataFrame
        One row an ordered pair, the most frequent first: "actual", "predicted",
        "images" and "share", the part of the actual category's images.

    Raises
    ------
    ParameterError
        If ``n_pairs`` is not an integer of 1 or more.
    DataError
        If the labels differ in number or in sort, or the names in number.

    See Also
    --------
    category_table : Tells how well each category is recognised.
    sklearn.metrics.confusion_matrix : Counts every pair.

    Examples
    --------
    >>> from skfashion.metrics import confused_pairs
    >>> confused_pairs([0, 0, 1, 1], [0, 1, 1, 1], class_names=["shoe", "hat"])
      actual predicted  images  share
    0   shoe       hat       1    0.5
    """
    check_count("n_pairs", n_pairs)
    *labels, names = _named(y_true, y_pred, class_names)
    matrix = confusion_matrix(*labels, labels=names)
    totals = matrix.sum(axis=1)
    np.fill_diagonal(matrix, 0)
    order = np.argsort(-matrix, axis=None, kind="stable")[:n_pairs]
    order = order[matrix.flat[order] > 0]
    actual, predicted = np.unravel_index(order, matrix.shape)
    return pd.DataFrame(
        {
            "actual": names[actual],
            "predicted": names[predicted],
            "images": matrix[actual, predicted],
            "share": matrix[actual, predicted] / totals[actual],
        }
    )


def expected_calibration_error(
    y_true: Any, y_prob: Any, *, labels: Any = None, n_bins: int = 15
) -> float:
    """Measure how far probabilities are from the part of predictions that is right.

    Predictions are put into bins of equal width by the probability of the predicted
    class. It is the mean over the bins, each counted by its predictions, of the
    distance between the mean probability and the part that is right [1]_.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        Labels.
    y_prob : array-like of shape (n, n_classes)
        Probabilities, as ``predict_proba`` gives them.
    labels : array-like of shape (n_classes,), default=None
        The label of each column, as ``classes_`` has them. None takes the sorted
        labels of ``y_true``.
    n_bins : int, default=15
        How many bins there are; the number changes the result.

    Returns
    -------
    float
        From 0, where probabilities are as sure as they are right, to 1.

    Raises
    ------
    ParameterError
        If ``n_bins`` is not an integer of 1 or more.
    DataError
        If there is not a row for each label, a column for each of ``labels``, or a
        probability is not between 0 and 1.

    See Also
    --------
    sklearn.metrics.brier_score_loss : Counts being wrong and being too sure together.
    sklearn.calibration.CalibrationDisplay : Draws the bins of a binary classifier.

    References
    ----------
    .. [1] Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks",
       ICML 2017, :arxiv:`1706.04599`, equation 3.

    Examples
    --------
    >>> from skfashion.metrics import expected_calibration_error
    >>> error = expected_calibration_error([0, 1], [[0.75, 0.25], [0.75, 0.25]])
    >>> round(error, 4)
    0.25
    """
    check_count("n_bins", n_bins)
    y_true = as_labels("y_true", y_true)
    probabilities = np.asarray(y_prob, dtype=np.float64)
    classes = np.unique(y_true) if labels is None else as_labels("labels", labels)
    if probabilities.shape != (len(y_true), len(classes)):
        raise DataError(
            f"y_prob has shape {probabilities.shape}, but y_true has {len(y_true)} "
            f"labels of {len(classes)} classes; it must have a row for each label and "
            "a column for each class, whose labels are given as labels=."
        )
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise DataError(
            "y_prob holds values that are not between 0 and 1; give probabilities, as "
            "predict_proba has them."
        )
    confidence = probabilities.max(axis=1)
    right = classes[probabilities.argmax(axis=1)] == y_true
    bins = np.minimum((confidence * n_bins).astype(int), n_bins - 1)
    gaps = np.bincount(bins, weights=confidence - right, minlength=n_bins)
    return float(np.abs(gaps).sum() / max(len(y_true), 1))


def _named(
    y_true: Any, y_pred: Any, class_names: Sequence[str] | None
) -> list[np.ndarray]:
    """Name labels: the actual ones, the predicted ones, and all there are."""
    y_true = as_labels("y_true", y_true)
    y_pred = as_labels("y_pred", y_pred, len(y_true), "y_true")
    return name_labels(y_true, y_pred, class_names=class_names)
