"""What a page holds: text, tables and drawings."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

import pandas as pd

from skfashion.exceptions import ParameterError


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

    See Also
    --------
    Table : Figures as numbers.
    Section : Holds it.

    Examples
    --------
    >>> from skfashion.report import Drawing
    >>> def draw(ax):
    ...     ax.plot([1, 2, 3], [0.61, 0.74, 0.8])
    >>> Drawing("Accuracy", draw, alt="Accuracy rises from epoch to epoch.").size
    (7, 4.2)
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

    Raises
    ------
    ParameterError
        If ``frame`` is no data frame, or one of ``formats`` no format string.

    See Also
    --------
    comparison_table : Makes one of a comparison.
    Section : Holds it.

    Examples
    --------
    >>> import pandas as pd
    >>> from skfashion.report import Table
    >>> frame = pd.DataFrame({"accuracy": [0.87]}, index=["MLP"])
    >>> table = Table("Accuracy", frame, {"accuracy": "{:.1%}"})
    >>> [cells for heading, is_number, cells in table.columns()]
    [['MLP'], ['87.0%']]
    """

    title: str
    frame: pd.DataFrame
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
    """Text whose spaces and lines are kept, such as a command.

    Parameters
    ----------
    title : str
        Set above it.
    text : str
        What it is, line by line.

    See Also
    --------
    Section : Holds it.

    Examples
    --------
    >>> from skfashion.report import Preformatted
    >>> Preformatted("The command", "python -m skfashion compare").text
    'python -m skfashion compare'
    """

    title: str
    text: str


@dataclass(frozen=True)
class Section:
    """A part of a page: paragraphs, then what they speak of.

    Parameters
    ----------
    title : str
        Its heading.
    text : sequence of str, default=()
        Paragraphs.
    contents : sequence of Drawing, Table and Preformatted, default=()
        What comes after them, in this order.

    Raises
    ------
    ParameterError
        If ``text`` or ``contents`` is not a list of these.

    See Also
    --------
    Page : Holds it.

    Examples
    --------
    >>> from skfashion.report import Preformatted, Section
    >>> command = Preformatted("The command", "python -m skfashion compare")
    >>> Section("How it was made", ["By one command."], [command]).contents[0].title
    'The command'
    """

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
    lead : sequence of str, default=()
        Paragraphs that say what came out, read before all else.
    facts : sequence of (str, str), default=()
        Labels and values of the few figures that matter most.
    sections : sequence of Section, default=()
        In the order of the table of contents.
    versions : str, default=""
        A sentence on what it was made with; closes the page.
    day : datetime.date, default=today
        When it was made.

    Raises
    ------
    ParameterError
        If ``lead``, ``facts`` or ``sections`` is not a list of these.

    See Also
    --------
    write : Writes it to a file.
    comparison_page : Makes the page on a comparison.

    Examples
    --------
    >>> from skfashion.report import Page, Section
    >>> page = Page("My clothes", sections=[Section("The data", ["2,000 images."])])
    >>> [section.title for section in page.sections]
    ['The data']
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
        wanted = " or ".join(one.__name__ for one in get_args(kind) or [kind])
        raise ParameterError(f"{name}={values!r:.80} must be a list of {wanted}.")
