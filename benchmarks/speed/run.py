"""Measures this package beside its peers and writes docs/benchmarks.md.

Raw figures are kept in results.json, so that rows can be measured one by one and
the page be written from all of them.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.shared import child, machine
from benchmarks.shared.results import DOCS, Report, each, show
from benchmarks.speed.measure import measure
from benchmarks.speed.page import tables, to_markdown
from benchmarks.speed.rows import ROWS

REPORT = Report(
    Path(__file__).with_name("results.json"), DOCS / "benchmarks.md", to_markdown
)
# What must be the same for rows to stand on one page.
_SAME = ("processor", "cores", "versions")


def main() -> int:
    """Run the command line; 1 where a row could not be measured."""
    parser = REPORT.parser(__doc__, ROWS)
    parser.add_argument("--repeat", type=int, default=3, help="turns that count (3)")
    parser.add_argument(
        "--quick",
        action="store_true",
        help="one turn on few images, to see that all runs; nothing is written",
    )
    args = REPORT.parse(parser)
    results = REPORT.stored(anew=args.anew or args.quick)
    rows = results.setdefault("rows", {})
    if args.only and not args.quick:
        kept = [name for name in rows if name not in args.only]
        results["machine"] = _joined(results["machine"], here()) if kept else here()
    failed = set(args.only)
    repeat = 1 if args.quick else args.repeat
    for name, found in each(
        args.only, lambda name: measure(name, repeat=repeat, quick=args.quick)
    ):
        rows[name] = found
        failed.remove(name)
        if not args.quick:
            REPORT.keep(results)
    show(tables(rows))
    if not args.quick:
        REPORT.write_page(results)
    return int(bool(failed))


def here() -> dict[str, Any]:
    """Describe this machine and measure its limits."""
    limits = child.run("-m", "benchmarks.speed.limits")
    return {**machine.describe(), "limits": limits}


def _joined(known: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Keep rows of two machines, or of two sets of versions, off one page."""
    for name in _SAME:
        if known[name] != new[name]:
            sys.exit(
                f"{REPORT.file} holds rows taken with {name} {known[name]}, but here "
                f"it is {new[name]}: measure all the rows, or give --anew."
            )
    # Limits are the best ever seen: other work may hide them at times.
    limits = {
        name: max(value, known["limits"][name]) for name, value in new["limits"].items()
    }
    return {**new, "limits": limits}


if __name__ == "__main__":
    sys.exit(main())
