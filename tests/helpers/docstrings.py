"""Docstrings taken apart, and what they are held against."""

import ast
import builtins
import dataclasses
import inspect
import textwrap

import sklearn.exceptions
from numpydoc.docscrape import get_doc_object
from numpydoc.validate import Validator

from skfashion import exceptions


def sections(documented):
    """The parts of a docstring, as numpydoc reads them."""
    return Validator(as_document(documented)).doc


def as_document(documented):
    """A docstring that numpydoc has read."""
    # Not with what numpydoc finds in the class itself.
    return get_doc_object(documented, config={"show_class_members": False})


def parameters(documented):
    """What a docstring says on each parameter: its type, with default, and text."""
    return Validator(as_document(documented)).doc_all_parameters


def signature(called):
    """Parameters by name, without the first of a method."""
    found = inspect.signature(called).parameters
    return {k: v for k, v in found.items() if k not in ("self", "cls")}


def as_value(text):
    """What a default in a docstring is: a literal, or the text itself."""
    try:
        return ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return text


def default_of(called, parameter):
    """A default, of a dataclass what its factory makes, or the name of that."""
    if parameter.default != parameter.default:
        return "NaN"
    if not dataclasses.is_dataclass(called):
        return parameter.default
    fields = {field.name: field for field in dataclasses.fields(called)}
    factory = fields[parameter.name].default_factory
    if factory is dataclasses.MISSING:
        return parameter.default
    return {} if factory is dict else factory.__name__


def find_exception(name):
    """The exception of a name: ours, Python's or scikit-learn's."""
    for place in (exceptions, builtins, sklearn.exceptions):
        if isinstance(getattr(place, name, None), type):
            return getattr(place, name)
    return None


def raised_by(function):
    """Classes of the exceptions that the lines of a function raise."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            made = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            yield find_exception(ast.unparse(made))
