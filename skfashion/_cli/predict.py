"""``skfashion predict``: pictures to categories."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from skfashion._cli.model_files import load_model, names_of
from skfashion._cli.pictures import WAYS, make_taker
from skfashion._cli.shared import complain, make_progress
from skfashion._utils.text import printable
from skfashion.displays import ImageGridDisplay, show
from skfashion.exceptions import DataError

_BEST = 3
_COLUMNS = 5
# Letters of a file's name that fit beneath an image.
_LENGTH = 16
# Images that are in memory at once.
_AT_ONCE = 256

_ABOUT = """\
Tell what pictures show, the three best guesses for each.

IMAGE is a PNG, JPEG, GIF, WebP or BMP file of any size, in grey, colour, CMYK or a
palette, of 8 or 16 bits, with or without transparency, which becomes white; an EXIF
orientation is honoured, and of an animation the first frame is taken. Each is made as
large as the images that the model was fitted on, and grey or RGB as these were; a line
for each says so. How it is made so is the model's need or --prepare's wish:

  photo    a photograph of one thing on a plain background, light or dark: trimmed,
           reduced to 28x28, sharpened, centred, made grey, and inverted where the
           background is light, as Fashion-MNIST's images were. For models of 28x28 grey
           images whose classes are numbers without names, or Fashion-MNIST's.
  pad      all of the picture in the centre, white on two sides; colours as they are.
           For all other models.
  crop     as much of the centre as fills the image.
  stretch  all of it, its proportions lost.

MODEL is a file that skfashion.save or --out wrote, which runs nothing. One that
joblib.dump wrote is a pickle, which runs code that is in it: --unsafe-pickle reads it.
"""


def add_to(commands: Any) -> None:
    """Add this command to the command line."""
    parser = commands.add_parser(
        "predict",
        help="tell what pictures show",
        description=_ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("model", metavar="MODEL", help="a fitted classifier or pipeline in a file")
    add("images", nargs="+", metavar="IMAGE", help="a picture in a file")
    add(
        "--prepare",
        choices=list(WAYS),
        help="how pictures are made into images (default: see above)",
    )
    add(
        "--class-names",
        metavar="NAME,NAME,...",
        help="names of the sorted classes, one with a comma in double quotes "
        "(default: those in the model's file, or its labels)",
    )
    add(
        "--unsafe-pickle",
        action="store_true",
        help="read a MODEL that is a pickle, and run the code in it: only where you "
        "trust whoever made it",
    )
    add("--plot", action="store_true", help="show what the model saw, in a window")
    add(
        "--plot-to",
        type=Path,
        metavar="FILE",
        help="write that figure to a file (PNG, PDF or SVG) instead",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, console: Console) -> int:
    path, paths = options.model, options.images
    model = load_model(path, paths, unpickle=options.unsafe_pickle)
    taker = make_taker(model, path, options.prepare)
    names = names_of(model, options.class_names)
    plots = options.plot or options.plot_to
    answered: list[str] = []
    found: list[np.ndarray] = []
    kept: list[np.ndarray] = []
    with make_progress(console, transient=True) as progress:
        task = progress.add_task("Pictures", total=len(paths), outcome="")
        for start in range(0, len(paths), _AT_ONCE):
            images: dict[int, np.ndarray] = {}
            for number, picture in enumerate(paths[start : start + _AT_ONCE], start):
                try:
                    images[number] = taker.read(picture)
                except DataError as error:
                    # The others are classified all the same.
                    complain(error)
                progress.advance(task)
            if images:
                answered += [paths[number] for number in images]
                found += list(taker.probabilities(np.stack(list(images.values()))))
                kept += images.values() if plots else ()
    if answered:
        for picture in answered:
            console.print(taker.describe(picture), soft_wrap=True)
        how = f"Each was {WAYS[taker.way]} (--prepare {taker.way}).\n"
        console.print(how, soft_wrap=True)
        _print(console, answered, found, names)
        if plots:
            titles = _titles(answered, found, names)
            written = _plot(np.stack(kept), titles, options.plot_to)
            if written:
                console.print(f"Figure: {printable(written)}", soft_wrap=True)
    return int(len(answered) < len(paths))


def _print(
    console: Console,
    paths: Sequence[str],
    probabilities: Sequence[np.ndarray],
    names: Sequence[str],
) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("image", overflow="fold")
    for number in range(1, min(_BEST, len(names)) + 1):
        table.add_column(f"{number}.", overflow="fold")
        table.add_column("", justify="right")
    for path, row in zip(paths, probabilities, strict=True):
        best = np.argsort(-row, kind="stable")[:_BEST]
        cells = [text for i in best for text in (names[i], f"{row[i]:.1%}")]
        table.add_row(*map(printable, [path, *cells]))
    console.print(table)


def _titles(
    paths: Sequence[str], probabilities: Sequence[np.ndarray], names: Sequence[str]
) -> list[str]:
    titles = []
    for path, row in zip(paths, probabilities, strict=True):
        file, best = printable(Path(path).name), int(row.argmax())
        file = file if len(file) <= _LENGTH else file[: _LENGTH - 1] + "…"
        titles.append(f"{file}\n{printable(names[best])} {row[best]:.0%}")
    return titles


def _plot(images: np.ndarray, titles: list[str], path: Path | None) -> Path | None:
    """Draw what the model saw; return the file, if it went to one."""
    columns = min(len(images), _COLUMNS)
    display = ImageGridDisplay.from_images(
        images, titles, n_images=len(images), n_columns=columns
    )
    return show(display.figure_, path, otherwise=Path("predictions.png"))
