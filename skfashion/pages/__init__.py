"""The pages that the commands write: what is on them and in which order."""

from skfashion.pages.comparison import comparison_page
from skfashion.pages.reproduction import reproduction_page

__all__ = ["comparison_page", "reproduction_page"]
