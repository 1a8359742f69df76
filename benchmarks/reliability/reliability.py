"""Measures what happens when things go wrong, and writes docs/reliability.md.

What is measured is kept in reliability.json at once, part by part, so that the page can
be written from all of it. "crash" and "fuzz" run tests, which leave their counts with
pytest's record_property; "soak" runs the module soak.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from benchmarks.reliability.page import requirements, to_markdown
from benchmarks.reliability.soak_curve import CURVE, draw
from benchmarks.shared import child, machine
from benchmarks.shared.results import DOCS, Report, each, show

REPORT = Report(
    Path(__file__).with_name("reliability.json"), DOCS / "reliability.md", to_markdown
)
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


def main() -> int:
    """Run the command line; 1 where a part failed or could not be measured."""
    args = REPORT.parse(REPORT.parser(__doc__, _PARTS))
    stored = REPORT.stored(anew=args.anew)
    failed = set(args.only)
    for part, found in each(args.only, _measure):
        stored[part] = found
        REPORT.keep(stored)
        if not found.get("failed"):
            failed.remove(part)
    REPORT.write_page(stored)
    if "soak" in stored:
        draw(stored["soak"]["samples"], DOCS / CURVE)
    show(requirements(stored))
    return int(bool(failed))


def _measure(part: str) -> dict[str, Any]:
    begun = time.perf_counter()
    found = _PARTS[part]()
    seconds = time.perf_counter() - begun
    return {"seconds": seconds, "machine": machine.describe(), **found}


def _test(names: tuple[str, ...], *options: str) -> dict[str, Any]:
    """Run files of tests and collect what they tell."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "junit.xml")
        files = [f"tests/{name}" for name in names]
        marked = ["-m", "not full"]
        command = ["pytest", "-n", "2", *marked, *options, f"--junitxml={report}"]
        done = subprocess.run(
            [sys.executable, "-m", *command, *files], cwd=child.ROOT, check=False
        )
        if done.returncode not in _TESTED:
            raise child.ChildError(f"pytest ended with status {done.returncode}")
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
    "soak": lambda: {"samples": child.run("-m", "benchmarks.reliability.soak")},
}


if __name__ == "__main__":
    sys.exit(main())
