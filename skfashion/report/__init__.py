"""One HTML page: its text, tables and drawings, and what the commands put there."""

from skfashion.report._comparison import comparison_page
from skfashion.report._page import (
    Drawing,
    Page,
    Preformatted,
    Section,
    Table,
    render,
    require,
    write,
)
from skfashion.report._reproduction import reproduction_page

__all__ = [
    "Drawing",
    "Page",
    "Preformatted",
    "Section",
    "Table",
    "comparison_page",
    "render",
    "reproduction_page",
    "require",
    "write",
]
