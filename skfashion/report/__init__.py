"""One HTML page: its text, tables and drawings, and what the commands put there."""

from skfashion.report._comparison import comparison_page, comparison_table
from skfashion.report._html import render, require, write
from skfashion.report._page import Drawing, Page, Preformatted, Section, Table
from skfashion.report._reproduction import (
    published_tables,
    reproduction_page,
    summary_table,
)

__all__ = [
    "Drawing",
    "Page",
    "Preformatted",
    "Section",
    "Table",
    "comparison_page",
    "comparison_table",
    "published_tables",
    "render",
    "reproduction_page",
    "require",
    "summary_table",
    "write",
]
