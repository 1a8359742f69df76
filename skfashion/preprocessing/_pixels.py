"""Rows of pixels: the images they fold into, and the scale they are on."""

import math
import warnings
from typing import Any

import numpy as np
from scipy.sparse import issparse

from skfashion._utils.validation import as_float, as_numpy, is_count
from skfashion.exceptions import DataError, ParameterError, UnscaledPixelsWarning

# Pixels of more levels than this are not taken to be on a scale of their own.
FEW_LEVELS = 16


def as_array(X: Any, name: str = "X") -> Any:
    """Take what has the shape of images, or of rows of their pixels, as it is."""
    X = as_numpy(name, X)
    if not hasattr(X, "shape"):
        kind = f"{type(X).__module__}.{type(X).__qualname__}"
        try:
            X = np.asarray(X)
        except (RuntimeError, TypeError, ValueError) as error:
            if isinstance(X, list | tuple):
                refuse_several_shapes(X, name)
            raise DataError(f"{name} is no array of images: {error}") from error
        if X.ndim == 0 and X.dtype.kind == "O":
            raise DataError(f"{name} is a {kind}, but must be an array of images.")
    if len(X.shape) > 4:
        raise DataError(
            f"{name} has {len(X.shape)} dimensions, but images come as (n, pixels), "
            "(n, height, width) or (n, height, width, channels)."
        )
    return X


def refuse_several_shapes(X: list | tuple, name: str) -> None:
    """Refuse images that are of two shapes or more."""
    shapes = list(dict.fromkeys(getattr(image, "shape", None) for image in X))
    if len(shapes) > 1 and None not in shapes:
        raise DataError(
            f"{name} holds images of shapes {shapes[0]} and {shapes[1]}; bring all to "
            "one, as load_image_folder(..., size=(height, width)) does of files."
        )


def as_rows(
    X: Any, fitted: tuple[int, int, int] | None = None, name: str = "X"
) -> tuple[Any, tuple[int, ...] | None]:
    """Flatten images to rows; the second result is their shape, if they had one.

    Where a fit has seen images already, of shape ``fitted``, others are refused.
    """
    X = as_array(X, name)
    shape: tuple[int, ...] = tuple(X.shape)
    if fitted is not None:
        refuse_one_image(shape, math.prod(fitted), name)
    if len(shape) not in (3, 4) or issparse(X):
        return X, None
    if fitted is not None:
        refuse_other_images(shape[1:], fitted, name)
    return np.asarray(X).reshape(shape[0], math.prod(shape[1:])), shape[1:]


def refuse_other_images(
    shape: tuple[int, ...], fitted: tuple[int, ...], name: str = "X"
) -> None:
    """Refuse images of another shape than those that fit saw."""
    wanted = _three(fitted)
    if _three(shape) != wanted:
        raise DataError(
            f"{name} holds images of shape {shape}, but fit saw images of shape "
            f"{wanted}; {_remedy(shape, wanted, name)}."
        )


def refuse_one_image(shape: tuple[int, ...], n_pixels: int, name: str = "X") -> None:
    """Refuse a single image where several are expected, as X[0] is for X."""
    single = 0 < len(shape) < 4 and math.prod(shape) == n_pixels
    if single and (len(shape) == 1 or math.prod(shape[1:]) != n_pixels):
        # scikit-learn's checks look for its first three words.
        raise DataError(
            f"Reshape your data: {name} has shape {shape}, which is one image, but "
            f"several are expected; give {name}[np.newaxis], as in "
            f"{name}[0][np.newaxis] for the first of {name}."
        )


def is_channel_first(shape: tuple[int, ...]) -> bool:
    """Tell whether an image's shape looks like (channels, height, width)."""
    if len(shape) != 3 or not shape[0] < shape[1] or shape[2] <= 4:
        return False
    # More channels than colours have are told by the square behind them.
    return shape[0] <= 4 or shape[1] == shape[2]


def channel_first_mistake(shape: tuple[int, ...]) -> str:
    """Say of images that they look channel-first, and the remedy."""
    return (
        f"X holds images of shape {shape}, which looks channel-first, (channels, "
        f"height, width); give channel-last images, {_transposed()}"
    )


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
        if seen_shape is not None and _three(seen_shape) != wanted:
            raise DataError(
                f"image_shape={tuple(image_shape)}, but X holds images of shape "
                f"{seen_shape}: set image_shape=None or {seen_shape}; or "
                f"{_remedy(seen_shape, wanted)}."
            )
        if math.prod(wanted) != n_pixels:
            raise DataError(
                f"image_shape={tuple(image_shape)} needs {math.prod(wanted)} pixels a "
                f"row, but X has {n_pixels}; shapes that would fit: "
                f"{fitting_shapes(n_pixels, wanted)}."
            )
        return wanted
    if seen_shape is not None:
        if is_channel_first(seen_shape):
            raise DataError(
                f"{channel_first_mistake(seen_shape)}; or set image_shape={seen_shape} "
                f"if they are {seen_shape[0]} pixels high."
            )
        return _three(seen_shape)
    return square(n_pixels) or (1, n_pixels, 1)


def square(n_pixels: int) -> tuple[int, int, int] | None:
    """Find the square in grey, or else in three colours, of so many pixels."""
    for channels in (1, 3):
        side = math.isqrt(n_pixels // channels)
        if side * side * channels == n_pixels:
            return side, side, channels
    return None


def likely_scale(highest: float) -> float:
    """Tell the full scale of raw pixels that go up to so much."""
    if highest <= FEW_LEVELS:
        return highest
    return next((scale for scale in (255.0, 65535.0) if highest <= scale), highest)


def scale_mistake(
    X: np.ndarray, rescale: float | None, *, fitting: bool = True, name: str = "X"
) -> str | None:
    """Say what is wrong with the scale of pixels, and the remedy; None if all is well.

    Without ``rescale``, raw pixels are wrong: whole numbers from 0 to well over 1.
    With it, what it brings nowhere near [0, 1] is, and at fit what it makes nearly
    black, which a few images to predict may be.
    """
    highest = float(X.max())
    of = "" if name == "X" else f"{name} of "
    if rescale is None:
        # The usual case first: it is all that one image should wait for.
        if highest <= 1 or X.min() < 0 or (X[:64] != np.rint(X[:64])).any():
            return None
        lowest = float(X.min())
        scale = likely_scale(highest)
        scaler = f"max_value={scale:g}" if highest <= FEW_LEVELS else ""
        remedy = (
            "put skfashion.PixelScaler before it, as in "
            f"make_pipeline(PixelScaler({scaler}), {{caller}}())"
        )
        if name != "X":
            remedy = (
                f"scale it as X was, where a pipeline did by scaler.transform({name})"
            )
        return (
            f"{of}raw pixels from {lowest:g} to {highest:g}, but trains and predicts "
            f"well on [0, 1] only: {remedy}, or set rescale=1/{scale:g}."
        )
    rescale = as_float("rescale", rescale)
    dark = X.dtype.kind == "f" and highest <= 1
    dark |= fitting and highest * rescale < (FEW_LEVELS + 0.5) / 255
    black = dark and highest > 0 and rescale <= 0.5
    if not black and highest * rescale <= 2:
        return None
    lowest = float(X.min())
    hint = f", as in rescale=1/{likely_scale(highest):g}," if highest > 1 else ""
    return (
        f"{of}pixels from {lowest:g} to {highest:g}, of which rescale={rescale:g} "
        f"makes {lowest * rescale:g} to {highest * rescale:g}; set rescale to 1 over "
        f"the full scale{hint} or to None where the pixels are on [0, 1] already."
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


def _transposed(name: str = "X") -> str:
    """Write how images become channel-last."""
    return (
        f"{name}.transpose(0, 2, 3, 1), or {name}.permute(0, 2, 3, 1) where it is a "
        "tensor"
    )


def _remedy(
    seen: tuple[int, ...], wanted: tuple[int, int, int], name: str = "X"
) -> str:
    """Tell how images of one shape become those of another."""
    if len(seen) == 3 and (*seen[1:], seen[0]) == wanted:
        return f"these are channel-first: give {_transposed(name)}"
    height, width, channels = _three(seen)
    if (width, height, channels) == wanted:
        return f"height and width are swapped: give {name}.swapaxes(1, 2)"
    return f"give images of that shape, or rows of {math.prod(wanted)} pixels"


def fitting_shapes(n_pixels: int, wanted: tuple[int, ...] = ()) -> str:
    """List shapes of so many pixels, of the size that was wanted first."""
    sides = [s for s in range(math.isqrt(n_pixels), 0, -1) if n_pixels % s == 0][:3]
    shapes: list[tuple[int, ...]] = [(side, n_pixels // side) for side in sides]
    if (1, n_pixels) not in shapes:
        shapes.append((1, n_pixels))
    side = math.isqrt(n_pixels // 3)
    if side * side * 3 == n_pixels:
        shapes.insert(0, (side, side, 3))
    channels, left = divmod(n_pixels, math.prod(wanted[:2]))
    if (
        wanted
        and not left
        and channels in (3, 4)
        and (*wanted[:2], channels) not in shapes
    ):
        shapes.insert(0, (*wanted[:2], channels))
    return ", ".join(str(shape) for shape in shapes)
