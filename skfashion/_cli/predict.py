"""``python -m skfashion predict``: photographs to categories."""

import argparse
import warnings
import zipfile
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from rich.console import Console
from rich.table import Table

from skfashion._cli.shared import complain
from skfashion._utils.text import printable
from skfashion.datasets import CLASS_NAMES
from skfashion.displays import ImageGridDisplay, show
from skfashion.exceptions import DataError, UnscaledPixelsWarning
from skfashion.persistence import load
from skfashion.preprocessing import read_photo

_BEST = 3
_COLUMNS = 5
# Letters of a file's name that fit beneath an image.
_LENGTH = 16


def add_to(commands: Any) -> None:
    """Add this command to the command line."""
    parser = commands.add_parser(
        "predict",
        help="tell what PNG and JPEG files show",
        description="Tell what PNG and JPEG files of any size show. A MODEL that "
        "joblib.dump wrote is unpickled, which runs code from it: give it only those "
        "that you trust. One that skfashion.save or --out wrote runs nothing.",
    )
    add = parser.add_argument
    add(
        "model",
        type=Path,
        metavar="MODEL",
        help="a fitted pipeline, as skfashion.save, --out or joblib.dump wrote it",
    )
    add("images", type=Path, nargs="+", metavar="IMAGE", help="a PNG or JPEG file")
    add("--plot", action="store_true", help="show what the model saw, in a window")
    add(
        "--plot-to",
        type=Path,
        metavar="FILE",
        help="write that figure to a file (PNG, PDF or SVG) instead",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, console: Console) -> int:
    model = _load(options.model)
    photos = {}
    for path in options.images:
        try:
            photos[str(path)] = read_photo(path)
        except DataError as error:
            # The others are classified all the same.
            complain(error)
    if photos:
        pixels = np.stack(list(photos.values()))
        probabilities = _probabilities(model, pixels, options.model)
        names = _names(model.classes_)
        _print(console, list(photos), probabilities, names)
        if options.plot or options.plot_to:
            files = [Path(path).name for path in photos]
            written = _plot(pixels, files, probabilities, names, options.plot_to)
            if written:
                console.print(f"Figure: {printable(written)}")
    return int(len(photos) < len(options.images))


def _load(path: Path) -> Any:
    if not path.is_file():
        raise DataError(f"MODEL {str(path)!r} is not a file; it must be a saved model.")
    model = load(path) if zipfile.is_zipfile(path) else _unpickle(path)
    if not (hasattr(model, "predict_proba") and hasattr(model, "classes_")):
        raise DataError(
            f"MODEL {str(path)!r} holds an object of {type(model).__name__}; it must "
            "be a fitted classifier with predict_proba."
        )
    return model


def _unpickle(path: Path) -> Any:
    try:
        return joblib.load(path)
    except Exception as error:
        # What a damaged or foreign file makes a pickle raise can be anything.
        raise DataError(
            f"MODEL {str(path)!r} cannot be read ({type(error).__name__}: {error}); it "
            "must be a fitted classifier that skfashion.save or joblib.dump wrote."
        ) from error


def _probabilities(model: Any, pixels: np.ndarray, path: Path) -> np.ndarray:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", UnscaledPixelsWarning)
            return model.predict_proba(pixels.reshape(len(pixels), -1))
    except UnscaledPixelsWarning as warning:
        raise DataError(
            f"MODEL {str(path)!r} was fitted on scaled pixels; it must be saved with "
            "its PixelScaler, as one pipeline."
        ) from warning
    except ValueError as error:
        raise DataError(
            f"MODEL {str(path)!r} does not take images of 28x28 bytes: {error}"
        ) from error


def _names(classes: np.ndarray) -> list[str]:
    if np.array_equal(classes, np.arange(len(CLASS_NAMES))):
        return list(CLASS_NAMES)
    return [str(label) for label in classes]


def _print(
    console: Console, paths: list[str], probabilities: np.ndarray, names: list[str]
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


def _plot(
    pixels: np.ndarray,
    files: list[str],
    probabilities: np.ndarray,
    names: list[str],
    path: Path | None,
) -> Path | None:
    """Draw what the model saw; return the file, if it went to one."""
    best = probabilities.argmax(axis=1)
    titles = [
        f"{file if len(file) <= _LENGTH else file[: _LENGTH - 1] + '…'}\n"
        f"{names[i]} {row[i]:.0%}"
        for file, i, row in zip(files, best, probabilities, strict=True)
    ]
    columns = min(len(pixels), _COLUMNS)
    display = ImageGridDisplay.from_images(
        pixels, titles, n_images=len(pixels), n_columns=columns
    )
    return show(display.figure_, path, otherwise=Path("predictions.png"))
