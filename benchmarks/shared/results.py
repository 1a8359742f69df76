"""What measuring scripts have in common: arguments, results kept at once, a page."""

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markdown import Markdown

from benchmarks.shared.child import ROOT, ChildError

__all__ = ["DOCS", "Report", "each", "say", "show"]

DOCS = ROOT / "docs"
# Columns for a table where there is no terminal to fit.
_WIDTH = 120

_console = Console(markup=False, highlight=False)
if not _console.is_terminal:
    _console.width = _WIDTH


@dataclass(frozen=True)
class Report:
    """A file of results and the page that is written from it."""

    file: Path
    page: Path
    to_markdown: Callable[[dict[str, Any]], str]

    def parser(self, description: str, names: Iterable[str]) -> argparse.ArgumentParser:
        """Make a parser of the arguments that every script takes."""
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument(
            "--only",
            nargs="+",
            choices=[*names],
            default=[*names],
            metavar="NAME",
            help=f"what to measure (default: all): {', '.join(names)}",
        )
        add = parser.add_mutually_exclusive_group().add_argument
        add("--page-only", action="store_true", help="write the page from what is kept")
        add("--anew", action="store_true", help="forget what was measured before")
        return parser

    def parse(self, parser: argparse.ArgumentParser) -> argparse.Namespace:
        """Read the arguments; ``only`` is empty where nothing is to be measured."""
        args = parser.parse_args()
        if args.page_only and not self.file.exists():
            parser.error(f"{self.file} does not exist: measure first")
        if args.page_only:
            args.only = []
        return args

    def stored(self, *, anew: bool = False) -> dict[str, Any]:
        """Read the results of earlier runs, unless they are to be forgotten."""
        if anew or not self.file.exists():
            return {}
        return json.loads(self.file.read_text())

    def keep(self, results: dict[str, Any]) -> None:
        """Keep results at once, for what comes next may be interrupted."""
        self.file.write_text(json.dumps(results, indent=1) + "\n")

    def write_page(self, results: dict[str, Any]) -> None:
        """Write the page that shows results."""
        self.page.write_text(self.to_markdown(results))


def each(
    names: Iterable[str], measure: Callable[[str], Any]
) -> Iterator[tuple[str, Any]]:
    """Measure one after the other; one that fails is told and left out."""
    for name in names:
        try:
            with _console.status(name):
                found = measure(name)
        except ChildError as error:
            say(f"{name} failed:\n{error}")
            continue
        say(f"{name} done")
        yield name, found


def say(text: str) -> None:
    """Print to the terminal."""
    _console.print(text)


def show(tables: str) -> None:
    """Print tables of the page to the terminal."""
    _console.print(Markdown(tables))
