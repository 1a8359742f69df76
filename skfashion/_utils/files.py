"""Files that are written whole or not at all."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from skfashion._utils.text import printable
from skfashion.exceptions import SkfashionError, WriteError


def write_whole(
    path: str | os.PathLike[str], content: bytes, *, follow: bool = True
) -> Path:
    """Write a file beside its place, have it reach the disk, and put it there.

    Whatever interrupts this leaves the old file, or none, as it was; what replaces a
    file may be read by the same people.

    Parameters
    ----------
    path : str or path
        Of the file, which is replaced if it is there; its folder is made if needed.
    content : bytes
        All of it.
    follow : bool, default=True
        Whether a link is written through, and stays one. Where anybody may have put it
        there, it is replaced instead.

    Returns
    -------
    pathlib.Path
        Where it is.

    Raises
    ------
    WriteError
        If it cannot be written.
    """
    with whole_file(path, follow=follow) as stream:
        stream.write(content)
    return Path(path)


@contextmanager
def whole_file(
    path: str | os.PathLike[str], *, follow: bool = True
) -> Iterator[BinaryIO]:
    """Open a file to write part after part, which is put in its place at the end.

    As `write_whole`, for what is larger than memory. An error of skfashion's raised
    inside goes on as it is.
    """
    path = Path(path)
    try:
        # Where a link leads, so that the link stays one.
        place = Path(os.path.realpath(path)) if follow else path
        part = place.with_name(f".{place.name}.{secrets.token_hex(4)}.part")
        if follow and path.exists() and not path.is_file():
            # Root would replace a device such as /dev/null.
            held = "folder" if path.is_dir() else "device"
            raise OSError(f"there is a {held} of that name")
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            with part.open("xb") as stream:
                if place.exists() and not place.is_symlink():
                    # Who may read it stays as it was, also while it is written.
                    part.chmod(stat.S_IMODE(place.stat().st_mode))
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
    except SkfashionError:
        raise
    except (OSError, ValueError) as error:
        # A ValueError where the name cannot be one of a file.
        reason = getattr(error, "strerror", None) or error
        if isinstance(error, FileExistsError | NotADirectoryError):
            reason = "there is a file where a folder should be"
        told = f"Cannot write {printable(path)}: {printable(reason)}."
        raise WriteError(told) from error
    # It stands: Windows and some network drives can do no more.
    with suppress(OSError):
        _sync(place.parent)


def _sync(folder: Path) -> None:
    """Have a rename reach the disk; an OSError where a folder cannot be opened."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
