"""Measures this package beside its peers and writes docs/benchmarks.md.

Raw figures are kept in results.json, so that rows can be measured one by one and
the page be written from all of them.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.shared import machine
from benchmarks.speed.figures import lines
from benchmarks.speed.measure import MeasurementError, measure
from benchmarks.speed.page import amount, ratio, requirement, to_markdown, verdict
from benchmarks.speed.rows import ROWS

RESULTS = Path(__file__).with_name("results.json")
PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
# Columns for the table where there is no terminal to fit.
_WIDTH = 120
# What must be the same for rows to stand on one page.
_SAME = ("processor", "cores", "versions")


def main() -> int:
    """Run the command line; 1 where a row could not be measured."""
    args = _arguments()
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH
    results = {"rows": {}} if args.quick else stored()
    if not args.page_only:
        here = machine.describe()
        kept = [name for name in results["rows"] if name not in args.only]
        _refuse_another_machine(results.get("machine"), here, kept)
        if kept:
            # Limits are the best ever seen: other work may hide them at times.
            known = results["machine"]["limits"]
            here["limits"] = {
                name: max(value, known[name]) for name, value in here["limits"].items()
            }
        results["machine"] = here
    failed = []
    for name in [] if args.page_only else args.only:
        with console.status(f"{name}: {ROWS[name].work}"):
            try:
                results["rows"][name] = measure(
                    name, repeat=args.repeat, quick=args.quick
                )
            except MeasurementError as error:
                failed.append(name)
                console.print(f"{name} failed:\n{error}", markup=False)
                continue
        console.print(f"{name} done", highlight=False)
        if not args.quick:
            # At once, for the next row may be interrupted.
            write_page(results, args.out)
    console.print(_table(results))
    if not args.quick:
        write_page(results, args.out)
        console.print(f"written: {args.out}", markup=False, highlight=False)
    return int(bool(failed))


def stored() -> dict[str, Any]:
    """Read the results of earlier runs."""
    return json.loads(RESULTS.read_text()) if RESULTS.exists() else {"rows": {}}


def write_page(results: dict[str, Any], page: Path = PAGE) -> None:
    """Keep results and write the page that shows them."""
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    page.write_text(to_markdown(results))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add(
        "--only",
        nargs="+",
        choices=ROWS,
        default=list(ROWS),
        metavar="NAME",
        help=f"rows to measure: {', '.join(ROWS)}",
    )
    add("--repeat", type=int, default=3, help="turns that count (default 3)")
    add(
        "--quick",
        action="store_true",
        help="one turn on few images, to see that all runs; nothing is written",
    )
    add("--page-only", action="store_true", help="write the page from stored results")
    add("--out", type=Path, default=PAGE, help="the page (default docs/benchmarks.md)")
    args = parser.parse_args()
    if args.page_only and not RESULTS.exists():
        parser.error(f"{RESULTS} does not exist: measure some rows first")
    if args.quick:
        args.repeat = 1
    return args


def _refuse_another_machine(
    stored: dict[str, Any] | None, here: dict[str, Any], kept: list[str]
) -> None:
    """Keep rows of two machines, or of two sets of versions, off one page."""
    if stored is None or not kept:
        return
    for name in _SAME:
        if stored[name] != here[name]:
            sys.exit(
                f"{RESULTS} holds rows taken with {name} {stored[name]}, but here it "
                f"is {here[name]}: measure all the rows, or remove that file."
            )


def _table(results: dict[str, Any]) -> Table:
    table = Table(box=None)
    for heading in ("row", "contestant"):
        table.add_column(heading, no_wrap=True)
    for heading in ("ratio", "required", "reached", "median", "least", "most"):
        table.add_column(heading, justify="right", no_wrap=True)
    for name, result in results["rows"].items():
        row = ROWS[name]
        for number, line in enumerate(lines(row, result)):
            table.add_row(
                "" if number else name,
                line.name,
                ratio(line),
                requirement(row, line),
                verdict(row, line).strip("*"),
                *(amount(v, row.unit) for v in (line.median, line.least, line.most)),
            )
    return table


if __name__ == "__main__":
    sys.exit(main())
