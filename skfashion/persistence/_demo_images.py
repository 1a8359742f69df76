"""What goes into a model on a page: its pixels, and the example images."""

import base64
import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from skfashion._utils.labels import as_labels
from skfashion._utils.text import printable
from skfashion.exceptions import DataError, ParameterError
from skfashion.neural_network._base import BaseFashionClassifier
from skfashion.preprocessing import PixelScaler

__all__ = ["Pixels", "describe_images", "pixels_of"]

_MOST = 20


@dataclass(frozen=True)
class Pixels:
    """The pixels that a model takes.

    Parameters
    ----------
    shape : tuple of (height, width, channels)
        Of an image.
    dtype : {"uint8", "float32"}
        Of a pixel. What a model was fitted on otherwise comes as float32, which it
        computes in.
    black, white : float
        The least and the greatest pixel.
    """

    shape: tuple[int, int, int]
    dtype: str
    black: float
    white: float

    def describe(self) -> dict[str, Any]:
        """Describe them for the page."""
        return asdict(self)


def pixels_of(scalers: list[PixelScaler], classifier: BaseFashionClassifier) -> Pixels:
    """Find out which pixels a model takes.

    Raises
    ------
    DataError
        If no picture can be made of them, or the scale is not known.
    """
    height, width, channels = map(int, classifier.image_shape_)
    if height == 1:
        raise DataError(
            f"estimator takes rows of {width * channels} pixels and does not say how "
            "high and wide its images are; fit it on images of shape (n, height, "
            "width), or with image_shape=(height, width)."
        )
    if channels not in (1, 3):
        raise DataError(
            f"estimator takes images of {channels} channels; pictures have 1 (grey) or "
            "3 (red, green, blue)."
        )
    shape = (height, width, channels)
    if scalers:
        first = scalers[0]
        dtype = "uint8" if first.dtype_ == np.uint8 else "float32"
        return Pixels(shape, dtype, first.data_min_, first.data_max_)
    if classifier._fitted_off_scale:
        raise DataError(
            "estimator was fitted on unscaled pixels; put a PixelScaler before it and "
            "fit that pipeline, so that the page knows which pixel is white."
        )
    if classifier._rescale is None:
        return Pixels(shape, "float32", 0.0, 1.0)
    white = 1 / classifier._rescale
    return Pixels(shape, "uint8" if round(white, 3) == 255 else "float32", 0.0, white)


def describe_images(
    images: Any,
    labels: Any,
    estimator: Any,
    pixels: Pixels,
    classes: np.ndarray,
    names: list[str],
) -> list[dict[str, Any]]:
    """Check the example images and describe them for the page.

    Raises
    ------
    ParameterError
        If there are too many, or labels without images.
    DataError
        If the estimator does not take them.
    """
    if images is None:
        if labels is not None:
            raise ParameterError("labels are given without images; give both.")
        return []
    array = np.asarray(images)
    if array.ndim < 2:
        raise DataError(
            f"images={images!r:.80} must be images as the estimator takes them, of "
            f"shape (n, {', '.join(map(str, pixels.shape))}) or rows of their pixels."
        )
    if not 1 <= len(array) <= _MOST:
        raise ParameterError(
            f"images holds {len(array)} images; a page has from 1 to {_MOST}: give "
            f"images[:{_MOST}]."
        )
    # Refuses what the model was not fitted for, in its own words.
    estimator.predict_proba(images)
    rows = array.reshape(len(array), math.prod(pixels.shape)).astype(pixels.dtype)
    if pixels.dtype == "uint8" and not np.array_equal(rows.ravel(), array.ravel()):
        raise DataError(
            f"images has type {array.dtype}, but the page's model takes uint8, as it "
            "was fitted on; give whole numbers from 0 to 255."
        )
    shown = [None] * len(array)
    if labels is not None:
        labels = as_labels("labels", labels, len(array), "images")
        named = dict(zip(classes.tolist(), names, strict=True))
        shown = [named.get(label, printable(label)) for label in labels.tolist()]
    # In the order of bytes of every browser.
    stored = rows.astype(np.dtype(pixels.dtype).newbyteorder("<"))
    return [
        {"pixels": base64.b64encode(row.tobytes()).decode(), "label": label}
        for row, label in zip(stored, shown, strict=True)
    ]
