"""The Markdown that all the pages are made of."""

from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["bullets", "table", "verdict"]


def table(
    head: Sequence[str], rows: Iterable[Iterable[Any]], *, numbers: str = ""
) -> str:
    """Write a table; ``numbers`` holds an "r" below the columns to align right."""
    marks = ["--:" if mark == "r" else "---" for mark in numbers.ljust(len(head))]
    return "\n".join(
        f"| {' | '.join(map(str, cells))} |" for cells in (head, marks, *rows)
    )


def bullets(items: Sequence[str], title: str = "") -> str:
    """Write a list, an empty line after it; nothing where there are no items."""
    if not items:
        return ""
    above = [title, ""] if title else []
    return "\n".join([*above, *(f"- {item}" for item in items), "", ""])


def verdict(reached: bool | None) -> str:
    """Write whether something is reached; None where that is not known."""
    return {True: "yes", False: "**no**", None: "not known"}[reached]
