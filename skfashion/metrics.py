"""What scikit-learn has no function for: categories, pairs that are confused."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from skfashion._utils.labels import as_labels, name_labels
from skfashion._utils.validation import check_count

__all__ = ["category_table", "confused_pairs"]


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


def _named(
    y_true: Any, y_pred: Any, class_names: Sequence[str] | None
) -> list[np.ndarray]:
    """Name labels: the actual ones, the predicted ones, and all there are."""
    y_true = as_labels("y_true", y_true)
    y_pred = as_labels("y_pred", y_pred, len(y_true), "y_true")
    return name_labels(y_true, y_pred, class_names=class_names)
