"""Draw which folder of the package imports which, as the code has it.

Run as ``python tools/draw_architecture.py FILE``; the same code gives the same drawing.
An arrow is left out where others lead to the same folder by way of a third.
"""

import ast
import sys
from itertools import pairwise
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path as Curve

PACKAGE = Path(__file__).resolve().parents[1] / "skfashion"
# Points of a curve at each of its places: it comes and goes vertically.
SHIFTS = (-0.6, 0, 0.6)


def read_imports() -> dict[str, set[str]]:
    """Tell which folder, or module beside the folders, imports which others."""
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        own = found.setdefault(
            path.relative_to(PACKAGE).with_suffix("").parts[0], set()
        )
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
                names = (f"{module}{alias.name}.".split(".") for alias in node.names)
                own |= {name[1] for name in names if name[0] == "skfashion"}
    # The package itself loads what is public when it is asked for.
    del found["__init__"], found["__main__"]
    return {name: (found[name] & found.keys()) - {name} for name in sorted(found)}


def below(name: str, imports: dict[str, set[str]]) -> set[str]:
    """Find all that a folder imports, itself or by way of others."""
    return imports[name].union(*(below(other, imports) for other in imports[name]))


def lay_out(imports: dict[str, set[str]]) -> tuple[dict, list[list]]:
    """Give where the folders are, and arrows as chains of places a row apart."""
    row: dict = {}
    for name in sorted(imports, key=lambda name: len(below(name, imports))):
        row[name] = max((row[other] + 1 for other in imports[name]), default=0)
    chains = []
    for name in imports:
        implied = set().union(*(below(other, imports) for other in imports[name]))
        for other in sorted(imports[name] - implied):
            between = [(name, other, n) for n in range(row[name] - 1, row[other], -1)]
            row |= {place: place[2] for place in between}
            chains.append([name, *between, other])
    near: dict = {place: [] for place in row}
    for one, other in (pair for chain in chains for pair in pairwise(chain)):
        near[one].append(other)
        near[other].append(one)
    # To and fro, each row is put in the order of what it is joined with.
    rows = [[p for p in row if row[p] == n] for n in range(max(row.values()) + 1)]
    at: dict = {}
    for places in [*rows, *rows[::-1]] * 8:
        want = {p: np.mean([at[q][0] for q in near[p] if q in at] or 0) for p in places}
        places.sort(key=want.__getitem__)
        widths = np.array([2.3 if isinstance(place, str) else 0.7 for place in places])
        xs = np.cumsum(widths) - (widths + widths.sum()) / 2
        xs += np.mean(list(want.values()))
        at |= {p: (x, row[p]) for p, x in zip(places, xs, strict=True)}
    return at, chains


def draw(path: Path) -> None:
    """Write the drawing."""
    at, chains = lay_out(read_imports())
    low, high = np.min(list(at.values()), axis=0), np.max(list(at.values()), axis=0)
    with mpl.rc_context({**mpl.rcParamsDefault, "svg.hashsalt": "", "font.size": 12}):
        figure = Figure(figsize=(9, 7.5), facecolor="white")
        ax = figure.add_axes((0, 0, 1, 1), frameon=False, xticks=[], yticks=[])
        ax.set(xlim=(low[0] - 1.2, high[0] + 1.2), ylim=(low[1] - 0.4, high[1] + 0.4))
        for chain in chains:
            points = [(x, y - shift) for x, y in map(at.get, chain) for shift in SHIFTS]
            points = [*points[1:-2], (at[chain[-1]][0], at[chain[-1]][1] + 0.2)]
            curve = Curve(points, [Curve.MOVETO] + [Curve.CURVE4] * (len(points) - 1))
            ax.add_patch(
                FancyArrowPatch(
                    path=curve, arrowstyle="-|>", color="#6b7280", mutation_scale=12
                )
            )
        for name in filter(lambda place: isinstance(place, str), at):
            color = "#f4f5f7" if name.startswith("_") else "#dbe7fa"
            box = {
                "boxstyle": "round,pad=0.5",
                "edgecolor": "#2459b3",
                "facecolor": color,
            }
            ax.text(*at[name], name, ha="center", va="center", bbox=box)
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else {})


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
