"""The page on reliability: every number on it comes from the results."""

from typing import Any

import numpy as np

from benchmarks.reliability.requirements import COUNTS, Count, rows
from benchmarks.reliability.soak_curve import (
    CURVE,
    HELD,
    MEAN_OF,
    WARM_UP,
    growth,
    means,
)
from benchmarks.shared.markdown import bullets, table, verdict

__all__ = ["requirements", "to_markdown"]

_VERSIONS = ("python", "skfashion", "tensorflow", "keras", "scikit-learn", "numpy")

_PAGE = """\
# Reliability

What happens when a fit is killed, a file is damaged or an argument is wrong?

Written by `python -m benchmarks.reliability.reliability`; do not edit. It measures one
part at a time, as `make crash`, `make fuzz` and `make soak` have it do, and writes this
page from all that was measured so far. Where a test of a row failed, the row is not
reached.

{requirements}

{failures}## A fit that is killed goes on

With `checkpoint=DIR`, `fit` saves each epoch to a file. When the process dies, the same
`fit` in another process goes on from the last epoch that was saved, and ends with the
weights, the probabilities and the history of a fit that was never stopped, bit for bit.
Both classifiers are trained in processes that are killed (SIGKILL) at random moments
and started again until one gets to the end.

{test_killed}

## A file is the old one or the new one

What is saved is written beside its place, and put there when it is whole. A process
that replaces a file of 3 MB again and again, by the function that `save` and
`checkpoint=` use, is killed at random moments; then the file has to be whole.

{test_files}

## A damaged file is refused

`load`, and what reads the copies of the data, either give what was saved or raise the
documented error with a sentence. Files are damaged at random: bytes changed, cut out,
put in or mixed with another file, also with checksums made right again. Another error,
other content, a long wait or much memory count as undocumented.

{test_damaged_files}

## Any argument works or is refused

Hypothesis makes up parameters, arrays, labels and weights, and calls the classifiers
with them. A call works, or raises an error of this package or scikit-learn's own about
its input; one that raises leaves the estimator as it was.

{test_properties}

## One random_state, the same bits

With the same number of TensorFlow threads, the same integer gives the same
probabilities, bit for bit, wherever and whenever it is fitted.

{bits}

## Long use

{soak}

## When and where

{times}
"""

_SOAK = """\
One process makes {fits:,} fits and {predictions:,} predictions on the bundled sample,
as a search does that goes on and on: rounds of the same networks of both
classifiers, more of them than steps are kept, some under XLA; trained anew, further
and in parts; sent through pickle and through files; and asked for 1 to 500 rows. Every
{every} fits it is looked at, after a garbage collection.

The first {warm_up} fits are the warm-up. Growth is from the mean over the {mean_of}
fits that follow to the mean over the last {mean_of} fits, the black lines in the
drawing. Over the last {half} fits memory grew by {trend:.1f} MB in 100 fits.

Networks that never come again are another matter: TensorFlow and its libraries
keep something of each for good, and memory goes on to grow, if slowly.

![What the process holds, by fits]({curve})

{held}"""


def to_markdown(stored: dict[str, Any]) -> str:
    """Write the page from the results of all parts that were measured."""
    return _PAGE.format(
        requirements=requirements(stored),
        failures=_failures(stored),
        **{count.file: _told(stored, count) for count in COUNTS},
        bits=_where_bits_are_equal(stored),
        soak=_long_use(stored),
        times=_times(stored),
    )


def requirements(stored: dict[str, Any]) -> str:
    """Write all that is required beside what was measured."""
    return table(
        ("what", "required", "measured", "reached"),
        ((*row[:3], verdict(row.reached)) for row in rows(stored)),
    )


def _told(stored: dict[str, Any], count: Count) -> str:
    if count.part not in stored:
        return _missing(count.part)
    try:
        return count.told.format_map(stored[count.part]["figures"].get(count.file, {}))
    except KeyError as error:
        return f"**Its tests did not count {error.args[0]}.**"


def _missing(part: str) -> str:
    return f"**Not measured yet: run `make {part}`.**"


def _failures(stored: dict[str, Any]) -> str:
    failed = [
        f"`{test}`" for part in stored.values() for test in part.get("failed", [])
    ]
    return bullets(failed, "**Tests failed:**")


def _where_bits_are_equal(stored: dict[str, Any]) -> str:
    if "crash" not in stored:
        return _missing("crash")
    found = sorted(stored["crash"]["same_bits"].items())
    cells = [(where, f"{held} of {cases}") for where, (held, cases) in found]
    return table(("where", "equal"), cells)


def _long_use(stored: dict[str, Any]) -> str:
    if "soak" not in stored:
        return _missing("soak")
    samples = stored["soak"]["samples"]
    fits = samples["fits"]
    half = len(fits) // 2
    slope = np.polyfit(fits[half:], samples["bytes"][half:], 1)[0]
    cells = []
    for name, (held, unit, symbol) in HELD.items():
        stretches = (f"{mean / unit:,.0f}{symbol}" for mean in means(samples, name))
        cells.append((held, *stretches, f"{growth(samples, name):+.1%}"))
    return _SOAK.format(
        fits=fits[-1],
        predictions=samples["predictions"][-1],
        every=fits[0],
        warm_up=WARM_UP,
        mean_of=MEAN_OF,
        half=fits[-1] - fits[half - 1],
        trend=slope * 100 / 1e6,
        curve=CURVE,
        held=table(("held", "after the warm-up", "at the end", "growth"), cells),
    )


def _times(stored: dict[str, Any]) -> str:
    cells = []
    for part, found in sorted(stored.items()):
        here = found["machine"]
        versions = (f"{name} {here['versions'][name]}" for name in _VERSIONS)
        tests = "-"
        if "failed" in found:
            tests = (
                f"{found['passed']} passed, {found['skipped']} skipped, "
                f"{len(found['failed'])} failed"
            )
        machine = f"{here['processor']}, {here['cores']} cores, {here['system']}"
        cells.append(
            (
                f"`make {part}`",
                here["date"],
                f"{found['seconds'] / 60:.1f}",
                tests,
                machine,
                ", ".join(versions),
            )
        )
    head = ("part", "on", "minutes", "tests", "machine", "versions")
    return table(head, cells) if cells else "Nothing was measured yet."
