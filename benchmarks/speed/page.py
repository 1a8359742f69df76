"""The page: every number on it comes from the results."""

from typing import Any

from benchmarks.speed.figures import Line, is_ours, lines, reached
from benchmarks.speed.rows import ROWS, Row

__all__ = ["amount", "ratio", "requirement", "to_markdown", "verdict"]

_PAGE = """\
# Benchmarks

Written by `python -m benchmarks.speed.run` on {date}; do not edit. Each row is measured
in one fresh process, in which the contestants take turns: one turn to warm up, then at
least three that count. A ratio is the contestant's median over that of the row's first
line, so a ratio above 1 says that skfashion is faster or smaller. All train the same
network (dropout 0), with the same optimizer, learning rate and batch size, on the same
images of Fashion-MNIST, scaled beforehand to float32 in [0, 1]; "from bytes" has the
network itself do that.

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


def to_markdown(results: dict[str, Any]) -> str:
    """Write the page from the results of all the rows that were measured."""
    measured = {
        name: (row, lines(row, results["rows"][name]))
        for name, row in ROWS.items()
        if name in results["rows"]
    }
    return _PAGE.format(
        date=results["machine"]["date"],
        cnn=_cnn(),
        ratios=_ratios(measured),
        notes=_notes(measured),
        medians=_medians(measured),
        precision=_precision(results.get("precision", [])),
        times=_times(results["rows"]),
        machine=_machine(results["machine"]),
    )


def amount(value: float | None, unit: str) -> str:
    """Write seconds or bytes with three digits."""
    if value is None:
        return "not installed"
    if unit == "B":
        return f"{value / 1e6:,.0f} MB"
    for name, size in (("s", 1), ("ms", 1e-3)):
        if value >= size:
            return f"{_three_digits(value / size)} {name}"
    return f"{_three_digits(value / 1e-6)} µs"


def ratio(line: Line) -> str:
    """Write how many times more a contestant took."""
    if line.ratio is None:
        return "not installed"
    return f"{_three_digits(line.ratio)}"


def requirement(row: Row, line: Line) -> str:
    """Write what a line must reach, if anything."""
    if line.required is not None:
        return f"at least {line.required:.3g}"
    if row.ceiling is not None and is_ours(row, line):
        return f"under {amount(row.ceiling, row.unit)}"
    return ""


def verdict(row: Row, line: Line) -> str:
    """Write whether a line reached what is required of it."""
    if not requirement(row, line):
        return ""
    return {True: "yes", False: "**no**", None: "not known"}[reached(row, line)]


def _three_digits(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _ratios(measured: dict[str, tuple[Row, list[Line]]]) -> str:
    table = [
        "| row | work | compared with | ratio | required | reached |",
        "|---|---|---|--:|--:|---|",
    ]
    for name, (row, made) in measured.items():
        # A row with a ceiling is judged by its own figure.
        compared = made[1:] if row.ceiling is None else made
        for number, line in enumerate(compared):
            first = number == 0
            figure = (
                ratio(line) if row.ceiling is None else amount(line.median, row.unit)
            )
            cells = [
                f"`{name}`" if first else "",
                row.work if first else "",
                line.name,
                figure,
                requirement(row, line),
                verdict(row, line),
            ]
            table.append(f"| {' | '.join(cells)} |")
    return "\n".join(table)


def _notes(measured: dict[str, tuple[Row, list[Line]]]) -> str:
    notes = [
        f"- `{name}`: {row.note}" for name, (row, _) in measured.items() if row.note
    ]
    return "\n".join([*notes, "", ""]) if notes else ""


def _medians(measured: dict[str, tuple[Row, list[Line]]]) -> str:
    table = [
        "| row | contestant | median | least to most | GFLOP/s |",
        "|---|---|--:|--:|--:|",
    ]
    for name, (row, made) in measured.items():
        for number, line in enumerate(made):
            spread = ""
            if line.median is not None:
                spread = (
                    f"{amount(line.least, row.unit)} to {amount(line.most, row.unit)}"
                )
            speed = "" if line.flops is None else _three_digits(line.flops / 1e9)
            cells = [
                "" if number else f"`{name}`",
                line.name,
                amount(line.median, row.unit),
                spread,
                speed,
            ]
            table.append(f"| {' | '.join(cells)} |")
    return "\n".join(table)


def _precision(lines: list[dict[str, Any]]) -> str:
    if not lines:
        return ""
    table = [
        "## Mixed precision",
        "",
        "Defaults, trained on the first 50,000 training images and scored on the "
        f"other 10,000; mean ± standard deviation over {lines[0]['seeds']} seeds, "
        "median seconds of a fit (`python -m benchmarks.speed.precision`).",
        "",
        "| classifier | `dtype_policy` | validation accuracy | seconds |",
        "|---|---|--:|--:|",
        *(
            f"| `{line['classifier']}` | `{line['dtype_policy']}` "
            f"| {line['mean']:.4f} ± {line['deviation']:.4f} "
            f"| {line['seconds']:.1f} |"
            for line in lines
        ),
    ]
    return "\n".join([*table, "", ""])


def _times(rows: dict[str, Any]) -> str:
    table = [
        "| row | taken (UTC) | load before | other work | taken by the host |",
        "|---|---|--:|--:|--:|",
    ]
    for name in ROWS:
        if name in rows:
            row = rows[name]
            table.append(
                f"| `{name}` | {row['taken']} "
                f"| {row['load']:.2f} | {row['others']:.0%} | {row['stolen']:.0%} |"
            )
    return "\n".join(table)


def _machine(machine: dict[str, Any]) -> str:
    limits = machine["limits"]
    table = [
        ("processor", machine["processor"]),
        ("cores used", machine["cores"]),
        ("instructions", ", ".join(machine["flags"])),
        ("memory", f"{machine['memory_bytes'] / 2**30:.1f} GiB"),
        ("system", machine["system"]),
        *machine["versions"].items(),
        ("float32 matrix product", f"{limits['float32_flops'] / 1e9:.0f} GFLOP/s"),
        ("bfloat16 matrix product", f"{limits['bfloat16_flops'] / 1e9:.0f} GFLOP/s"),
        (
            "the CNN's larger convolution alone, with its gradients",
            f"{limits['convolution_flops'] / 1e9:.0f} GFLOP/s",
        ),
        (
            "784-300 alone, 32 rows: its products under XLA",
            f"{limits['small_product_flops'] / 1e9:.0f} GFLOP/s",
        ),
        ("memory copy, read and written", f"{limits['copy_bytes'] / 1e9:.1f} GB/s"),
    ]
    return "\n".join(
        ["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in table)]
    )


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
