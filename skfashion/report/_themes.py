"""Colours of a page, light and dark, and matplotlib's settings that go with them."""

from typing import Any

_THEMES = ("light", "dark")
# Shared by the page and its drawings, whose backgrounds have to meet unseen.
_PALETTE = {
    "paper": ("#ffffff", "#15181d"),
    "raised": ("#f4f5f7", "#1e2229"),
    "ink": ("#1b1f24", "#e6e8eb"),
    "muted": ("#59616c", "#a3abb6"),
    "rule": ("#d9dce1", "#363c46"),
    "accent": ("#2459b3", "#8cb6f5"),
}
# Told apart by the colour blind too, and each 3:1 or more against the paper.
_CYCLES = (
    ("#2459b3", "#c2570c", "#0f7d72", "#8b3fa0", "#8a6d00", "#6b7280"),
    ("#8cb6f5", "#f0a35e", "#5ccbb9", "#d59ce3", "#e0c25c", "#a9b1bc"),
)
_COLORMAPS = ("Blues", "Blues_r")


def palettes() -> dict[str, dict[str, str]]:
    """Give the colours by theme and use."""
    return {
        theme: {name: colors[number] for name, colors in _PALETTE.items()}
        for number, theme in enumerate(_THEMES)
    }


def style(theme: str) -> dict[str, Any]:
    """Give matplotlib's settings for drawings that sit on the page."""
    from cycler import cycler

    number, palette = _THEMES.index(theme), palettes()[theme]
    uses = {
        "ink": ("text.color", "axes.titlecolor", "legend.labelcolor"),
        "muted": ("axes.labelcolor", "xtick.color", "ytick.color"),
        "paper": ("figure.facecolor", "axes.facecolor", "savefig.facecolor"),
        "rule": ("axes.edgecolor", "grid.color", "legend.edgecolor"),
    }
    return {
        **{key: palette[name] for name, keys in uses.items() for key in keys},
        "axes.prop_cycle": cycler(color=_CYCLES[number]),
        "axes.axisbelow": True,
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlesize": "medium",
        "font.size": 12,
        "image.cmap": _COLORMAPS[number],
        "legend.frameon": False,
        "lines.linewidth": 2,
    }
