"""The page on accuracy: every number comes from the results."""

import statistics
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks.accuracy.once import CALIBRATED, VIEWS
from benchmarks.accuracy.setups import SETUPS, TUTORIAL
from benchmarks.shared.markdown import table, verdict

__all__ = ["to_markdown"]

_PAGE = """\
# How accurate it is

Which accuracy can I expect, in which time, and how far can I trust the probabilities?

Written by `python -m benchmarks.accuracy.evaluate` on {date}; do not edit. Each set-up
is trained on the 60,000 training images of Fashion-MNIST and scored once on the 10,000
test images, after its last epoch; nothing was chosen by looking at them. How the
defaults and the set-ups were found, on images cut from the training set, is on
[a page of its own](accuracy-search.md); `cnn-best` trains for more epochs than its
trial did. Another has the images that [they get wrong](failures.md).

The standard error of an accuracy on 10,000 images is 0.2 to 0.25 points: two set-ups
that differ by less than half a point may stand the other way round on other images. `±`
is the standard deviation over the seeds, which is how much the same set-up moves by
itself.

## Test accuracy

{accuracy}

Views: the mean of the probabilities of the image alone; of it and its mirror image; of
it and it moved by one pixel up and left, and down and right; of these and their mirror
images (`n_views=1`, `2`, `3`, `6`). A requirement counts for the best of them.

## Time and size

Seconds are medians of whole fits, each the first of a process, so that tracing and
compiling count; importing does not. A budget is a multiple of what plain Keras's `cnn`
tutorial takes, whole, on the same machine; of the defaults, of what those before took.
FLOP are multiplications and additions of the products for one image, forward; a
training step costs three times that.
{time}
## Calibration

{calibration}

The expected calibration error (15 bins) is how far probabilities are from the part of
predictions that is right; log loss is in nats. The second part is of fits on the first
54,000 training images, seed 0: as they come, and in
`CalibratedClassifierCV(FrozenEstimator(pipeline), method="temperature")`, whose
temperature was fitted on the other 6,000.

{short}"""
_SHOWN = ", ".join(map(str, VIEWS))
_MACHINE = """
### On {machine}

{table}

The tutorial: {tutorial}.{note}
"""
Runs = list[dict[str, Any]]
Seconds = dict[str, float | None]


def to_markdown(stored: dict[str, Any]) -> str:
    """Write the page from stored runs."""
    runs = stored["runs"]
    fitted = _by_setup(runs)
    machines = {
        machine: [run for run in runs if run["machine"] == machine]
        for machine in dict.fromkeys(run["machine"] for run in runs)
    }
    missed = [*_missed(fitted)]
    for machine, there in machines.items():
        missed += [f"{miss} on {machine}." for miss in _late(there)]
    return _PAGE.format(
        date=stored["machine"]["date"],
        accuracy=_accuracy(fitted),
        time="".join(
            # What ran beside, as told by whoever measured.
            _machine(machine, there, stored.get("notes", {}).get(machine, ""))
            for machine, there in machines.items()
        ),
        calibration=_calibration(fitted, runs),
        short="\n".join(["## What is short", "", *missed, ""]) if missed else "",
    )


def _by_setup(runs: Runs) -> dict[str, Runs]:
    return {
        name: [run for run in runs if run["name"] == name and "views" in run]
        for name in SETUPS
    }


def _machine(machine: str, runs: Runs, note: str) -> str:
    tutorial = [run for run in runs if run["name"] == TUTORIAL]
    return _MACHINE.format(
        machine=machine,
        table=_time(_by_setup(runs), _all_seconds(runs)),
        tutorial=_tutorial(tutorial),
        note=f" {note}" if note else "",
    )


def _accuracies(runs: Iterable[dict[str, Any]], views: int) -> list[float]:
    """List those of runs that had so many views: not all had three."""
    return [
        run["views"][str(views)]["accuracy"]
        for run in runs
        if str(views) in run["views"]
    ]


def _best(runs: Sequence[dict[str, Any]]) -> float:
    found = [_accuracies(runs, views) for views in VIEWS]
    return max(statistics.mean(a) for a in found if len(a) == len(runs))


def _spread(values: Sequence[float], form: str = "{:.2f}") -> str:
    if not values:
        return "-"
    told = form.format(statistics.mean(values))
    if len(values) > 1:
        told += f" ± {form.format(statistics.stdev(values))}"
    return told


def _accuracy(fitted: dict[str, list[dict[str, Any]]]) -> str:
    head = ["set-up", "one view, %", "mirrored", "three", "six", "seeds"]
    rows = []
    for name, runs in fitted.items():
        least = SETUPS[name].accuracy
        needed = "-" if least is None else f"{least:.1%}"
        if not runs:
            cells = ["not measured", "", "", "", 0, needed, verdict(None)]
        else:
            of_views = [[100 * a for a in _accuracies(runs, v)] for v in VIEWS]
            cells = [*map(_spread, of_views), len(runs), needed]
            cells.append("-" if least is None else verdict(_best(runs) >= least))
        rows.append([f"`{name}`", *cells])
    return table([*head, "at least", "reached"], rows, numbers=" rrrrrr")


def _time(fitted: dict[str, Runs], seconds: Seconds) -> str:
    head = [
        "set-up",
        "epochs",
        "weights",
        "MFLOP",
        "fit, s",
        "times the tutorial",
        "budget",
        "kept",
        f"prediction, µs an image: {_SHOWN} views",
    ]
    rows = []
    for name, runs in fitted.items():
        if not runs:
            continue
        taken, unit = seconds[name], seconds[TUTORIAL]
        times = None if unit is None or taken is None else taken / unit
        rows.append(
            [
                f"`{name}`",
                runs[0]["epochs"],
                f"{runs[0]['weights']:,}",
                f"{runs[0]['flops'] / 1e6:.1f}",
                "-" if taken is None else f"{taken:.0f}",
                "-" if times is None else f"{times:.2f}",
                *_budget(name, seconds),
                ", ".join(_microseconds(runs, views) for views in VIEWS),
            ]
        )
    return table(head, rows, numbers=" rrrrrr")


def _budget(name: str, seconds: Seconds) -> tuple[str, str]:
    """Tell the budget of a set-up, and whether it was kept."""
    wanted = SETUPS[name]
    if wanted.budget is None:
        return "-", "-"
    told = f"{wanted.budget:g}"
    if wanted.unit != TUTORIAL:
        told += f" of {wanted.unit}"
    over = _over_budget(name, seconds)
    return told, verdict(None if over is None else over <= 1)


def _over_budget(name: str, seconds: Seconds) -> float | None:
    """Tell how many times its budget a set-up took; None if that is not known."""
    wanted, taken = SETUPS[name], seconds[name]
    unit = seconds[wanted.unit]
    if wanted.budget is None or taken is None or unit is None:
        return None
    return taken / unit / wanted.budget


def _seconds(runs: Sequence[dict[str, Any]]) -> float | None:
    """Take the median of the fits that had the machine to themselves."""
    taken = [run["seconds"] for run in runs if run["seconds"] is not None]
    return statistics.median(taken) if taken else None


def _all_seconds(runs: Runs) -> Seconds:
    named = {TUTORIAL: [run for run in runs if run["name"] == TUTORIAL]}
    return {name: _seconds(own) for name, own in {**named, **_by_setup(runs)}.items()}


def _microseconds(runs: Sequence[dict[str, Any]], views: int) -> str:
    told = [run["views"][str(views)] for run in runs if str(views) in run["views"]]
    if not told:
        return "-"
    return f"{statistics.median(one['microseconds_an_image'] for one in told):.0f}"


def _tutorial(runs: Sequence[dict[str, Any]]) -> str:
    seconds = _seconds(runs)
    if seconds is None:
        return "not measured"
    accuracy = _spread([100 * run["accuracy"] for run in runs])
    return f"{seconds:.0f} s for a test accuracy of {accuracy}%, mean of {len(runs)}"


def _calibration(
    fitted: dict[str, list[dict[str, Any]]], runs: Sequence[dict[str, Any]]
) -> str:
    head = [
        "set-up",
        f"error: {_SHOWN} views",
        f"log loss: {_SHOWN} views",
        "54,000: error, log loss",
        "with a temperature",
    ]
    rows = []
    for name, own in fitted.items():
        if not own:
            continue
        pairs = [
            ", ".join(_mean(own, views, figure, digits) for views in VIEWS)
            for figure, digits in (("calibration_error", 4), ("log_loss", 3))
        ]
        both = [run for run in runs if run["name"] == name and CALIBRATED in run]
        cells = ["-", "-"]
        if both:
            cells = [_pair(both[0][side]) for side in ("plain", CALIBRATED)]
        rows.append([f"`{name}`", *pairs, *cells])
    return table(head, rows)


def _mean(runs: Sequence[dict[str, Any]], views: int, figure: str, digits: int) -> str:
    told = [run["views"][str(views)] for run in runs if str(views) in run["views"]]
    if not told:
        return "-"
    return f"{statistics.mean(one[figure] for one in told):.{digits}f}"


def _pair(figures: dict[str, float]) -> str:
    return f"{figures['calibration_error']:.4f}, {figures['log_loss']:.3f}"


def _missed(fitted: dict[str, Runs]) -> Iterable[str]:
    """Say by how much an accuracy is missed, and what was not measured."""
    for name, runs in fitted.items():
        wanted = SETUPS[name]
        if len(runs) < wanted.seeds:
            yield f"- `{name}`: {len(runs)} of {wanted.seeds} seeds were trained."
        if not runs:
            continue
        short = 100 * ((wanted.accuracy or 0) - _best(runs))
        if short > 0:
            yield f"- `{name}`: {short:.2f} points below what was required."


def _late(runs: Runs) -> Iterable[str]:
    """Say which set-ups took longer on a machine than they may."""
    seconds = _all_seconds(runs)
    for name, own in _by_setup(runs).items():
        over = _over_budget(name, seconds)
        if own and seconds[name] is None:
            yield f"- `{name}`: its time is not known, for other work ran beside it,"
        elif over is not None and over > 1:
            yield f"- `{name}`: {over:.2f} times its budget"
