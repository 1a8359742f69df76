"""Rows that can only be read as images one pixel high; labels left among them."""

import warnings

import numpy as np

from skfashion.exceptions import ImageShapeWarning
from skfashion.preprocessing._pixels import fitting_shapes, square

__all__ = ["warn_of_thin_images"]

# Of images as small as this, one pixel more is no sign of a column of labels.
_FEW_PIXELS = 26
# Rows that tell whether a column goes with the labels.
_ENOUGH = 1000


def warn_of_thin_images(
    caller: str,
    image_shape: tuple[int, int, int],
    X: np.ndarray,
    y: np.ndarray,
    names: np.ndarray | None,
) -> None:
    """Warn that a network that sees images is given some of one pixel's height."""
    if 1 not in image_shape[:2]:
        return
    n_pixels = X.shape[1]
    height, width, channels = image_shape
    kept = (height, width) if channels == 1 else image_shape
    less = square(n_pixels - 1) if n_pixels > _FEW_PIXELS else None
    if less is None:
        remedy = (
            "set image_shape to (height, width) or (height, width, channels), as in "
            f"{fitting_shapes(n_pixels)}"
        )
    else:
        size = " x ".join(map(str, less if less[2] > 1 else less[:2]))
        remedy = (
            f"{n_pixels} is one more than {size}: leave {_label_column(X, y, names)} "
            f"out of X, or set image_shape={kept} if that is their shape"
        )
    warnings.warn(
        f"{caller} was given {n_pixels} pixels an image and reads them as {height} "
        f"high and {width} wide; {remedy}.",
        ImageShapeWarning,
        stacklevel=2,
    )


def _label_column(X: np.ndarray, y: np.ndarray, names: np.ndarray | None) -> str:
    """Name the column that is likely the labels: the first or the last."""
    wanted = _groups(y[:_ENOUGH])
    for column in (0, X.shape[1] - 1):
        if np.array_equal(_groups(X[:_ENOUGH, column]), wanted):
            name = "" if names is None else f" ({str(names[column])!r:.80})"
            return f"column {column}{name}, which goes with y,"
    return "the column of the labels"


def _groups(values: np.ndarray) -> np.ndarray:
    """Give each row the number of the first that has its value."""
    _, first, codes = np.unique(values, return_index=True, return_inverse=True)
    return first[codes]
