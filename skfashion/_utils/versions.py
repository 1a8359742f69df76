"""Versions of the libraries that decide what a network learns and gives."""

import functools
import importlib.metadata

# Those that a saved model is read by, and all that its bits depend on.
MODEL_LIBRARIES = ("scikit-learn", "keras", "tensorflow")
LIBRARIES = ("skfashion", "numpy", *MODEL_LIBRARIES)


def versions(*names: str) -> dict[str, str]:
    """Tell the installed versions of libraries by name."""
    return {name: _version(name) for name in names}


@functools.cache
def _version(name: str) -> str:
    # It takes a millisecond to look one up, and a saved file tells three.
    return importlib.metadata.version(name)
