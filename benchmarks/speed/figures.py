"""From raw figures to medians, ratios and verdicts."""

import statistics
from dataclasses import dataclass
from typing import Any

from benchmarks.speed.rows import Row
from benchmarks.speed.tasks import epochs

__all__ = ["Line", "is_ours", "lines", "reached"]


@dataclass(frozen=True)
class Line:
    """What one competitor of a row came to; None where it is not installed."""

    name: str
    required: float | None
    median: float | None = None
    least: float | None = None
    most: float | None = None
    ratio: float | None = None
    flops: float | None = None


def lines(row: Row, result: dict[str, Any]) -> list[Line]:
    """Make the lines of a row from what its process brought."""
    pooled = {
        name: [figure for turn in turns for figure in turn]
        for name, turns in result["figures"].items()
    }
    ours = statistics.median(pooled[row.competitors[0].name])
    flops = result["n_images"] * row.network.training_flops
    made = []
    for name in (competitor.name for competitor in row.competitors):
        required = row.required.get(name)
        if name not in pooled:
            made.append(Line(name, required))
            continue
        taken = pooled[name]
        median = statistics.median(taken)
        speed = flops / median if row.task is epochs else None
        figures = (median, min(taken), max(taken), median / ours, speed)
        made.append(Line(name, required, *figures))
    return made


def reached(row: Row, line: Line) -> bool | None:
    """Whether a line reached what is required of it; None where that is not known."""
    if line.median is None:
        return None
    if row.ceiling is not None and is_ours(row, line):
        return line.median < row.ceiling
    if line.required is None or line.ratio is None:
        return None
    return line.ratio >= line.required


def is_ours(row: Row, line: Line) -> bool:
    """Whether a line is the one that others are compared with."""
    return line.name == row.competitors[0].name
