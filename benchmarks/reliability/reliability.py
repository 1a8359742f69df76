"""Measures what happens when things go wrong, and writes docs/reliability.md.

What is measured is kept in reliability.json at once, part by part, so that the page can
be written from all of it. "crash" and "fuzz" run tests, which leave their counts with
pytest's record_property; "soak" runs soak.py.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from rich.console import Console
from rich.table import Table

from benchmarks.reliability.page import to_markdown
from benchmarks.reliability.promises import rows
from benchmarks.reliability.soak_curve import draw
from benchmarks.shared import machine
from benchmarks.speed.measure import MeasurementError, run_script

RESULTS = Path(__file__).with_name("reliability.json")
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reliability.md"
CURVE = PAGE.with_name("soak.svg")
_CRASH = (
    "_utils/test_files.py",
    "neural_network/test_checkpoints.py",
    "neural_network/test_killed.py",
    "neural_network/test_reproducibility.py",
    "_utils/test_processes.py",
)
_FUZZ = ("neural_network/test_properties.py", "persistence/test_damaged_files.py")
# What pytest ends with where all tests passed, and where some did not.
_TESTED = (0, 1)
# Columns for the table where there is no terminal to fit.
_WIDTH = 120


def main() -> int:
    """Run the command line; 1 where a part failed or could not be measured."""
    args = _arguments()
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH
    stored = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    failed = False
    for part in args.parts:
        begun = time.perf_counter()
        try:
            with console.status(part):
                found = _PARTS[part]()
        except MeasurementError as error:
            failed = True
            console.print(f"{part} failed:\n{error}", markup=False)
            continue
        seconds = time.perf_counter() - begun
        failed |= bool(found.get("failed"))
        here = machine.describe(limits=False)
        stored[part] = {"seconds": seconds, "machine": here, **found}
        RESULTS.write_text(json.dumps(stored, indent=1) + "\n")
    PAGE.write_text(to_markdown(stored, CURVE.name))
    if "soak" in stored:
        draw(stored["soak"]["samples"], CURVE)
    table = Table("promise", "required", "measured", "reached", box=None)
    for row in rows(stored):
        table.add_row(row.promise, row.required, row.measured, row.verdict.strip("*"))
    console.print(table)
    return int(failed)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("parts", nargs="*", metavar="PART", help=", ".join(_PARTS))
    add("--page-only", action="store_true", help="write the page from what is stored")
    args = parser.parse_args()
    if bool(args.parts) == args.page_only or not _PARTS.keys() >= {*args.parts}:
        parser.error(f"give one or more of {', '.join(_PARTS)}, or --page-only")
    return args


def _test(names: tuple[str, ...], *options: str) -> dict[str, Any]:
    """Run files of tests and collect what they tell."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "junit.xml")
        files = [f"tests/{name}" for name in names]
        command = ["pytest", "-n", "2", *options, f"--junitxml={report}", *files]
        done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False)
        if done.returncode not in _TESTED:
            raise MeasurementError(f"pytest ended with status {done.returncode}")
        return _harvest(ET.parse(report))


def _harvest(report: Any) -> dict[str, Any]:
    """Sum up outcomes and properties, by the file that the tests are in."""
    outcomes: dict[str, Any] = {"passed": 0, "skipped": 0, "failed": []}
    figures: dict[str, dict[str, int]] = {}
    same_bits: dict[str, list[int]] = {}
    for case in report.iter("testcase"):
        file = case.get("classname").split(".")[-1]
        has_failed = any(child.tag in ("failure", "error") for child in case)
        if has_failed:
            outcomes["failed"].append(f"{file}::{case.get('name')}")
        else:
            skipped = case.find("skipped") is not None
            outcomes["skipped" if skipped else "passed"] += 1
        for found in case.iter("property"):
            name, value = found.get("name"), found.get("value")
            if name == "same_bits":
                held, cases = same_bits.get(value, (0, 0))
                same_bits[value] = [held + (not has_failed), cases + 1]
            elif value.isdecimal():
                of_file = figures.setdefault(file, {})
                of_file[name] = of_file.get(name, 0) + int(value)
    return {**outcomes, "figures": figures, "same_bits": same_bits}


_PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "crash": lambda: _test(_CRASH),
    "fuzz": lambda: _test(_FUZZ, "--hypothesis-profile=long"),
    "soak": lambda: {"samples": run_script("benchmarks.reliability.soak")},
}


if __name__ == "__main__":
    sys.exit(main())
