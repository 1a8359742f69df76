"""Pixels on their way in: their scale, the images they fold into, image files."""

from skfashion.preprocessing._image_files import read_image
from skfashion.preprocessing._photos import prepare_photo, read_photo
from skfashion.preprocessing._pixel_scaler import PixelScaler

__all__ = ["PixelScaler", "prepare_photo", "read_image", "read_photo"]
