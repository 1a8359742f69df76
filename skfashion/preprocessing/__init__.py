"""Pixels on their way in: their scale and images, augmentation, image files."""

from skfashion.preprocessing._augmentation import Augmentation
from skfashion.preprocessing._image_files import read_image
from skfashion.preprocessing._photos import prepare_photo, read_photo
from skfashion.preprocessing._pixel_scaler import PixelScaler

__all__ = ["Augmentation", "PixelScaler", "prepare_photo", "read_image", "read_photo"]
