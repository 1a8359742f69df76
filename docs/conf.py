"""Settings of the documentation site: see `make docs` in the Makefile."""

import os
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE / "_ext"), str(HERE.parent)]

import skfashion  # noqa: E402
from skfashion._utils.documentation import SITE  # noqa: E402

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
    "sphinx_gallery.gen_gallery",
    "api_lists",
    "data_docs",
    "outside_links",
]
exclude_patterns = ["_build", "_ext", "_templates"]
templates_path = ["_templates"]
root_doc = "index"
# A name in a link to the reference that leads nowhere is a warning, too.
nitpicky = True

# Text in Markdown.
myst_enable_extensions = ["attrs_inline", "colon_fence", "deflist"]
# Headings down to this level are anchors, by the names that GitHub gives them.
myst_heading_anchors = 4

# The reference: what is in it is written by _ext/api_lists.py.
autodoc_typehints = "none"
toc_object_entries_show_parents = "hide"
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

# The examples, run unless told otherwise (`make docs-fast`). Those that start a server
# or a cluster are shown, not run; tests run them.
sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "auto_examples",
    "plot_gallery": os.environ.get("SKFASHION_DOCS_GALLERY", "1") != "0",
    "filename_pattern": r"/(?!dask_|serve\b)\w+\.py$",
    "ignore_pattern": r"/clients/|__init__\.py$",
    "reset_modules": ("matplotlib", "fresh_start.reset"),
    "within_subsection_order": "gallery_order.InOrder",
    "default_thumb_file": str(HERE / "_static" / "clothes.png"),
    "doc_module": ("skfashion",),
    "backreferences_dir": "auto_examples/backreferences",
    "ignore_repr_types": r"matplotlib|skfashion\.(displays|inspection)",
    "image_srcset": ["2x"],
    "min_reported_time": 3600,
    "show_signature": False,
    "write_computation_times": False,
}

html_theme = "pydata_sphinx_theme"
html_title = "skfashion"
html_baseurl = SITE
# Light or dark as the reader's machine is, until the reader says otherwise.
html_context = {"default_mode": "auto"}
html_favicon = "_static/logo.svg"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
# Their tables are wide: they have the place of the sidebar. What leads to the others is
# the page before them.
MEASURED = "accuracy accuracy-search benchmarks recipes reliability scaling transfer"
html_sidebars = {page: [] for page in MEASURED.split()}
html_theme_options = {
    "logo": {
        "image_light": "_static/logo.svg",
        "image_dark": "_static/logo.svg",
        "text": "skfashion",
    },
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "navigation_with_keys": False,
    "show_toc_level": 2,
    "use_edit_page_button": False,
    "show_prev_next": True,
    "icon_links": [
        {
            "name": "Source on GitHub",
            "url": _project["urls"]["Source"],
            "icon": "fa-brands fa-github",
        },
    ],
    "footer_start": ["copyright"],
    "footer_end": ["theme-version"],
}
