"""Versions of the libraries that decide what a network learns and gives."""

import importlib.metadata

# Those that a saved model is read by, and all that its bits depend on.
MODEL_LIBRARIES = ("scikit-learn", "keras", "tensorflow")
LIBRARIES = ("skfashion", "numpy", *MODEL_LIBRARIES)


def versions(*names: str) -> dict[str, str]:
    """Tell the installed versions of libraries by name."""
    return {name: importlib.metadata.version(name) for name in names}
