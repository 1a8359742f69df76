"""What the commands share: options, data, progress and tables."""

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text
from sklearn.model_selection import train_test_split
from sklearn.utils import Bunch

from skfashion import report
from skfashion._utils.text import printable
from skfashion.datasets import fetch_fashion_mnist
from skfashion.exceptions import WriteError

# Images that --quick trains and measures on.
_QUICK = {"train": 6000, "test": 2000}
# Letters of a name that a table does not break.
_LONGEST_NAME = 32


def whole_number(lowest: int, highest: int = 2**32 - 1) -> Callable[[str], int]:
    """Make an argparse type for whole numbers in a range."""

    def parse(text: str) -> int:
        if not text.isdecimal() or not lowest <= int(text) <= highest:
            raise argparse.ArgumentTypeError(
                f"{text!r} must be a whole number from {lowest} to {highest}"
            )
        return int(text)

    return parse


class _Console(Console):
    """Shows text as it is: none of it is markup, and none acts on the terminal."""

    def render_str(self, text: str, **how: Any) -> Text:
        # Lines are ours; text from outside has lost its own before it comes here.
        return super().render_str(printable(text, keep="\n"), **how)


def make_console(*, stderr: bool = False) -> Console:
    """Make what shows everything that the commands have to say."""
    stream = sys.stderr if stderr else sys.stdout
    if hasattr(stream, "reconfigure"):
        # A letter that it cannot show is no reason to say nothing.
        stream.reconfigure(errors="backslashreplace")
    return _Console(stderr=stderr, markup=False, emoji=False, highlight=False)


def complain(error: object) -> None:
    """Say on standard error what went wrong, on one line however narrow the screen."""
    console = make_console(stderr=True)
    console.print(f"skfashion: {error}", style="red", soft_wrap=True)


def data_options() -> argparse.ArgumentParser:
    """Make the parent parser of commands that need the data set."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument(
        "--data-home",
        metavar="DIR",
        help="where data sets are kept (default: scikit-learn's data folder)",
    )
    return parent


def add_folder(parser: argparse.ArgumentParser, option: str, what: str) -> None:
    """Add an option that names a folder in which more is written."""
    told = f"also write {what} there"
    parser.add_argument(option, type=Path, metavar="DIR", help=told)


def load(subset: str, options: argparse.Namespace) -> Bunch:
    """Fetch a part of the data set, or a few of its images for ``--quick``."""
    bunch = fetch_fashion_mnist(subset=subset, data_home=options.data_home)
    if options.quick:
        bunch.data, _, bunch.target, _ = train_test_split(
            bunch.data,
            bunch.target,
            train_size=_QUICK[subset],
            stratify=bunch.target,
            random_state=0,
        )
        bunch.images = bunch.data.reshape(-1, *bunch.images.shape[1:])
    return bunch


def make_progress(console: Console, *, transient: bool = False) -> Progress:
    """Make the progress bars, one a model; none where there is no terminal."""
    return Progress(
        TextColumn("{task.description:<22}", markup=False),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("{task.fields[outcome]}", markup=False),
        console=console,
        disable=not console.is_terminal,
        transient=transient,
    )


def ticker(progress: Progress, task: TaskID) -> Any:
    """Make a Keras callback that moves a bar on by one an epoch."""
    from skfashion._backend.runtime import keras

    return keras.callbacks.LambdaCallback(
        on_epoch_end=lambda _epoch, _logs: progress.advance(task)
    )


def print_table(console: Console, table: report.Table) -> None:
    """Print a table of a page, with its numbers to the right."""
    printed = Table(box=box.SIMPLE)
    columns = list(table.columns())
    for heading, is_number, _ in columns:
        printed.add_column(
            printable(heading).replace(" ", "\n"),
            justify="right" if is_number else "left",
            overflow="fold",
        )
    # Others give way first, to the name of a model.
    longest = max(map(len, columns[0][2]), default=0)
    printed.columns[0].no_wrap = longest <= _LONGEST_NAME
    for row in zip(*(cells for *_, cells in columns), strict=True):
        printed.add_row(*map(printable, row))
    console.print(printed)


def prepare(option: str, folder: Path) -> None:
    """Find out before long work whether a folder can be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise WriteError(
            f"{option} {printable(folder)} cannot be written to ({error.strerror}); "
            "it must be a folder, or the name of a new one."
        ) from error


def write_page(page: report.Page, path: Path, console: Console) -> None:
    """Write a page, and say where it is and what is beside it."""
    with console.status("Drawing the page"):
        report.write(page, path)
    models = sorted(path.parent.glob("*.skfashion"))
    shown = [f"Page: {printable(path)}"]
    shown += [f"Model: {printable(model)}" for model in models]
    for line in shown:
        console.print(line, soft_wrap=True)
