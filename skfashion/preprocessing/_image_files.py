"""Image files to pixels: upright, of one size, in grey or in colour."""

import os
import warnings
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from skfashion._utils.extras import extra
from skfashion._utils.validation import is_count
from skfashion.exceptions import DataError, ParameterError

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("PNG", "JPEG", "GIF", "WebP", "BMP")
# As images in memory are limited by the formats themselves.
_LONGEST = 2**15


class Form(NamedTuple):
    """What images from files are brought to, its values checked."""

    size: tuple[int, int] | None
    mode: str
    resize: str
    fill: tuple[int, int, int]


def read_image(
    path: str | os.PathLike[str],
    *,
    size: tuple[int, int] | None = None,
    mode: str = "RGB",
    resize: str = "pad",
    fill: int | tuple[int, int, int] = 255,
) -> np.ndarray:
    """Read an image file as pixels, in colour or in grey, of the size asked for.

    For the images of a classifier of your own: given what
    :func:`~skfashion.datasets.load_image_folder` was given, it reads one more
    file in the same way.

    Parameters
    ----------
    path : str or path-like
        A PNG, JPEG, GIF, WebP or BMP file, whatever its name; of an animation the
        first frame.
    size : tuple of (height, width), default=None
        What the image is brought to. None keeps its own size.
    mode : {"RGB", "L"}, default="RGB"
        Colour, three channels, or grey, none: 0.299 red + 0.587 green + 0.114 blue.
    resize : {"pad", "crop", "stretch"}, default="pad"
        How an image of other proportions becomes `size`: all of it in the centre, with
        `fill` on two sides; as much of its centre as fills `size`; or all of it, its
        proportions lost. Keras calls the first two ``pad_to_aspect_ratio`` and
        ``crop_to_aspect_ratio``.
    fill : int or tuple of (red, green, blue), default=255
        What is seen in the padding and through transparent pixels, from 0 (black) to
        255 (white).

    Returns
    -------
    ndarray of shape (height, width, 3) or (height, width), uint8
        Pixels from 0 to 255. An estimator takes several:
        ``clf.predict(read_image(path, size=(32, 32))[np.newaxis])``.

    Raises
    ------
    ParameterError
        If a parameter is not as above.
    DataError
        If the file cannot be read, is of another format, is damaged or cut short, or
        has more than twice ``PIL.Image.MAX_IMAGE_PIXELS`` pixels (179 million).
    MissingExtraError
        If Pillow is not installed.

    See Also
    --------
    skfashion.datasets.load_image_folder : Reads a folder of images for each class.
    read_photo : Makes a photograph of clothing like the images of Fashion-MNIST.

    Notes
    -----
    An EXIF orientation is honoured. Of 16 bits the upper eight are kept, so that 65535
    becomes 255. Palettes, single bits and CMYK become red, green and blue; colour
    profiles are not applied. A smaller image averages the pixels it covers
    (bilinear, antialiased), as in torchvision, and a larger one is interpolated
    between them.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import numpy as np
    >>> from PIL import Image
    >>> from skfashion.preprocessing import read_image
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "red.png")
    ...     Image.new("RGB", (4, 2), (255, 0, 0)).save(path)
    ...     plain = read_image(path)
    ...     padded = read_image(path, size=(4, 4), mode="L", fill=0)
    >>> plain.shape, padded.shape
    ((2, 4, 3), (4, 4))
    >>> padded[:, 0]
    array([ 0, 76, 76,  0], dtype=uint8)
    """
    return read_as(path, check_form(size=size, mode=mode, resize=resize, fill=fill))


def check_form(*, size: Any, mode: Any, resize: Any, fill: Any) -> Form:
    """Check what images are to be brought to."""
    if size is not None and not (
        isinstance(size, Sequence)
        and len(size) == 2
        and all(is_count(side) and side <= _LONGEST for side in size)
    ):
        raise ParameterError(
            f"size={size!r:.80} must be (height, width), each an integer from 1 to "
            f"{_LONGEST:,}, or None."
        )
    for name, value, known in (
        ("mode", mode, ("RGB", "L")),
        ("resize", resize, ("pad", "crop", "stretch")),
    ):
        if not isinstance(value, str) or value not in known:
            either = " or ".join([", ".join(map(repr, known[:-1])), repr(known[-1])])
            raise ParameterError(f"{name}={value!r:.80} must be {either}.")
    colours = (fill,) * 3 if isinstance(fill, int | np.integer) else fill
    if not (
        isinstance(colours, Sequence)
        and len(colours) == 3
        and all(isinstance(level, int | np.integer) for level in colours)
        and all(0 <= level <= 255 for level in colours)
        and not any(isinstance(level, bool) for level in colours)
    ):
        raise ParameterError(
            f"fill={fill!r:.80} must be an integer from 0 (black) to 255 (white), or "
            "three: (red, green, blue)."
        )
    height_width = None if size is None else (int(size[0]), int(size[1]))
    red, green, blue = map(int, colours)
    return Form(height_width, mode, resize, (red, green, blue))


def read_as(path: str | os.PathLike[str], form: Form) -> np.ndarray:
    """Read an image file in a form that has been checked."""
    image = decode(Path(path), FORMATS)
    from PIL import Image, ImageOps

    if image.mode == "RGBA":
        behind = Image.new("RGBA", image.size, (*form.fill, 255))
        # Before it is resized: what cannot be seen is not to mix with what can.
        image = Image.alpha_composite(behind, image)
    image = image.convert(form.mode)
    if form.size is not None and image.size != form.size[::-1]:
        height, width = form.size
        method = Image.Resampling.BILINEAR
        if form.resize == "stretch":
            image = image.resize((width, height), method)
        elif form.resize == "crop":
            image = ImageOps.fit(image, (width, height), method)
        else:
            scale = min(height / image.height, width / image.width)
            high, wide = (
                max(1, round(side * scale)) for side in (image.height, image.width)
            )
            small = image.resize((wide, high), method)
            fill = Image.new("RGB", (1, 1), form.fill).convert(form.mode)
            image = fill.resize((width, height))
            image.paste(small, ((width - wide) // 2, (height - high) // 2))
    return np.array(image)


def decode(file: Path, formats: Sequence[str]) -> "Image.Image":
    """Read a file's pixels, upright and of 8 bits: RGB, or RGBA if any are not opaque.

    Parameters
    ----------
    file : path
        Whose name is shown escaped, since it may hold anything.
    formats : sequence of str
        Those that are read, as Pillow calls them, in any case.

    Raises
    ------
    DataError
        If it is no sound image of these formats.
    MissingExtraError
        If Pillow is not installed.
    """
    with extra("plot", "Reading image files"):
        from PIL import Image, ImageOps, UnidentifiedImageError
    shown = repr(str(file))
    either = " or ".join([", ".join(formats[:-1]), formats[-1]])
    try:
        content = BytesIO(file.read_bytes())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(
            f"{shown} cannot be read ({reason}); give the path of a {either} file."
        ) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            opened = Image.open(content, formats=[name.upper() for name in formats])
            image = ImageOps.exif_transpose(opened)
            if image.mode.startswith("I"):
                # Of 16 bits, which Pillow would clip to 8.
                image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
            return image.convert("RGBA" if image.has_transparency_data else "RGB")
    except UnidentifiedImageError as error:
        raise DataError(
            f"{shown} is not a readable {either} image; save it as one of these."
        ) from error
    except Image.DecompressionBombError as error:
        raise DataError(
            f"{shown} has more pixels than any photograph; make it smaller."
        ) from error
    except Exception as error:
        # Damaged bytes make Pillow raise errors of many types.
        raise DataError(
            f"{shown} is damaged or cut short; save the photograph again."
        ) from error
