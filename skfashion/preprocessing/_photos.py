"""Photographs from image files, prepared as Fashion-MNIST's own images were."""

import os
from pathlib import Path

import numpy as np

from skfashion.exceptions import DataError
from skfashion.preprocessing._image_files import FORMATS, decode

# The height and width of an image of the data set.
_SIDE = 28
# As far as a colour may be from the background's and still be part of it: a root mean
# square over red, green and blue, 5% of the greatest there is.
_CLOSE = 0.05 * 255
# Corners farther apart than this are not one background, unevenly lit.
_UNEVEN = 0.3 * 255
# Red, green and blue in grey (ITU-R BT.601), as Pillow has them.
_GREY = np.array([0.299, 0.587, 0.114], dtype=np.float32)
# Files are first averaged down, where they are larger, to at least this many pixels
# on the longest edge: ample for 28, with little noise, and in little memory.
_AMPLE = 140


def read_photo(path: str | os.PathLike[str]) -> np.ndarray:
    """Read a photograph as an image like those of Fashion-MNIST.

    Parameters
    ----------
    path : str or path-like
        A PNG, JPEG, GIF, WebP or BMP file of any size, in grey, colour or CMYK, with
        or without transparency. An EXIF orientation is honoured. Clothing should fill
        a fifth of the longest edge or more, for its detail to be seen.

    Returns
    -------
    ndarray of shape (28, 28), uint8
        Pixels from 0 (background) to 255, as from `prepare_photo`. An estimator takes
        several: ``pipeline.predict(read_photo(path)[np.newaxis])``.

    Raises
    ------
    DataError
        If the file cannot be read, is of another format, is damaged or cut short, has
        more than twice ``PIL.Image.MAX_IMAGE_PIXELS`` pixels (179 million), or if
        nothing in it stands out from its background.
    MissingExtraError
        If Pillow is not installed.

    See Also
    --------
    prepare_photo : What is done to the pixels.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from PIL import Image
    >>> from skfashion.preprocessing import read_photo
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "photo.png")
    ...     photo = Image.new("RGB", (300, 400), "white")
    ...     photo.paste("navy", (100, 50, 200, 350))
    ...     photo.save(path)
    ...     image = read_photo(path)
    >>> image.shape, image.dtype
    ((28, 28), dtype('uint8'))
    """
    image = decode(Path(path), FORMATS)
    pixels = image.reduce(max(1, max(image.size) // _AMPLE))
    return prepare_photo(np.asarray(pixels), name=repr(str(path)))


def prepare_photo(pixels: np.ndarray, *, name: str = "the image") -> np.ndarray:
    """Turn a photograph of any size into an image like those of Fashion-MNIST.

    The photograph shows one piece of clothing on a plain background, light or dark,
    whose colour is taken from the corners. As in the data set, where that colour
    becomes 0, clothing as white as its background cannot be seen; and shoes point
    to the left.

    Parameters
    ----------
    pixels : ndarray of shape (h, w) or (h, w, channels), uint8
        Grey (1 channel), grey and alpha (2), RGB (3) or RGBA (4), from 0 (black) to
        255. What is transparent is white.
    name : str, default="the image"
        What an error calls the photograph.

    Returns
    -------
    ndarray of shape (28, 28), uint8
        Pixels from 0 (background) to 255.

    Raises
    ------
    DataError
        If `pixels` has another shape or type, is empty, or if nothing in it stands
        out from its background.

    See Also
    --------
    read_photo : Reads the photograph from a file too.

    Notes
    -----
    The steps are those of section 2 of [1]_: trim the edges whose colour is within
    5% of the corners'; resize the longest edge to 28; sharpen with a Gaussian
    operator of radius and standard deviation 1; extend the shortest edge to 28 with
    the image in the centre; negate; convert to grey. They differ in this:

    - Every pixel is the average of those it covers, where the authors skip rows and
      columns of thumbnails of 51 by 73 pixels. On plain images, enlarged, both serve
      a classifier as well; on fine patterns, which skipping turns into others, the
      average keeps nine points of accuracy in a hundred.
    - Nothing is sharpened that was not made smaller.
    - A dark background is not negated.
    - The background is subtracted, so that it is 0 however dim. It may grow darker
      evenly from one edge to another, and what is no stronger than the noise in the
      trimmed edges counts as background. A soft shadow is part of the clothing.
    - An image of 28 by 28 pixels is taken to have gone through all this: it is made
      grey, negated if its background is light, and otherwise left as it is.

    References
    ----------
    .. [1] H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST: a Novel Image Dataset
       for Benchmarking Machine Learning Algorithms", 2017, arXiv:1708.07747.

    Examples
    --------
    >>> import numpy as np
    >>> from skfashion.preprocessing import prepare_photo
    >>> photo = np.full((300, 400), 255, dtype=np.uint8)
    >>> photo[50:250, 100:200] = 55  # 200 by 100 pixels of grey on white
    >>> image = prepare_photo(photo)
    >>> image.shape, int(image.any(axis=0).sum()), int(image[14, 14])
    ((28, 28), 14, 200)
    """
    rgb = _as_rgb(np.asarray(pixels), name)
    corners = _corners(rgb)
    if np.median(corners @ _GREY) > 127:
        # Negated first, so that all that follows sees a dark background.
        rgb, corners = 255 - rgb, 255 - corners
    background = _background(corners, rgb.shape[:2])
    above = np.square(np.clip(rgb - background, 0, None)).mean(axis=2)
    grey, level = rgb @ _GREY, background @ _GREY
    ink = np.clip(grey - level, 0, None) * (255 / (255 - level))
    apart = (above > _CLOSE**2) & (ink > 0)
    if not apart.any():
        raise DataError(
            f"Nothing in {name} stands out from its background; give a photograph of "
            "one piece of clothing on a plain background of another colour."
        )
    image = grey if grey.shape == (_SIDE, _SIDE) else _fit(ink, apart)
    return np.rint(image).astype(np.uint8)


def _as_rgb(pixels: np.ndarray, name: str) -> np.ndarray:
    """Check pixels and bring them to shape (h, w, 3), float32, on white."""
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    if (
        pixels.dtype != np.uint8
        or pixels.ndim not in (2, 3)
        or channels not in (1, 2, 3, 4)
        or not pixels.size
    ):
        raise DataError(
            f"{name} has shape {pixels.shape} and type {pixels.dtype}, but the pixels "
            "of a photograph are uint8 of shape (h, w) or (h, w, channels), with 1 to "
            "4 channels and none of these 0."
        )
    shape = pixels.shape[:2]
    colours: np.ndarray = pixels.reshape(*shape, channels).astype(np.float32)
    if channels in (2, 4):
        opacity = colours[..., -1:] / 255
        colours = colours[..., :-1] * opacity + 255 * (1 - opacity)
    return np.broadcast_to(colours, (*shape, 3))


def _corners(rgb: np.ndarray) -> np.ndarray:
    """Take the median colour of each corner, for its noise; of shape (2, 2, 3)."""
    size = max(1, min(rgb.shape[:2]) // 100)
    ends = slice(size), slice(-size, None)
    return np.array([[np.median(rgb[y, x], axis=(0, 1)) for x in ends] for y in ends])


def _background(corners: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Find the colours behind an image from its corners, of shape (2, 2, 3).

    They lie on a plane where the corners do, as under a light from one side; else
    they are one colour, the median, which clothing in one of the corners leaves as
    it is.
    """
    twist = corners[0, 0] + corners[1, 1] - corners[0, 1] - corners[1, 0]
    if np.ptp(corners, axis=(0, 1)).max() > _UNEVEN or abs(twist).max() > _CLOSE:
        return np.median(corners, axis=(0, 1))
    down, right = (np.linspace(1, 0, n, dtype=np.float32) for n in shape)
    rows, columns = np.stack([down, 1 - down]), np.stack([right, 1 - right])
    return np.einsum("ay,bx,abc->yxc", rows, columns, corners, optimize=True)


def _fit(ink: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """Trim grey on 0 to where it is apart, and bring that to 28 by 28 pixels."""
    rows, columns = (np.flatnonzero(apart.any(axis=axis)) for axis in (1, 0))
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    trimmed = ink[box]
    margin = np.ones(ink.shape, dtype=bool)
    margin[box] = False
    longest = max(trimmed.shape)
    sides = [max(1, round(_SIDE * n / longest)) for n in trimmed.shape]
    down, right = (_averages(*n) for n in zip(trimmed.shape, sides, strict=True))
    small = down @ trimmed @ right.T
    small[small <= ink[margin].max(initial=0)] = 0
    if longest > _SIDE:
        small = _sharpen(small)
    # Where the spare is odd, the data set has the larger half above or at the left.
    spare = [_SIDE - side for side in sides]
    return np.pad(np.clip(small, 0, 255), [(n - n // 2, n // 2) for n in spare])


def _averages(n: int, m: int) -> np.ndarray:
    """Make the (m, n) weights that average n pixels into m equal stretches."""
    edges, pixel = np.linspace(0, n, m + 1)[:, np.newaxis], np.arange(n)
    shared = np.minimum(edges[1:], pixel + 1) - np.maximum(edges[:-1], pixel)
    return np.clip(shared, 0, None) * m / n


def _sharpen(ink: np.ndarray) -> np.ndarray:
    """Convolve with the negative of a Gaussian around a centre of twice its sum."""
    # Only photographs need it, and it takes a while to import.
    from scipy.ndimage import convolve

    row = np.exp([-0.5, 0, -0.5])
    kernel = -np.outer(row, row)
    kernel[1, 1] = -2 * kernel.sum()
    return convolve(ink, kernel / kernel.sum(), mode="nearest")
