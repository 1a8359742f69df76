"""Several views of each image, and the mean of what is predicted for them."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from skfashion.exceptions import ParameterError
from skfashion.preprocessing._image_moves import move_right

__all__ = ["check_views", "mean_of_views", "places_of_views"]

# Of so many views, how an image is moved, down and to the right, and whether each of
# these is as it is (False) or mirrored (True).
_VIEWS = {
    2: ((0,), (False, True)),
    3: ((0, -1, 1), (False,)),
    6: ((0, -1, 1), (False, True)),
}
_Forward = Callable[[np.ndarray], np.ndarray]


def check_views(value: Any) -> None:
    """Refuse a number of views that there are none of."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value not in (1, *_VIEWS):
        raise ParameterError(
            f"n_views={value!r:.80} must be 1, 2 (an image and its mirror image), 3 "
            "(an image, it one pixel up and left, and one down and right) or 6 (the "
            "mirror images of these too)."
        )


def mean_of_views(
    forward: _Forward, n_views: int, image_shape: tuple[int, int, int]
) -> _Forward:
    """Make a prediction of rows the mean of those of several views of each.

    Parameters
    ----------
    forward : callable
        Maps rows to probabilities of float32.
    n_views : int
        One that ``check_views`` passes.
    image_shape : tuple of (int, int, int)
        Height, width and channels of a row.

    Returns
    -------
    callable
        Does as ``forward`` does.
    """
    if n_views == 1:
        return forward

    def mean(rows: np.ndarray) -> np.ndarray:
        images = rows.reshape(-1, *image_shape)
        total: Any = 0
        moves, sides = _VIEWS[n_views]
        for pixels in moves:
            moved = _moved(images, pixels)
            for mirrored in sides:
                view = moved[:, :, ::-1] if mirrored else moved
                total += forward(np.ascontiguousarray(view).reshape(rows.shape))
        return total / np.float32(n_views)

    return mean


def places_of_views(
    n_views: int, image_shape: tuple[int, int, int]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Tell the lines and the columns of an image that each of its views shows.

    Parameters
    ----------
    n_views : int
        Two or more, of those that ``check_views`` passes.
    image_shape : tuple of (int, int, int)
        Height, width and channels.

    Yields
    ------
    lines, columns : ndarray of int
        Of shape (height,) and (width,).
    """
    height, width, _ = image_shape
    moves, sides = _VIEWS[n_views]
    for pixels in moves:
        lines, columns = _places(height, pixels), _places(width, pixels)
        for mirrored in sides:
            yield lines, columns[::-1] if mirrored else columns


def _places(size: int, pixels: int) -> np.ndarray:
    """Tell what stands where, moved by so many pixels, repeating the edge."""
    return np.clip(np.arange(size) - pixels, 0, size - 1)


def _moved(images: np.ndarray, pixels: int) -> np.ndarray:
    """Move images down and to the right, or up and left."""
    if pixels == 0:
        return images
    out = np.empty_like(images)
    move_right(images[:, _places(images.shape[1], pixels)], pixels, out)
    return out
