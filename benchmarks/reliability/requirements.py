"""What is required of reliability, held against what was measured."""

from typing import Any, NamedTuple

from benchmarks.reliability.soak_curve import HELD, growth

__all__ = ["COUNTS", "Count", "Requirement", "rows"]

_MOST_GROWTH = 0.05
# Where one random_state has to give the same bits, at least.
_SAME_BITS = ("n_jobs 1 and 2", "in another process", "after unrelated fits")
_NOT_MEASURED = "not measured"


class Requirement(NamedTuple):
    """What is required, what was measured, and whether that is enough."""

    what: str
    required: str
    measured: str
    reached: bool | None


class Count(NamedTuple):
    """So many of at least so many, counted by the tests of one file.

    ``told`` is the sentence that tells it.
    """

    what: str
    part: str
    file: str
    counted: str
    of: str
    least: int
    wants_all: bool
    told: str

    def row(self, stored: dict[str, Any]) -> Requirement:
        """Hold the count against what is required."""
        required = f"{self.least if self.wants_all else 0:,} of {self.least:,}"
        if self.part not in stored:
            return Requirement(self.what, required, _NOT_MEASURED, None)
        found = stored[self.part]["figures"].get(self.file, {})
        if not {self.counted, self.of} <= found.keys():
            return Requirement(self.what, required, "not counted", False)
        counted, of = found[self.counted], found[self.of]
        reached = of >= self.least and counted == (of if self.wants_all else 0)
        tests = stored[self.part]["failed"]
        reached &= not any(test.startswith(f"{self.file}::") for test in tests)
        return Requirement(self.what, required, f"{counted:,} of {of:,}", reached)


COUNTS = (
    Count(
        "fits killed and gone on with, equal to the last bit",
        *("crash", "test_killed", "bit_equal", "runs", 20, True),
        "{runs} fits were killed {kills} times, {while_writing} times while they "
        "wrote a file.",
    ),
    Count(
        "writes killed, the old or the new file whole",
        *("crash", "test_files", "whole", "kills", 50, True),
        "Of {kills} kills {interrupted} left a new file behind that was not in its "
        "place yet.",
    ),
    Count(
        "damaged files with an undocumented outcome",
        *("fuzz", "test_damaged_files", "undocumented", "files", 5000, False),
        "Of {files:,} files {refused:,} were refused and {worked:,} worked.",
    ),
    Count(
        "made-up arguments with an undocumented outcome",
        *("fuzz", "test_properties", "undocumented", "examples", 2000, False),
        "In {examples:,} examples {worked:,} calls worked and {refused:,} were "
        "refused.",
    ),
)


def rows(stored: dict[str, Any]) -> list[Requirement]:
    """Hold all that is required against the results."""
    return [*(count.row(stored) for count in COUNTS), _bits(stored), *_soak(stored)]


def _bits(stored: dict[str, Any]) -> Requirement:
    what = "the same bits, wherever and whenever fitted"
    required = ", ".join(_SAME_BITS)
    if "crash" not in stored:
        return Requirement(what, required, _NOT_MEASURED, None)
    found = stored["crash"]["same_bits"]
    held, cases = (sum(pair[i] for pair in found.values()) for i in (0, 1))
    reached = held == cases and found.keys() >= {*_SAME_BITS}
    return Requirement(what, required, f"{held} of {cases} tests", reached)


def _soak(stored: dict[str, Any]) -> list[Requirement]:
    what = (
        "growth of memory in long use",
        "growth of threads, open files and cached steps",
    )
    required = (f"under {_MOST_GROWTH:.0%}", "none in the second half")
    if "soak" not in stored:
        pairs = zip(what, required, strict=True)
        return [Requirement(*pair, _NOT_MEASURED, None) for pair in pairs]
    samples = stored["soak"]["samples"]
    grown_by = growth(samples, "bytes")
    half = len(samples["fits"]) // 2
    # By how many the second half ever had more than the first.
    more = {
        name: max(0, max(samples[name][half:]) - max(samples[name][:half]))
        for name in HELD
        if name != "bytes"
    }
    others = [f"{HELD[name][0]}: {n}" for name, n in more.items() if n]
    return [
        Requirement(what[0], required[0], f"{grown_by:.1%}", grown_by < _MOST_GROWTH),
        Requirement(what[1], required[1], "; ".join(others) or "none", not others),
    ]
