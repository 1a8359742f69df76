"""Rows of pixels: the images they fold into, and the scale they are on."""

import math
import warnings
from typing import Any

import numpy as np
from scipy.sparse import issparse

from skfashion._utils.validation import as_float, is_count
from skfashion.exceptions import DataError, ParameterError, UnscaledPixelsWarning


def as_array(X: Any) -> Any:
    """Take what has the shape of images, or of rows of their pixels, as it is."""
    if not hasattr(X, "shape"):
        try:
            X = np.asarray(X)
        except ValueError as error:
            raise DataError(f"X is no array of images: {error}") from error
    if len(X.shape) > 4:
        raise DataError(
            f"X has {len(X.shape)} dimensions, but images come as (n, pixels), "
            "(n, height, width) or (n, height, width, channels)."
        )
    return X


def as_rows(X: Any) -> tuple[Any, tuple[int, ...] | None]:
    """Flatten images to rows; the second result is their shape, if they had one."""
    X = as_array(X)
    shape: tuple[int, ...] = X.shape
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
            or not all(is_count(side) for side in image_shape)
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
