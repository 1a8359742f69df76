"""What the estimators ask of their input, as functions of arrays alone."""

import contextlib
import math
import secrets
import warnings
from numbers import Integral, Real
from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.utils import compute_sample_weight
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight

from skfashion.exceptions import DataError, ParameterError, UnscaledPixelsWarning

__all__ = [
    "as_float",
    "as_rows",
    "check_count",
    "draw_seed",
    "encode_labels",
    "fold_shape",
    "hold_out",
    "layer_sizes",
    "partial_classes",
    "refuse_in_parts",
    "scale_mistake",
    "training_weights",
    "warn_about_scale",
]

# Most that float32 holds, in which networks compute.
_MOST_FLOAT = float(np.finfo(np.float32).max)
# Sums of weights that float32, in which rows are weighted, holds with some room.
_LEAST_WEIGHT, _MOST_WEIGHT = 1e-30, 1e30
# Units or filters of a layer: more than any memory holds the weights of.
_MOST_UNITS = 2**20


def as_float(name: str, value: Any) -> float:
    """Turn a parameter that is a number, of whichever type, into a float."""
    number = math.inf
    with contextlib.suppress(OverflowError, TypeError, ValueError):
        number = float(value)
    if not abs(number) <= _MOST_FLOAT:
        raise ParameterError(
            f"{name}={value!r:.80} must be a number of {_MOST_FLOAT:.2g} at most."
        )
    return number


def as_rows(X: Any) -> tuple[Any, tuple[int, ...] | None]:
    """Flatten images to rows; the second result is their shape, if they had one."""
    if isinstance(X, list | tuple):
        try:
            X = np.asarray(X)
        except ValueError as error:
            raise DataError(f"X is no array of images: {error}") from error
    shape: tuple[int, ...] = getattr(X, "shape", ())
    if len(shape) > 4:
        raise DataError(
            f"X has {len(shape)} dimensions, but images come as (n, pixels), "
            "(n, height, width) or (n, height, width, channels)."
        )
    if len(shape) not in (3, 4) or issparse(X):
        return X, None
    return np.asarray(X).reshape(shape[0], math.prod(shape[1:])), tuple(shape[1:])


def fold_shape(
    n_pixels: int,
    image_shape: tuple[int, ...] | None,
    seen_shape: tuple[int, ...] | None,
) -> tuple[int, int, int]:
    """Find the (height, width, channels) that a row of pixels folds into.

    The parameter ``image_shape`` wins, then the shape that X came in, then a
    square in grey, a square in three colours, and last an image one pixel high.
    """
    if image_shape is not None:
        if (
            not isinstance(image_shape, list | tuple)
            or len(image_shape) not in (2, 3)
            or not all(_is_count(side) for side in image_shape)
        ):
            raise ParameterError(
                f"image_shape={image_shape!r} must be (height, width) or "
                "(height, width, channels), each an integer of 1 or more."
            )
        wanted = _three(image_shape)
        if math.prod(wanted) != n_pixels:
            raise DataError(
                f"image_shape={tuple(image_shape)} needs {math.prod(wanted)} pixels a "
                f"row, but X has {n_pixels}; shapes that would fit: "
                f"{_fitting_shapes(n_pixels)}."
            )
        if seen_shape is not None and _three(seen_shape) != wanted:
            raise DataError(
                f"image_shape={tuple(image_shape)}, but X holds images of shape "
                f"{seen_shape}; set image_shape=None or {seen_shape}."
            )
        return wanted
    if seen_shape is not None:
        return _three(seen_shape)
    for channels in (1, 3):
        side = math.isqrt(n_pixels // channels)
        if side * side * channels == n_pixels:
            return side, side, channels
    return 1, n_pixels, 1


def check_count(name: str, value: Any) -> None:
    """Refuse what does not count anything."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
        raise ParameterError(f"{name}={value!r} must be an integer of 1 or more.")


def layer_sizes(name: str, sizes: Any, *, at_least: int = 0) -> tuple[int, ...]:
    """Check a parameter that lists layers and return it as a tuple of int."""
    listed = (sizes,) if isinstance(sizes, Integral) else sizes
    try:
        listed = tuple(listed)
    except TypeError:
        listed = ("?",)
    if len(listed) < at_least or not all(
        _is_count(size) and size <= _MOST_UNITS for size in listed
    ):
        raise ParameterError(
            f"{name}={sizes!r} must be an integer of 1 or more, or a sequence of "
            f"{'them' if at_least == 0 else 'at least one of them'}, none above "
            f"{_MOST_UNITS:,}."
        )
    return tuple(int(size) for size in listed)


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
            f"{_listed(unseen)}; its classes are {_listed(classes)}."
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
    sample_weight: Any,
    class_weight: Any,
    X: np.ndarray,
    y: np.ndarray,
    *,
    normalize: bool,
) -> np.ndarray | None:
    """Multiply sample and class weights into a new array; None if there are none.

    Normalized weights have mean 1, so that their overall scale does not act as
    a learning rate.
    """
    if sample_weight is None and class_weight is None:
        return None
    if isinstance(class_weight, dict):
        _check_class_weight(class_weight)
    weights = np.ones(len(X))
    # A sum that is too large is refused below.
    with np.errstate(over="ignore"):
        if sample_weight is not None:
            weights *= _check_sample_weight(
                sample_weight, X, dtype=np.float64, ensure_non_negative=True
            )
        if class_weight is not None:
            weights *= compute_sample_weight(class_weight, y)
        total = weights.sum()
    if not _LEAST_WEIGHT <= total <= _MOST_WEIGHT and total != 0:
        raise DataError(
            f"sample_weight times class_weight sum to {total:g}, but must sum to "
            f"{_LEAST_WEIGHT:g} to {_MOST_WEIGHT:g}."
        )
    if total == 0:
        raise DataError(
            "sample_weight times class_weight is 0 for every row; at least one row "
            "needs a positive weight."
        )
    if normalize:
        weights *= len(weights) / total
    return weights.astype(np.float32)


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


def draw_seed(random_state: Any) -> int:
    """Turn a ``random_state`` into one integer; None gives a new one each time.

    None asks the operating system, not NumPy's global generator, which is left
    as it was.
    """
    if random_state is None:
        return secrets.randbits(32)
    if isinstance(random_state, Integral):
        return int(random_state)
    return int(random_state.randint(2**31))


def scale_mistake(X: np.ndarray, rescale: float | None) -> str | None:
    """Say what is wrong with the scale of pixels, and the remedy; None if all is well.

    Without ``rescale``, raw pixels are wrong: whole numbers from 0 to well over 1.
    With it, what it brings nowhere near [0, 1] is.
    """
    highest = float(X.max())
    if rescale is None:
        # The usual case first: it is all that one image should wait for.
        if highest <= 1 or X.min() < 0 or (X[:64] != np.rint(X[:64])).any():
            return None
        lowest = float(X.min())
        return (
            f"raw pixels from {lowest:g} to {highest:g}, but trains and predicts well "
            "on [0, 1] only: put skfashion.PixelScaler before it, as in "
            "make_pipeline(PixelScaler(), {caller}()), or set rescale=1/255."
        )
    rescale = as_float("rescale", rescale)
    black = X.dtype.kind == "f" and 0 < highest <= 1 and rescale <= 0.5
    if not black and highest * rescale <= 2:
        return None
    lowest = float(X.min())
    return (
        f"pixels from {lowest:g} to {highest:g}, of which rescale={rescale:g} makes "
        f"{lowest * rescale:g} to {highest * rescale:g}; set rescale to 1 over the "
        "full scale, or to None where the pixels are on [0, 1] already."
    )


def warn_about_scale(mistake: str, caller: str) -> None:
    """Warn that an estimator was given pixels on the wrong scale."""
    warnings.warn(
        f"{caller} was given {mistake.replace('{caller}', caller)}",
        UnscaledPixelsWarning,
        stacklevel=2,
    )


def _is_count(value: Any) -> bool:
    is_integer = isinstance(value, Integral) and not isinstance(value, bool)
    return is_integer and value >= 1


def _three(shape: tuple[int, ...]) -> tuple[int, int, int]:
    height, width, channels = (*shape, 1)[:3]
    return int(height), int(width), int(channels)


def _fitting_shapes(n_pixels: int) -> str:
    sides = [s for s in range(math.isqrt(n_pixels), 0, -1) if n_pixels % s == 0][:3]
    shapes: list[tuple[int, ...]] = [(side, n_pixels // side) for side in sides]
    if (1, n_pixels) not in shapes:
        shapes.append((1, n_pixels))
    side = math.isqrt(n_pixels // 3)
    if side * side * 3 == n_pixels:
        shapes.insert(0, (side, side, 3))
    return ", ".join(str(shape) for shape in shapes)


def _listed(labels: np.ndarray, most: int = 10) -> str:
    text = ", ".join(str(label) for label in labels[:most])
    return text + (f" and {len(labels) - most} more" if len(labels) > most else "")
