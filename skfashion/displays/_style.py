"""Colours, markers and axes that the displays share.

matplotlib is imported inside functions, so that the package does without it.
"""

from typing import TYPE_CHECKING, Any

from skfashion._utils.extras import extra
from skfashion._utils.text import printable
from skfashion.exceptions import ParameterError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.legend import Legend

# Okabe and Ito's colours, those first that stand out on white and on black alike.
# Their black gives way to the colour of text; their yellow is lost on white.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "text", "#56B4E9", "#E69F00")
# One more than colours, so that the pairs of both repeat late.
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")

WRONG_COLOUR = "#D55E00"


class Display:
    """What is drawn on axes, which it keeps."""

    def _take_axes(self, ax: "Axes | None", figsize: tuple[float, float]) -> "Axes":
        """Draw on the axes that were given, or on those of a new pyplot figure."""
        if ax is None:
            with extra("plot", type(self).__name__):
                import matplotlib.pyplot as plt
            ax = plt.subplots(figsize=figsize, layout="constrained")[1]
        elif not hasattr(ax, "imshow"):
            raise ParameterError(
                f"ax={ax!r} must be one matplotlib Axes, or None for a new figure."
            )
        self.ax_ = ax
        self.figure_ = ax.figure
        return ax


def figure_text(text: Any) -> str:
    """Write text from outside so that matplotlib draws it as it stands."""
    from matplotlib import rcParams

    shown = printable(text)
    # Between two of them is mathematics, unless each is escaped.
    return shown.replace("$", r"\$") if rcParams["text.parse_math"] else shown


def model_style(number: int) -> dict[str, Any]:
    """Return colour and marker of a model, by its place among several."""
    from matplotlib import rcParams

    colours = [rcParams["text.color"] if c == "text" else c for c in _COLOURS]
    colour, marker = colours[number % len(colours)], _MARKERS[number % len(_MARKERS)]
    return {"color": colour, "marker": marker}


def settle_size(ax: "Axes") -> None:
    """Have the layout of the figure, if there is one, give axes their final size."""
    engine = ax.figure.get_layout_engine()
    if engine is not None:
        engine.execute(ax.figure.figure)


def show_percent(axis: "Axis") -> None:
    """Write the fractions along an axis as percent; its label says so."""
    axis.set_major_formatter(lambda fraction, _: f"{100 * fraction:g}")
    axis.set_label_text("accuracy (%)")


def add_legend(
    ax: "Axes", named: list[tuple[str, Any]], *, inside: str | None
) -> "Legend":
    """Add a legend at a place inside of the axes, or with None to the right of them."""
    place: dict[str, Any] = {"loc": inside, "fontsize": "small"}
    if inside is None:
        place = {"loc": "upper left", "bbox_to_anchor": (1.0, 1.0)}
    names, handles = zip(*named, strict=True)
    legend = ax.legend(handles, ["-"] * len(handles), **place)
    # Afterwards, as labels that are empty or begin with an underscore are left out.
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set_text(figure_text(name))
    return legend
