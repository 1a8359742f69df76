"""Text, tables and drawings on one HTML page that needs nothing but itself."""

import base64
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skfashion._utils.extras import extra
from skfashion._utils.files import write_whole
from skfashion.exceptions import ParameterError
from skfashion.report import _themes

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Drawing",
    "Page",
    "Preformatted",
    "Section",
    "Table",
    "render",
    "require",
    "write",
]

_CSS_PIXELS_PER_INCH = 96
_DENSITY = 2


@dataclass(frozen=True)
class Drawing:
    """What matplotlib draws, once for a light page and once for a dark one.

    Parameters
    ----------
    title : str
        Set above it by the page, so that ``draw`` needs to set none.
    draw : callable
        Is given the Axes, or an array of them if ``grid`` asks for several, once for
        each theme. Colours that it leaves to matplotlib's defaults fit the theme, as
        do ``matplotlib.rcParams["text.color"]`` and the like.
    alt : str
        What it shows, for those who cannot see it.
    caption : str, default=""
        Set below it.
    size : (float, float), default=(7, 4.2)
        Width and height in inches, of 96 pixels each.
    grid : (int, int), default=(1, 1)
        Rows and columns of Axes.
    """

    title: str
    draw: Callable[[Any], object]
    alt: str
    caption: str = ""
    size: tuple[float, float] = (7, 4.2)
    grid: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class Table:
    """A data frame, with NaN shown as a dash.

    Parameters
    ----------
    title : str
        Set above it.
    frame : pandas.DataFrame
        Its index becomes the first column, unless it only counts the rows. The first
        column heads the rows.
    formats : mapping of str to str, default={}
        Format strings such as ``"{:.4f}"``, by column; others are passed over, and
        floats without one have six digits.
    note : str, default=""
        Set below it.
    """

    title: str
    frame: "pd.DataFrame"
    formats: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        if not hasattr(self.frame, "iterrows"):
            raise ParameterError(
                f"frame={self.frame!r:.80} must be a pandas.DataFrame."
            )
        for column, template in self.formats.items():
            if template.format(0) == template:
                raise ParameterError(
                    f"formats[{column!r}]={template!r} must be a format string such "
                    "as '{:.4f}'."
                )

    def columns(self) -> Iterator[tuple[str, bool, list[str]]]:
        """Give what is shown, column by column.

        Yields
        ------
        heading : str
            Of the column.
        is_number : bool
            Whether it is one of numbers.
        cells : list of str
            What is in it, a dash where nothing is.
        """
        import pandas as pd

        frame = self.frame
        if not isinstance(frame.index, pd.RangeIndex) or frame.index.name is not None:
            names = ["" if name is None else name for name in frame.index.names]
            frame = frame.rename_axis(names).reset_index(allow_duplicates=True)
        for name, values in frame.items():
            number = pd.api.types.is_float_dtype(values)
            template = self.formats.get(str(name), "{:.6g}" if number else "{}")
            cells = [
                "\N{EN DASH}" if missing else template.format(value)
                for value, missing in zip(values, values.isna(), strict=True)
            ]
            yield str(name), pd.api.types.is_numeric_dtype(values), cells


@dataclass(frozen=True)
class Preformatted:
    """Text whose spaces and lines are kept, such as a command."""

    title: str
    text: str


@dataclass(frozen=True)
class Section:
    """A part of a page: paragraphs, then what they speak of."""

    title: str
    text: Sequence[str] = ()
    contents: Sequence[Drawing | Table | Preformatted] = ()

    def __post_init__(self) -> None:
        _check_all("text", self.text, str)
        _check_all("contents", self.contents, Drawing | Table | Preformatted)


@dataclass(frozen=True)
class Page:
    """All of a page.

    Parameters
    ----------
    title : str
        Of the page.
    lead : sequence of str
        Paragraphs that say what came out, read before all else.
    facts : sequence of (str, str)
        Labels and values of the few figures that matter most.
    sections : sequence of Section
        In the order of the table of contents.
    versions : str, default=""
        A sentence on what it was made with; closes the page.
    day : datetime.date, default=today
        When it was made.
    """

    title: str
    lead: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    sections: Sequence[Section] = ()
    versions: str = ""
    day: date = field(default_factory=date.today)

    def __post_init__(self) -> None:
        _check_all("lead", self.lead, str)
        _check_all("facts", self.facts, tuple)
        _check_all("sections", self.sections, Section)


def _check_all(name: str, values: Any, kind: Any) -> None:
    """Refuse what is not a list of a kind, such as one thing alone."""
    if not isinstance(values, list | tuple) or not all(
        isinstance(value, kind) for value in values
    ):
        wanted = getattr(kind, "__name__", None) or " or ".join(
            one.__name__ for one in kind.__args__
        )
        raise ParameterError(f"{name}={values!r:.80} must be a list of {wanted}.")


def require() -> None:
    """Make sure before long work that pages can be made.

    Raises
    ------
    MissingExtraError
        If Jinja2 or matplotlib is not installed.
    """
    with extra("plot", "The report"):
        import jinja2  # noqa: F401
        import matplotlib.figure  # noqa: F401


def write(page: Page, path: str | os.PathLike[str]) -> Path:
    """Write a page to a file, whole or not at all.

    Parameters
    ----------
    page : Page
        What to write.
    path : str or path
        Of the file, which is replaced if it is there; folders are made as needed.

    Returns
    -------
    pathlib.Path
        Where it is.

    Raises
    ------
    MissingExtraError
        If Jinja2 or matplotlib is not installed.
    WriteError
        If the file cannot be written.
    """
    return write_whole(path, render(page).encode())


def render(page: Page) -> str:
    """Render a page as HTML that has no script and loads nothing.

    Parameters
    ----------
    page : Page
        What to render.

    Returns
    -------
    str
        The same for the same page and libraries.

    Raises
    ------
    MissingExtraError
        If Jinja2 or matplotlib is not installed.
    """
    with extra("plot", "The report"):
        import jinja2
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("skfashion.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"picture": _picture}
    environment.tests |= {
        "drawing": lambda content: isinstance(content, Drawing),
        "table": lambda content: isinstance(content, Table),
    }
    return environment.get_template("report.html").render(
        page=page, palettes=_themes.palettes(), pixels=_CSS_PIXELS_PER_INCH
    )


def _picture(drawing: Drawing, theme: str) -> str:
    """Draw in one theme; return the picture as a data URI."""
    with extra("plot", "The report"):
        from matplotlib import style
        from matplotlib.figure import Figure
    # Starting from matplotlib's own defaults keeps the user's settings out, and
    # the style has to last until the figure is saved, when text is laid out.
    with style.context(_themes.style(theme), after_reset=True):
        dpi = _CSS_PIXELS_PER_INCH * _DENSITY
        figure = Figure(figsize=drawing.size, dpi=dpi, layout="constrained")
        drawing.draw(figure.subplots(*drawing.grid))
        png = io.BytesIO()
        figure.savefig(png, format="png", metadata={"Software": None})
    return f"data:image/png;base64,{base64.b64encode(png.getvalue()).decode()}"
