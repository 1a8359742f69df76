"""Pages as HTML that needs nothing but itself."""

import base64
import functools
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from skfashion._utils.extras import extra
from skfashion._utils.files import write_whole
from skfashion._utils.text import printable
from skfashion.report import _themes
from skfashion.report._page import Drawing, Page

if TYPE_CHECKING:
    import jinja2

_CSS_PIXELS_PER_INCH = 96
_DENSITY = 2


def require() -> None:
    """Make sure before long work that pages can be made.

    Raises
    ------
    MissingExtraError
        If Jinja2 or matplotlib is not installed.

    See Also
    --------
    render : Needs what is asked for here.

    Examples
    --------
    >>> from skfashion.report import require
    >>> require()
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

    See Also
    --------
    render : Gives the text of the file.

    Examples
    --------
    >>> import tempfile
    >>> from skfashion.report import Page, Section, write
    >>> page = Page("My clothes", sections=[Section("The data", ["2,000 images."])])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(page, folder + "/clothes.html").name
    'clothes.html'
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

    See Also
    --------
    write : Puts it into a file.

    Examples
    --------
    >>> from skfashion.report import Page, Section, render
    >>> page = Page("My clothes", sections=[Section("The data", ["2,000 images."])])
    >>> html = render(page)
    >>> "<h1>My clothes</h1>" in html, "<script" in html
    (True, False)
    """
    require()
    return _template().render(
        page=page, palettes=_themes.palettes(), pixels=_CSS_PIXELS_PER_INCH
    )


@functools.cache
def _template() -> "jinja2.Template":
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("skfashion.report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=_shown,
    )
    environment.filters["picture"] = _picture
    return environment.get_template("report.html")


def _shown(value: Any) -> Any:
    """Make text fit for a page, which has lines and tabs; Jinja2 escapes the rest."""
    # Only plain text: what a macro made, a subclass, has been through this.
    return printable(value, keep="\n\t") if type(value) is str else value


def _picture(drawing: Drawing, theme: str) -> str:
    """Draw in one theme; return the picture as a data URI."""
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
