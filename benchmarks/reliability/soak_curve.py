"""What the soak's process held: its growth, and the drawing of it."""

from pathlib import Path

import numpy as np

__all__ = ["CURVE", "HELD", "MEAN_OF", "WARM_UP", "draw", "growth", "means"]

# The drawing, beside the page.
CURVE = "soak.svg"
# Fits of the soak that do not count, and fits whose mean stands for a moment.
WARM_UP = 100
MEAN_OF = 50
# What the soak counts, and in how many of what.
HELD = {
    "bytes": ("memory, resident", 1e6, " MB"),
    "threads": ("threads of the process", 1, ""),
    "files": ("open files", 1, ""),
    "steps": ("cached compiled steps", 1, ""),
    "predictions": ("cached forward passes", 1, ""),
}
_PANELS = {
    "resident memory, MB": ["bytes"],
    "threads": ["threads"],
    "open files": ["files"],
    "cached steps": ["steps", "predictions"],
}


def means(samples: dict[str, list[int]], name: str) -> list[float]:
    """Means of what was held over the two stretches."""
    fits, held = np.array(samples["fits"]), np.array(samples[name])
    return [
        float(held[(fits > first) & (fits <= first + MEAN_OF)].mean())
        for first in _moments(samples)
    ]


def growth(samples: dict[str, list[int]], name: str) -> float:
    """Compute by what part of itself a mean grew."""
    before, after = means(samples, name)
    return after / before - 1


def draw(samples: dict[str, list[int]], path: Path) -> None:
    """Draw what the soak's process held, in a panel for each thing."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 5.4), layout="constrained", facecolor="white")
    panels = figure.subplots(2, 2, sharex=True)
    for panel, (title, names) in zip(panels.flat, _PANELS.items(), strict=True):
        panel.axvspan(0, WARM_UP, color="0.9", linewidth=0)
        for name in names:
            held, unit, _ = HELD[name]
            values = np.array(samples[name]) / unit
            panel.plot(samples["fits"], values, label=held.split()[-1])
        for first, mean in zip(
            _moments(samples), means(samples, names[0]), strict=True
        ):
            height = mean / HELD[names[0]][1]
            panel.hlines(height, first, first + MEAN_OF, color="black", linewidth=2.5)
        panel.margins(y=0.15)
        panel.set(title=title, xlim=(0, samples["fits"][-1]), ylim=(0, None))
        panel.grid(color="0.9", linewidth=0.5)
    panels[0, 0].text(WARM_UP / 2, 20, "warm-up", ha="center", color="0.4")
    panels[1, 1].legend(loc="center right")
    for panel in panels[1]:
        panel.set_xlabel("fits")
    with mpl.rc_context({"svg.hashsalt": path.name}):
        figure.savefig(path, metadata={"Date": None})


def _moments(samples: dict[str, list[int]]) -> tuple[int, int]:
    """Fits after which the two stretches that are compared begin."""
    return WARM_UP, samples["fits"][-1] - MEAN_OF
