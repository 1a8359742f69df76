"""Settings of the documentation site: see `make docs` in the Makefile."""

import os
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent)]

import skfashion  # noqa: E402

_project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())["project"]

project = "skfashion"
author = "the skfashion developers"
copyright = author  # noqa: A001
version = release = skfashion.__version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.extlinks",
    "numpydoc",
    "myst_parser",
    "sphinx_copybutton",
    "sphinx_design",
    "api_lists",
]
exclude_patterns = ["_build", "_ext", "_templates"]
templates_path = ["_templates"]
root_doc = "index"

# Text in Markdown.
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
# Headings down to this level are anchors, by the names that GitHub gives them.
myst_heading_anchors = 4

# The reference: what is in it is written by _ext/api_lists.py.
autodoc_typehints = "none"
autosummary_generate = True
autosummary_imported_members = False
numpydoc_show_class_members = True
numpydoc_show_inherited_class_members = True
numpydoc_class_members_toctree = False

# As scikit-learn's docstrings do; nothing is fetched for them.
extlinks = {
    "arxiv": ("https://arxiv.org/abs/%s", "arXiv:%s"),
    "doi": ("https://doi.org/%s", "doi:%s"),
}

copybutton_exclude = ".linenos, .gp, .go"

# Those that train are run unless told otherwise (`make docs-fast`).
RUN_GALLERY = os.environ.get("SKFASHION_DOCS_GALLERY", "1") != "0"

html_theme = "pydata_sphinx_theme"
html_title = "skfashion"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_theme_options = {
    "header_links_before_dropdown": 6,
    "navigation_with_keys": False,
    "show_toc_level": 2,
    "use_edit_page_button": False,
    "footer_start": ["copyright"],
    "footer_end": ["theme-version"],
}
