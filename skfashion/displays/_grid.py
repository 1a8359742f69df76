"""A grid of small images with text beneath, drawn on one axes.

One unit of the axes is the width of an image. The size of the text follows from
that of the axes, so that neighbours do not run into each other.
"""

import math
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from skfashion.displays._style import (
    WRONG_COLOUR,
    Display,
    figure_text,
    settle_size,
)
from skfashion.preprocessing import PixelScaler
from skfashion.preprocessing._pixels import FEW_LEVELS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

_GAP = 0.14
_LINE = 0.16
# Points of text to a line of it.
_LINE_SPACING = 1.25


def to_shades(images: np.ndarray) -> np.ndarray:
    """Scale images of any type to [0, 1]; the mean where channels are no colours."""
    highest = float(images.max())
    few = images.dtype.kind == "u" and 0 < highest <= FEW_LEVELS
    shades = PixelScaler(max_value=highest if few else None).fit_transform(images)
    return shades if shades.shape[3] in (3, 4) else shades.mean(3, keepdims=True)


class GridDisplay(Display):
    """What is drawn as a grid of images."""

    def _draw_grid(
        self,
        ax: "Axes | None",
        images: np.ndarray,
        n_columns: int,
        *,
        inches: float,
        beneath: float = 0.0,
        captions: Sequence[str] = (),
        marked: Container[int] = (),
        **how: Any,
    ) -> "AxesImage":
        """Draw images, with lines of text under each and a thick frame about some.

        Parameters
        ----------
        ax : matplotlib.axes.Axes or None
            Its limits, aspect and frame are settled here. None makes a new figure.
        images : ndarray of shape (n, height, width, channels)
            On [0, 1] unless ``how`` says otherwise. Three or four channels are
            colours.
        n_columns : int
            Images beside each other.
        inches : float
            Width of an image in a new figure.
        beneath : float, default=0.0
            Inches that a new figure has for more beneath the grid.
        captions : sequence of str, default=()
            A text for each image, of one line or several.
        marked : container of int, default=()
            Numbers of the images that get a thick frame.
        **how : dict
            Passed to ``ax.imshow``; by default [0, 1] becomes black to white.

        Returns
        -------
        matplotlib.image.AxesImage
            The last image, which stands for all of them in a colour bar.
        """
        # Images of one line of pixels are stretched, so that they can be seen.
        image_height = min(max(images.shape[1] / images.shape[2], 0.25), 4.0)
        lines = [caption.split("\n") for caption in captions]
        n_lines = max(map(len, lines), default=0)
        cell_height = image_height + n_lines * _LINE + _GAP
        width = min(n_columns, len(images)) * (1 + _GAP) + _GAP
        height = math.ceil(len(images) / n_columns) * cell_height + _GAP
        ax = self._take_axes(ax, (inches * width, inches * height + beneath))
        from matplotlib.patches import Rectangle

        how = {"cmap": "gray", "vmin": 0, "vmax": 1, **how}
        ax.axis("off")
        ax.set(aspect="equal", xlim=(-_GAP, width - _GAP), ylim=(height - _GAP, -_GAP))
        settle_size(ax)
        lines = [[figure_text(line) for line in caption] for caption in lines]
        size = _text_size(ax, lines, width, height)
        for number, image in enumerate(images):
            row, column = divmod(number, n_columns)
            left, top = column * (1 + _GAP), row * cell_height
            box = (left, left + 1, top + image_height, top)
            if image.shape[2] == 1:
                image = image[:, :, 0]
            drawn = ax.imshow(image, extent=box, aspect="equal", **how)
            frame = Rectangle(
                (left, top), 1, image_height, fill=False, ec="0.5", lw=0.5
            )
            if number in marked:
                frame.set(edgecolor=WRONG_COLOUR, linewidth=3.0)
            ax.add_patch(frame)
            for below, line in enumerate(lines[number] if lines else [], 1):
                baseline = top + image_height + below * _LINE
                ax.text(left + 0.5, baseline, line, size=size, ha="center")
        return drawn


def _text_size(
    ax: "Axes", lines: Sequence[Sequence[str]], width: float, height: float
) -> float:
    """Find the size of text, in points, at which every line fits its place."""
    from matplotlib import rcParams
    from matplotlib.textpath import TextPath

    box = ax.get_window_extent()
    unit = min(box.width / width, box.height / height) * 72 / ax.figure.dpi
    texts = {line for caption in lines for line in caption if line}
    widths = [TextPath((0, 0), text, size=100).get_extents().width for text in texts]
    fits = (1 + _GAP / 2) * unit / max([1e-9, *widths]) * 100
    return min(rcParams["font.size"], _LINE * unit / _LINE_SPACING, fits)
