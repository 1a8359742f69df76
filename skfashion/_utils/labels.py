"""Labels of any sort: checked, named, and listed in a sentence."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from skfashion.exceptions import DataError, ParameterError


def as_labels(
    name: str, labels: Any, n_rows: int | None = None, beside: str = ""
) -> np.ndarray:
    """Take labels, one a row of what stands beside, if anything does."""
    labels = np.asarray(labels)
    if labels.dtype.kind in "OT":
        # As pandas keeps them: text and numbers are told apart by type.
        labels = np.array(labels.tolist())
    if n_rows is None and (labels.ndim != 1 or not len(labels)):
        raise DataError(
            f"{name} has shape {labels.shape}; it must be a list of one label or more."
        )
    if n_rows is not None and labels.shape != (n_rows,):
        raise DataError(
            f"{name} has shape {labels.shape}, but {beside} has {n_rows} rows; "
            f"{name} must hold one label for each."
        )
    return labels


def classes_behind(labels: np.ndarray, n_classes: int, name: str) -> np.ndarray:
    """Find the sorted classes that are behind labels, where some may not occur.

    Integers that lack a class are taken to count the classes from 0.
    """
    classes = np.unique(labels)
    if len(classes) == n_classes:
        return classes
    if classes.dtype.kind in "iu" and classes[0] >= 0 and classes[-1] < n_classes:
        return np.arange(n_classes)
    raise DataError(
        f"{name} stands for {n_classes} classes, but there are {len(classes)} "
        f"({listed(classes)}); it must have one entry for each of the sorted classes."
    )


def name_labels(
    *sorts: np.ndarray, class_names: Sequence[str] | None
) -> list[np.ndarray]:
    """Turn labels into the names of their classes, which come as the last result."""
    are_text = [labels.dtype.kind in "SU" for labels in sorts]
    if len(set(are_text)) > 1:
        text = sorts[are_text.index(True)]
        numbers = sorts[are_text.index(False)]
        raise DataError(
            f"y holds text such as {text.item(0)!r} and numbers such as "
            f"{numbers.item(0)!r}; "
            "actual and predicted labels must be of one sort, for they are compared."
        )
    labels = np.concatenate(sorts)
    classes = np.unique(labels)
    names = classes.astype(str)
    # Labels that are the names already need no renaming, whatever their order.
    if class_names is not None and not (are_text[0] and set(names) <= {*class_names}):
        classes = classes_behind(labels, len(class_names), "class_names")
        names = np.array([str(name) for name in class_names])
    return [*(names[np.searchsorted(classes, labels)] for labels in sorts), names]


def check_class_names(name: str, class_names: Any, n_classes: int) -> list[str]:
    """Take names of classes: a text for each, all of them different."""
    names = [] if isinstance(class_names, str | bytes) else class_names
    names = list(names) if np.iterable(names) else []
    are_text = all(isinstance(text, str) for text in names)
    if not are_text or len(names) != n_classes or len(set(names)) != n_classes:
        raise ParameterError(
            f"{name}={class_names!r:.80} must be {n_classes} different texts, one for "
            "each of the sorted classes."
        )
    return [str(text) for text in names]


def listed(labels: np.ndarray, most: int = 10) -> str:
    """Write labels in a sentence: the first few, as code, and how many more."""
    text = ", ".join(map(repr, labels[:most].tolist()))
    return text + (f" and {len(labels) - most} more" if len(labels) > most else "")
