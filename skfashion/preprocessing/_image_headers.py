"""What an image file says of itself, without its pixels."""

import os
import warnings

from skfashion._utils.extras import extra

# The values of EXIF's orientation that turn an image by a quarter.
_ORIENTATION, _LYING = 0x0112, (5, 6, 7, 8)
# Pillow's modes in words; the others are words already.
_WORDS = {
    "1": "black and white",
    "L": "grey",
    "LA": "grey with transparency",
    "P": "palette",
    "I": "16-bit grey",
    "I;16": "16-bit grey",
}


def describe_image(path: str | os.PathLike[str]) -> str:
    """Tell the width, the height and the colours of a file that `read_image` reads."""
    with extra("plot", "Reading image files"):
        from PIL import Image
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(path) as image:
                width, height = image.size
                if image.getexif().get(_ORIENTATION) in _LYING:
                    width, height = height, width
                return f"{width}x{height} {_WORDS.get(image.mode, image.mode)}"
        except OSError:
            # A pipe, which has been read to its end.
            return "a picture"
