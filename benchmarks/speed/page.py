"""The page: every number on it comes from the results."""

from typing import Any

from benchmarks.shared.markdown import bullets, table, verdict
from benchmarks.speed.figures import Line, is_ours, lines, reached
from benchmarks.speed.rows import ROWS, Row

__all__ = ["tables", "to_markdown"]

_PAGE = """\
# Benchmarks

How fast is it, and how much memory does it take, beside what else there is?

Written by `python -m benchmarks.speed.run` on {date}; do not edit. Each row is measured
in one fresh process, in which the competitors take turns: one turn to warm up, then at
least three that count. A ratio is the competitor's median over that of the row's first
line, so a ratio above 1 says that skfashion is faster or smaller. All train the same
network (without dropout, if a row does not say so), with the same optimizer, learning
rate and batch size, on the same images of Fashion-MNIST, scaled beforehand to float32
in [0, 1]; "from bytes" has the network itself do that.

The CNN: {cnn}.

## Ratios

{ratios}

{notes}## Medians

The spread is that of all figures taken. GFLOP/s count the multiplications and
additions of the layers with weights, three forward passes a training step.

{medians}

{precision}## When

Beside a row stands how much of the processor other work took while it was measured.

{times}

## The machine

{machine}
"""

_PRECISION = """\
## Mixed precision

Defaults, trained on the first 50,000 training images and scored on the other 10,000;
mean ± standard deviation over {seeds} seeds, median seconds of a fit
(`python -m benchmarks.speed.precision`).

{figures}

"""

_LIMITS = {
    "float32_flops": "float32 matrix product",
    "bfloat16_flops": "bfloat16 matrix product",
    "convolution_flops": "the CNN's larger convolution alone, with its gradients",
    "small_product_flops": "784-300 alone, 32 rows: its products under XLA",
}


def to_markdown(results: dict[str, Any]) -> str:
    """Write the page from the results of all the rows that were measured."""
    measured = _measured(results["rows"])
    return _PAGE.format(
        date=results["machine"]["date"],
        cnn=_cnn(),
        ratios=_ratios(measured),
        notes=bullets(
            [f"`{name}`: {row.note}" for name, (row, _) in measured.items() if row.note]
        ),
        medians=_medians(measured),
        precision=_precision(results.get("precision", [])),
        times=_times(results["rows"]),
        machine=_machine(results["machine"]),
    )


def tables(rows: dict[str, Any]) -> str:
    """Write the ratios and the medians of rows that were measured."""
    measured = _measured(rows)
    return f"{_ratios(measured)}\n\n{_medians(measured)}"


def _measured(rows: dict[str, Any]) -> dict[str, tuple[Row, list[Line]]]:
    return {
        name: (row, lines(row, rows[name]))
        for name, row in ROWS.items()
        if name in rows
    }


def _amount(value: float | None, unit: str) -> str:
    """Write seconds or bytes with three digits."""
    if value is None:
        return "not installed"
    if unit == "B":
        return f"{value / 1e6:,.0f} MB"
    for name, size in (("s", 1), ("ms", 1e-3)):
        if value >= size:
            return f"{_three_digits(value / size)} {name}"
    return f"{_three_digits(value / 1e-6)} µs"


def _ratio(line: Line) -> str:
    """Write how many times more a competitor took."""
    if line.ratio is None:
        return "not installed"
    return f"{_three_digits(line.ratio)}"


def _requirement(row: Row, line: Line) -> str:
    """Write what a line must reach, if anything."""
    if line.required is not None:
        return f"at least {line.required:.3g}"
    if row.ceiling is not None and is_ours(row, line):
        return f"under {_amount(row.ceiling, row.unit)}"
    return ""


def _judged(row: Row, line: Line) -> str:
    """Write whether a line reached what is required of it."""
    return verdict(reached(row, line)) if _requirement(row, line) else ""


def _three_digits(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _ratios(measured: dict[str, tuple[Row, list[Line]]]) -> str:
    cells = []
    for name, (row, made) in measured.items():
        # A row with a ceiling is judged by its own figure.
        compared = made[1:] if row.ceiling is None else made
        for number, line in enumerate(compared):
            cells.append(
                (
                    "" if number else f"`{name}`",
                    "" if number else row.work,
                    line.name,
                    _ratio(line)
                    if row.ceiling is None
                    else _amount(line.median, row.unit),
                    _requirement(row, line),
                    _judged(row, line),
                )
            )
    head = ("row", "work", "compared with", "ratio", "required", "reached")
    return table(head, cells, numbers="   rr")


def _medians(measured: dict[str, tuple[Row, list[Line]]]) -> str:
    cells = []
    for name, (row, made) in measured.items():
        for number, line in enumerate(made):
            least, most = (_amount(v, row.unit) for v in (line.least, line.most))
            cells.append(
                (
                    "" if number else f"`{name}`",
                    line.name,
                    _amount(line.median, row.unit),
                    "" if line.median is None else f"{least} to {most}",
                    "" if line.flops is None else _three_digits(line.flops / 1e9),
                )
            )
    head = ("row", "competitor", "median", "least to most", "GFLOP/s")
    return table(head, cells, numbers="  rrr")


def _precision(lines: list[dict[str, Any]]) -> str:
    if not lines:
        return ""
    head = ("classifier", "`dtype_policy`", "validation accuracy", "seconds")
    cells = (
        (
            f"`{line['classifier']}`",
            f"`{line['dtype_policy']}`",
            f"{line['mean']:.4f} ± {line['deviation']:.4f}",
            f"{line['seconds']:.1f}",
        )
        for line in lines
    )
    figures = table(head, cells, numbers="  rr")
    return _PRECISION.format(seeds=lines[0]["seeds"], figures=figures)


def _times(rows: dict[str, Any]) -> str:
    cells = (
        (
            f"`{name}`",
            rows[name]["taken"],
            f"{rows[name]['load']:.2f}",
            f"{rows[name]['others']:.0%}",
            f"{rows[name]['stolen']:.0%}",
        )
        for name in ROWS
        if name in rows
    )
    head = ("row", "taken (UTC)", "load before", "other work", "taken by the host")
    return table(head, cells, numbers="  rrr")


def _machine(machine: dict[str, Any]) -> str:
    limits = machine["limits"]
    cells = [
        ("processor", machine["processor"]),
        ("cores used", machine["cores"]),
        ("instructions", ", ".join(machine["flags"])),
        ("memory", f"{machine['memory_bytes'] / 2**30:.1f} GiB"),
        ("system", machine["system"]),
        *machine["versions"].items(),
        *(
            (what, f"{limits[name] / 1e9:.0f} GFLOP/s")
            for name, what in _LIMITS.items()
        ),
        ("memory copy, read and written", f"{limits['copy_bytes'] / 1e9:.1f} GB/s"),
    ]
    return table(("", ""), cells)


def _cnn() -> str:
    network = ROWS["cnn"].network
    stages = ", then ".join(
        f"{filters} filters of 3x3 and 2x2 max-pooling" for filters in network.filters
    )
    teraflops = network.training_flops * ROWS["cnn"].n_images / 1e12
    return (
        f"{stages}, a dense layer of {network.hidden[0]} and softmax of 10: "
        f"{teraflops:.2f} TFLOP an epoch"
    )
