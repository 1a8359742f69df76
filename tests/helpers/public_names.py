"""Every public name of the package, as the ``__all__`` of its folders list them."""

import importlib
import inspect
from functools import cache

import skfashion


@cache
def public_names():
    """Find classes, functions and data by full name: "skfashion.metrics.compare"."""
    found = {}
    for name in skfashion.__all__:
        if inspect.ismodule(getattr(skfashion, name)):
            folder = importlib.import_module(f"skfashion.{name}")
            found |= {
                f"{folder.__name__}.{n}": getattr(folder, n) for n in folder.__all__
            }
    return found


@cache
def public_methods(kind):
    """Find the methods and properties of a class that this package itself defines."""
    found = {}
    for owner in reversed(kind.__mro__):
        # scikit-learn documents its own, and makes those that request metadata.
        if owner.__module__.startswith("skfashion."):
            found |= vars(owner)
    return {
        name: member
        for name, member in found.items()
        if not name.startswith("_")
        and (inspect.isfunction(member) or isinstance(member, classmethod | property))
    }
