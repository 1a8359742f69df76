"""What is written beneath public data, such as ``CLASS_NAMES``, for the reference.

Python keeps no docstring of it, and Sphinx looks in the folder that lists it alone, not
in the private module that defines it.
"""

import importlib
import pkgutil

from sphinx.pycode import ModuleAnalyzer


def find(name):
    """Give the lines of the docstring of data, by its full public name."""
    folder, _, own = name.rpartition(".")
    place = importlib.import_module(folder)
    for _, module, _ in pkgutil.iter_modules(getattr(place, "__path__", ())):
        analyzer = ModuleAnalyzer.for_module(f"{folder}.{module}")
        if ("", own) in analyzer.find_attr_docs():
            return list(analyzer.find_attr_docs()["", own])
    return []


def put_in(app, what, name, obj, options, lines):  # noqa: ARG001
    """Take it in place of the docstring of its type."""
    if what == "data":
        lines[:] = find(name) or lines


def setup(app):
    """Come before numpydoc, which reads what is found."""
    app.connect("autodoc-process-docstring", put_in, priority=400)
    return {"parallel_read_safe": True}
