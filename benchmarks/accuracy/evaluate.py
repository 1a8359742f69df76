"""Test accuracy of the defaults and the named set-ups, beside plain Keras's tutorial.

Each training runs in a process of its own, and what came of it is kept in
evaluation.json at once: an interrupted run goes on with what is missing, seed by seed,
unless --anew is given. Writes docs/accuracy.md.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.accuracy.once import CALIBRATED
from benchmarks.accuracy.page import to_markdown
from benchmarks.accuracy.setups import SETUPS, TUTORIAL, UNITS
from benchmarks.shared import child, machine
from benchmarks.shared.results import DOCS, Report, say

REPORT = Report(
    Path(__file__).with_name("evaluation.json"), DOCS / "accuracy.md", to_markdown
)
_FITTED = "fitted"


def main() -> None:
    """Run the command line."""
    parser = REPORT.parser(__doc__, [TUTORIAL, *SETUPS])
    parser.add_argument("--seeds", type=int, help="of each (default: 5, cnn-best 3)")
    parser.add_argument(
        "--calibrated",
        action="store_true",
        help="fit each once more on fewer images, and a temperature on the rest",
    )
    args = REPORT.parse(parser)
    stored = REPORT.stored(anew=args.anew)
    runs = stored.setdefault("runs", [])
    if args.only:
        stored["machine"] = machine.describe()
    here = machine.in_short(stored["machine"])
    for what, name, seed in _missing(runs, args, here):
        result = child.run("-m", "benchmarks.accuracy.once", what, name, str(seed))
        told = {"what": what, "name": name, "seed": seed, "machine": here}
        runs.append({**told, **result})
        REPORT.keep(stored)
        say(f"{name}, seed {seed}, {what}: {_told(result)}")
    REPORT.write_page(stored)


def _missing(
    runs: list[dict[str, Any]], args: argparse.Namespace, here: str
) -> Iterator[tuple[str, str, int]]:
    """Yield what is to be trained, all set-ups by one seed before the next seed.

    What others' times are multiples of is trained on each machine.
    """
    there = {
        (run["what"], run["name"], run["seed"])
        for run in runs
        if run["machine"] == here or run["name"] not in UNITS
    }
    for seed in range(args.seeds or 5):
        for name in args.only:
            most = SETUPS[name].seeds if name in SETUPS else 3
            turns = [_FITTED] if seed < (args.seeds or most) else []
            if args.calibrated and name in SETUPS and seed == 0:
                turns.append(CALIBRATED)
            for what in turns:
                if (what, name, seed) not in there:
                    yield what, name, seed


def _told(result: dict[str, Any]) -> str:
    if "views" in result:
        scores = [f"{figures['accuracy']:.4f}" for figures in result["views"].values()]
        return f"test accuracy {' / '.join(scores)}, {result['seconds']:.0f} s"
    if CALIBRATED in result:
        before, after = (
            result[side]["calibration_error"] for side in ("plain", CALIBRATED)
        )
        return f"calibration error {before:.4f}, with a temperature {after:.4f}"
    return f"test accuracy {result['accuracy']:.4f}, {result['seconds']:.0f} s"


if __name__ == "__main__":
    main()
