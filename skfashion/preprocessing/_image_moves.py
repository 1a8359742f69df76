"""Moves of many images at once, each its own way, in NumPy.

All take images of shape (n, height, width, channels), of any numeric type, which they
keep. What moves in from outside repeats the edge. No image's bits depend on the others.
"""

import math
from itertools import pairwise

import numpy as np

__all__ = ["cut_out", "move_right", "rotate", "take_moved"]


def take_moved(
    images: np.ndarray,
    rows: np.ndarray,
    mirrored: np.ndarray,
    shifts: np.ndarray,
    out: np.ndarray,
) -> None:
    """Copy some images, mirrored or not, then shifted.

    Parameters
    ----------
    images : ndarray of shape (n_all, height, width, channels)
        In C order; a ``numpy.memmap``, for one.
    rows : ndarray of shape (n,), int
        Numbers of those to take.
    mirrored : ndarray of shape (n,), bool
        Whether left and right change places.
    shifts : ndarray of shape (n, 2), int
        Pixels down and to the right.
    out : ndarray of shape (n, height, width, channels)
        Written to.
    """
    _, height, width, channels = images.shape
    # Images that move alike to the right move in one go; lines of pixels find their
    # height while they are taken.
    kinds = 2 * shifts[:, 1] + mirrored
    order = np.argsort(kinds, kind="stable")
    lines = np.arange(height) - shifts[order, :1]
    np.clip(lines, 0, height - 1, out=lines)
    lines += rows[order, None] * height
    taken = images.reshape(-1, width * channels).take(lines, axis=0, mode="clip")
    taken = taken.reshape(out.shape)
    moved = np.empty_like(taken)
    kinds = kinds[order]
    ends = np.flatnonzero(kinds[1:] != kinds[:-1]) + 1
    for start, stop in pairwise([0, *ends.tolist(), len(rows)]):
        right, mirror = divmod(int(kinds[start]), 2)
        part = taken[start:stop]
        move_right(part[:, :, ::-1] if mirror else part, right, moved[start:stop])
    out[order] = moved


def move_right(images: np.ndarray, pixels: int, out: np.ndarray) -> None:
    """Move images to the right, or to the left by less than 0 pixels."""
    most = images.shape[2] - 1
    pixels = max(-most, min(pixels, most))
    if pixels >= 0:
        out[:, :, pixels:] = images[:, :, : most + 1 - pixels]
        out[:, :, :pixels] = images[:, :, :1]
    else:
        out[:, :, :pixels] = images[:, :, -pixels:]
        out[:, :, pixels:] = images[:, :, -1:]


def rotate(images: np.ndarray, degrees: np.ndarray) -> np.ndarray:
    """Turn each image about its centre, each pixel between four of the image's.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, channels)
        Of integers or floats; the former are rounded.
    degrees : ndarray of shape (n,), float
        Of each, anticlockwise.

    Returns
    -------
    ndarray of shape (n, height, width, channels)
        Of the same type.
    """
    n_images, height, width, channels = images.shape
    # Of one number each, for those of arrays may differ with their place in these.
    turns = [math.radians(angle) for angle in degrees.tolist()]
    cos = np.array([math.cos(turn) for turn in turns], np.float32).reshape(-1, 1, 1)
    sin = np.array([math.sin(turn) for turn in turns], np.float32).reshape(-1, 1, 1)
    y = np.arange(height, dtype=np.float32).reshape(-1, 1) - (height - 1) / 2
    x = np.arange(width, dtype=np.float32) - (width - 1) / 2
    top, down = _split(cos * y + (sin * x + (height - 1) / 2), height)
    left, right = _split(cos * x - (sin * y - (width - 1) / 2), width)
    top *= width
    top += left
    top += np.arange(n_images).reshape(-1, 1, 1) * (height * width)
    floats = images.astype(np.result_type(images, np.float32), copy=False)
    pixels = floats.reshape(-1, channels)
    down, right = down[..., None], right[..., None]
    to_right, below = min(1, width - 1), width * min(1, height - 1)

    def between(first: np.ndarray) -> np.ndarray:
        """Mix the pixels at some places with those to their right."""
        here = pixels.take(first, axis=0, mode="clip")
        first += to_right
        there = pixels.take(first, axis=0, mode="clip")
        there -= here
        there *= right
        there += here
        return there

    upper = between(top)
    top += below - to_right
    lower = between(top)
    lower -= upper
    lower *= down
    lower += upper
    if images.dtype.kind in "iu":
        np.rint(lower, out=lower)
    return lower.astype(images.dtype, copy=False)


def _split(places: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Split places along an axis into the pixel before and what is beyond that."""
    np.clip(places, 0, size - 1, out=places)
    before = places.astype(np.intp)
    np.minimum(before, max(0, size - 2), out=before)
    places -= before
    return before, places


def cut_out(images: np.ndarray, side: int, centres: np.ndarray) -> None:
    """Set a square of each image to 0, as far as it is within the image.

    Parameters
    ----------
    images : ndarray of shape (n, height, width, channels)
        Written to.
    side : int
        Of the square, in pixels.
    centres : ndarray of shape (n, 2), int
        Row and column of the pixel in its middle, below and right of that if even.
    """
    n_images, height, width, channels = images.shape
    places = np.arange(width)
    first = places[:, None] - side // 2
    kept = (places < first) | (places >= first + side)
    # A line of bits for each column of a centre, and one that keeps everything.
    bits = np.dtype(f"u{images.dtype.itemsize}")
    table = np.zeros((width + 1, width), bits)
    table[:width][kept] = np.iinfo(bits).max
    table[width] = np.iinfo(bits).max
    first = centres[:, :1] - side // 2
    places = np.arange(height)
    hit = (places >= first) & (places < first + side)
    lines = np.where(hit, centres[:, 1:], width)
    masks = table.repeat(channels, axis=1).take(lines, axis=0, mode="clip")
    held = images.reshape(n_images, height, width * channels).view(bits)
    held &= masks
