"""Picture files, made into what a model takes."""

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from skfashion._cli.model_files import class_names, last_step
from skfashion._utils.text import printable
from skfashion.exceptions import DataError, UnscaledPixelsWarning
from skfashion.persistence._pictures import FASHION, WAYS, usual_way
from skfashion.preprocessing import PixelScaler, read_image, read_photo
from skfashion.preprocessing._image_headers import describe_image
from skfashion.preprocessing._pixels import fold_shape

__all__ = ["WAYS", "Taker", "make_taker"]

_COLOURS = {1: "L", 3: "RGB"}


@dataclass(frozen=True)
class Taker:
    """A model, and how it takes pictures.

    Parameters
    ----------
    model : fitted classifier or Pipeline
        What predicts.
    path : str
        Its file, for errors.
    shape : tuple of (height, width, channels)
        Of its images.
    way : str
        One of ``WAYS``.
    """

    model: Any
    path: str
    shape: tuple[int, int, int]
    way: str

    def read(self, path: str) -> np.ndarray:
        """Read a picture as an image of the model's shape, uint8."""
        height, width, channels = self.shape
        if self.way == "photo":
            pixels = read_photo(path)
        else:
            mode, size = _COLOURS[channels], (height, width)
            pixels = read_image(path, size=size, mode=mode, resize=self.way)
        return pixels.reshape(self.shape)

    def describe(self, path: str) -> str:
        """Say what was made of a picture."""
        height, width, channels = self.shape
        made = f"{width}x{height} {'RGB' if channels == 3 else 'grey'}"
        return f"{printable(path)}: {describe_image(path)} -> {made}"

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Predict the probabilities of images that were read."""
        rows = images.reshape(len(images), -1)
        first = self.model[0] if last_step(self.model) is not self.model else None
        if isinstance(first, PixelScaler) and first.dtype_ != np.uint8:
            # White is the most that it was fitted on, black the least.
            rows = first.inverse_transform(rows / np.float32(255))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", UnscaledPixelsWarning)
                return self.model.predict_proba(rows)
        except UnscaledPixelsWarning as warning:
            raise DataError(
                f"MODEL {self.path!r} was fitted on scaled pixels; it must be saved "
                "with its PixelScaler, as one pipeline."
            ) from warning
        except ValueError as error:
            raise DataError(
                f"MODEL {self.path!r} does not take images of shape {self.shape}: "
                f"{printable(error)}"
            ) from error


def make_taker(model: Any, path: str, way: str | None) -> Taker:
    """Find out which images a model takes.

    Parameters
    ----------
    model : fitted classifier or Pipeline
        What predicts.
    path : str
        Its file.
    way : str or None
        One of ``WAYS``. None prepares as Fashion-MNIST's images were those for a model
        of 28x28 grey ones whose classes are numbers without names, or Fashion-MNIST's;
        and pads those for all others.

    Raises
    ------
    DataError
        If no picture can be made into what it takes.
    """
    shape = _image_shape(model, path)
    if way is None:
        way = usual_way(shape, class_names(model))
    if way == "photo" and shape != FASHION:
        raise DataError(
            f"MODEL {path!r} takes images of shape {shape}; --prepare photo makes them "
            f"of shape {FASHION}: give pad, crop or stretch instead."
        )
    return Taker(model, path, shape, way)


def _image_shape(model: Any, path: str) -> tuple[int, int, int]:
    n_features = getattr(model, "n_features_in_", None)
    shape = getattr(last_step(model), "image_shape_", None)
    if n_features is not None and (shape is None or math.prod(shape) != n_features):
        # Another library's classifier, or one after a step that makes other columns.
        shape = fold_shape(n_features, None, None)
    if shape is None:
        raise DataError(
            f"MODEL {path!r} does not say how many pixels it takes; it must be a "
            "classifier with n_features_in_."
        )
    height, width, channels = map(int, shape)
    if height == 1:
        raise DataError(
            f"MODEL {path!r} takes rows of {width * channels} pixels and does not say "
            "how high and wide its images are; fit it on images of shape (n, height, "
            "width), or with image_shape=(height, width)."
        )
    if channels not in _COLOURS:
        raise DataError(
            f"MODEL {path!r} takes images of {channels} channels; pictures have 1 "
            "(grey) or 3 (red, green, blue)."
        )
    return height, width, channels
