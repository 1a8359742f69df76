"""What to say when a library that only some need is not there."""

from collections.abc import Iterator
from contextlib import contextmanager

from skfashion.exceptions import MissingExtraError


@contextmanager
def extra(name: str, purpose: str) -> Iterator[None]:
    """Import libraries of an extra, or say how to install them.

    Parameters
    ----------
    name : str
        Of the extra, as in ``pip install "skfashion[name]"``.
    purpose : str
        What needs it, as the subject of a sentence.

    Raises
    ------
    MissingExtraError
        If an import inside fails because a library is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"{purpose} needs {error.name}, which is not installed: "
            f'pip install "skfashion[{name}]".'
        ) from error
