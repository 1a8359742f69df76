"""A folder for each class: which files there are, in an order of their own."""

import os
import stat
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from skfashion.exceptions import DataError, ParameterError

# What systems put beside images by themselves, in lower case; hidden files too.
_NOT_IMAGES = {"__macosx", "desktop.ini", "ehthumbs.db", "thumbs.db"}


class ImageFile(NamedTuple):
    """A file in the folder of a class, and by what a change of it is seen."""

    path: str
    label: int
    n_bytes: int
    modified: int


def list_classes(
    folder: str, class_names: Sequence[str] | None
) -> tuple[list[str], list[ImageFile]]:
    """List the classes in a folder and the files of each, both sorted.

    Parameters
    ----------
    folder : str
        Whose folders are the classes.
    class_names : sequence of str or None
        The classes by their numbers, for a folder that may lack some.

    Returns
    -------
    class_names : list of str
        The names of the folders, or those that were given.
    files : list of ImageFile
        Of one class after the other, those in folders inside of it too.

    Raises
    ------
    DataError
        If there are no classes, one without files, one that `class_names` lacks, or a
        folder that cannot be read.
    """
    entries = _entries(folder)
    found = [entry.name for entry in entries if _is_folder(entry)]
    if not found:
        held = "files, but no folder" if entries else "no folder"
        raise DataError(
            f"{folder!r} holds {held}; put the images of each class into a folder of "
            "its own in there, named as the class."
        )
    names = found if class_names is None else _checked(class_names)
    foreign = [name for name in found if name not in names]
    if foreign:
        raise DataError(
            f"{folder!r} holds a folder {foreign[0]!r}, which class_names lacks; add "
            "it there, or take the folder out."
        )
    files = []
    for label, name in enumerate(names):
        if name not in found:
            continue
        inside = _files(os.path.join(folder, name), label, _seen(folder))  # noqa: PTH118
        if not inside:
            raise DataError(
                f"The folder {name!r} in {folder!r} holds no files, but is a class; "
                "put images into it, or take it out."
            )
        files += inside
    return list(names), files


def _checked(class_names: Sequence[str]) -> Sequence[str]:
    if (
        isinstance(class_names, str)
        or not np.iterable(class_names)
        or not all(isinstance(name, str) for name in class_names)
        or len(set(class_names)) != len(class_names)
    ):
        raise ParameterError(
            f"class_names={class_names!r:.80} must be a list of the names of folders, "
            "each once, or None."
        )
    return class_names


def _files(folder: str, label: int, seen: set[tuple[int, int]]) -> list[ImageFile]:
    """List the files in a folder and in those inside, each folder once."""
    seen |= _seen(folder)
    files = []
    for entry in _entries(folder):
        try:
            status = entry.stat()
        except OSError:
            # A link that leads nowhere, or to itself: found out when it is read.
            files.append(ImageFile(entry.path, label, 0, 0))
            continue
        if not stat.S_ISDIR(status.st_mode):
            changed = status.st_size, status.st_mtime_ns
            files.append(ImageFile(entry.path, label, *changed))
        elif not _seen(entry.path) <= seen:
            files += _files(entry.path, label, seen)
    return files


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            shown = [entry for entry in entries if _may_hold_images(entry.name)]
    except (OSError, ValueError) as error:
        # A ValueError where the name cannot be one of a folder.
        raise _unreadable(folder, error) from error
    return sorted(shown, key=lambda entry: entry.name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return stat.S_ISDIR(entry.stat().st_mode)
    except OSError as error:
        # Such as a link to a drive that is not there: a class may be missing.
        raise _unreadable(entry.path, error) from error


def _unreadable(path: str, error: Exception) -> DataError:
    reason = getattr(error, "strerror", None) or error
    return DataError(
        f"{path!r} cannot be read ({reason}); give a folder that holds a folder of "
        "images for each class, all of which can be read."
    )


def _may_hold_images(name: str) -> bool:
    return not name.startswith(".") and name.lower() not in _NOT_IMAGES


def _seen(folder: str) -> set[tuple[int, int]]:
    """Tell a folder by what it is, not by the links that lead there."""
    status = os.stat(folder)  # noqa: PTH116
    return {(status.st_dev, status.st_ino)}
