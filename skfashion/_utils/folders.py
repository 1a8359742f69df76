"""Folders that are written whole or not at all."""

import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from skfashion._utils.files import write_whole
from skfashion._utils.text import printable
from skfashion.exceptions import ParameterError, WriteError

__all__ = ["write_folder"]


def write_folder(
    folder: str | os.PathLike[str],
    contents: Mapping[str, bytes],
    is_ours: Callable[[Path], bool],
) -> Path:
    """Write files to a folder beside its place, and put it there when all are written.

    Whatever interrupts this leaves what stood there, whole, unless it is in the moment
    in which one folder takes the place of the other; then the old one has a name that
    ends in ``.old``.

    Parameters
    ----------
    folder : str or path
        Which is made, with those above it. One that is empty is filled.
    contents : mapping of str to bytes
        Files by their paths within the folder, with "/" between the parts.
    is_ours : callable
        Told the folder that stands there, tells whether it may be replaced.

    Returns
    -------
    pathlib.Path
        Where it is.

    Raises
    ------
    ParameterError
        If other files are in the folder.
    WriteError
        If it cannot be written.
    """
    told = f"Cannot write {printable(folder)}"
    try:
        # Where a link leads, so that the link stays one.
        place = Path(os.path.realpath(folder))
        if place.exists() and not place.is_dir():
            raise WriteError(f"{told}: there is a file of that name.")
        if place.is_dir() and any(place.iterdir()) and not is_ours(place):
            raise ParameterError(
                f"folder={str(folder)!r} holds other files; it must be a new or an "
                "empty folder, or one that was written by this function and not added "
                "to."
            )
        aside = f".{place.name}.{secrets.token_hex(4)}"
        part, old = (place.with_name(aside + end) for end in (".part", ".old"))
        part.mkdir(parents=True)
        try:
            for name, content in contents.items():
                write_whole(part / name, content)
            _swap(part, place, old)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except (OSError, ValueError) as error:
        if isinstance(error, ParameterError | WriteError):
            raise
        # A ValueError where the name cannot be one of a folder.
        reason = getattr(error, "strerror", None) or error
        raise WriteError(f"{told}: {printable(reason)}.") from error
    return Path(folder)


def _swap(new: Path, place: Path, old: Path) -> None:
    """Put a folder in the place of another, if there is one."""
    if not place.exists():
        new.rename(place)
        return
    place.rename(old)
    try:
        new.rename(place)
    except BaseException:
        with suppress(OSError):
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)
