"""What goes with the images of a fit: labels, weights and the rows held out."""

from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from sklearn.utils import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight

from skfashion._utils.labels import listed
from skfashion._utils.validation import LARGEST, SMALLEST, as_float, as_numpy
from skfashion.exceptions import DataError, ParameterError

__all__ = [
    "TrainingData",
    "encode_labels",
    "hold_out",
    "normalized",
    "partial_classes",
    "refuse_in_parts",
    "take_labels",
    "training_weights",
]


@dataclass
class TrainingData:
    """What a fit trains on, and what it sets aside.

    Attributes
    ----------
    X : ndarray of shape (n, n_features)
        Images.
    codes : ndarray of shape (n,), int
        Class numbers.
    weights : ndarray of shape (n,) or None
        Factor of each row's loss.
    held_out : (ndarray, ndarray) or None
        Images and class numbers to validate on.
    """

    X: np.ndarray
    codes: np.ndarray
    weights: np.ndarray | None
    held_out: tuple[np.ndarray, np.ndarray] | None = None

    @property
    def arrays(self) -> tuple[np.ndarray, ...]:
        """What the trainer takes."""
        if self.weights is None:
            return self.X, self.codes
        return self.X, self.codes, self.weights.astype(np.float32)

    def hold_out(self, labels: np.ndarray, fraction: float, seed: int) -> None:
        """Set a part of the rows aside, stratified by label."""
        train, held = hold_out(labels, fraction, seed)
        self.held_out = self.X[held], self.codes[held]
        self.X, self.codes = self.X[train], self.codes[train]
        self.weights = None if self.weights is None else self.weights[train]


def take_labels(y: Any, name: str = "y") -> Any:
    """Take labels as they are, NumPy's where they are a tensor, and all of one sort.

    Lists are looked at before NumPy makes text of all that stands beside text.
    """
    y = as_numpy(name, y)
    if isinstance(y, list | tuple):
        values: Any = y
    elif getattr(getattr(y, "dtype", None), "kind", "") == "O" and np.ndim(y) == 1:
        values = np.asarray(y).tolist()
    else:
        return y
    text = next((label for label in values if isinstance(label, str)), None)
    for label in values:
        if label is None or (text is not None and _is_other(label)):
            beside = "" if text is None else f" among text such as {str(text)!r:.80}"
            shown = label.item() if isinstance(label, np.generic) else label
            raise DataError(
                f"{name} holds {shown!r:.80}{beside}; labels are of one sort: leave "
                "out the rows that have none, and write all others alike."
            )
    return y


def _is_other(label: Any) -> bool:
    """Whether a label is neither text nor a row of labels."""
    return not isinstance(label, str) and not np.iterable(label)


def encode_labels(name: str, y: np.ndarray, classes: np.ndarray) -> np.ndarray:
    """Turn labels into their positions in the sorted ``classes``."""
    try:
        found = np.unique(y)
        # By sorting: NumPy 2.0's other way overflows for the largest integers.
        unseen = found[~np.isin(found, classes, assume_unique=True, kind="sort")]
    except TypeError:
        # Labels that do not compare, such as text and None.
        unseen = y
    if len(unseen):
        raise DataError(
            f"{name} holds labels that are not among the classes of this estimator: "
            f"{listed(unseen)}; its classes are {listed(classes)}."
        )
    return np.searchsorted(classes, y)


def partial_classes(classes: Any, before: np.ndarray | None) -> np.ndarray:
    """Settle the classes of a ``partial_fit``, given those of the calls before."""
    if classes is None:
        if before is None:
            raise DataError(
                "classes=None at the first call of partial_fit; it must list every "
                "label there will be."
            )
        return before
    classes = as_numpy("classes", classes)
    try:
        known = np.unique(classes)
    except (TypeError, ValueError) as error:
        raise DataError(
            f"classes={classes!r:.80} must be labels of one sort: {error}."
        ) from error
    check_classification_targets(known)
    if before is not None and not np.array_equal(known, before):
        raise DataError(
            f"classes={known.tolist()} differs from those of the first call, "
            f"{before.tolist()}; pass the same, or None."
        )
    return known


def refuse_in_parts(early_stopping: bool, class_weight: Any) -> None:
    """Refuse what needs all of the data where only parts of it are seen."""
    if early_stopping:
        raise ParameterError(
            "early_stopping=True does not go with partial_fit, which never sees all "
            "of the data; set early_stopping=False."
        )
    if class_weight == "balanced":
        raise ParameterError(
            "class_weight='balanced' does not go with partial_fit, which never sees "
            "all of the data; give the weights as a dict."
        )


def training_weights(
    sample_weight: Any, class_weight: Any, X: np.ndarray, y: np.ndarray
) -> np.ndarray | None:
    """Multiply sample and class weights into a new array; None if there are none."""
    if sample_weight is None and class_weight is None:
        return None
    if isinstance(class_weight, dict):
        _check_class_weight(class_weight)
    weights = np.ones(len(X))
    # A sum that is too large is refused below.
    with np.errstate(over="ignore"):
        if sample_weight is not None:
            weights *= _check_sample_weight(
                as_numpy("sample_weight", sample_weight),
                X,
                dtype=np.float64,
                ensure_non_negative=True,
            )
        if class_weight is not None:
            weights *= compute_sample_weight(class_weight, y)
        total = weights.sum()
    if not SMALLEST <= total <= LARGEST and total != 0:
        raise DataError(
            f"sample_weight times class_weight sum to {total:g}, but must sum to "
            f"{SMALLEST:g} to {LARGEST:g}."
        )
    _refuse_zero(total, "row")
    return weights


def normalized(weights: np.ndarray) -> np.ndarray:
    """Give weights a mean of 1: their overall scale is not to act as learning rate."""
    total = weights.sum()
    _refuse_zero(total, "row that is not held out for validation")
    return weights * (len(weights) / total)


def _refuse_zero(total: float, rows: str) -> None:
    if total == 0:
        raise DataError(
            f"sample_weight times class_weight is 0 for every {rows}; at least one "
            "needs a positive weight."
        )


def _check_class_weight(class_weight: dict[Any, Any]) -> None:
    for weight in class_weight.values():
        if not isinstance(weight, Real) or as_float("class_weight", weight) < 0:
            raise ParameterError(
                f"class_weight={class_weight!r:.200} holds a negative weight, or one "
                "that is no number; each must be 0 or more."
            )


def hold_out(
    y: np.ndarray, fraction: float, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Split row numbers into training and validation rows, stratified by label."""
    # Half of the time that naming the classifiers takes, if it stood at the top.
    from sklearn.model_selection import train_test_split

    classes, counts = np.unique(y, return_counts=True)
    rows = np.arange(len(y))
    try:
        train, held = train_test_split(
            rows, test_size=fraction, stratify=y, random_state=seed
        )
    except ValueError:
        # Too few rows for one of each class, in words of another function.
        train = held = rows[:0]
    lacking = [
        label for label in classes if label not in y[train] or label not in y[held]
    ]
    if lacking:
        rarest = classes[counts.argmin()]
        raise DataError(
            f"validation_fraction={fraction} of {len(y)} rows leaves a class with no "
            f"sample on one side (class {rarest!s} has {counts.min()}); each class "
            "needs 2 rows or more and the fraction one row of each: change it, or pass "
            "X_val and y_val."
        )
    return train, held
