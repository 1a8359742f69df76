"""Decoded images in a file, which is mapped into memory and not read.

The file is the pixels, one image after the other, then JSON that says their shape and
which files were left out, then the length of that JSON. It is named after what it was
made of and how, so that what has its name is what is wanted.
"""

import hashlib
import json
import math
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from skfashion._utils.files import whole_file
from skfashion.datasets._class_folders import ImageFile

# Raised whenever the same files and parameters give other pixels or another layout.
_VERSION = 1
_LENGTH = 8  # bytes


def cache_file(
    cache: Path, folder: str, files: list[ImageFile], parameters: list[Any]
) -> Path:
    """Name the file in a cache that holds a folder's images, decoded so."""
    read_as = _digest([_VERSION, os.path.realpath(folder), *parameters])
    inside = [[os.path.relpath(path, folder), *rest] for path, *rest in files]
    return cache / f"{read_as}-{_digest(inside)}.pixels"


def _digest(value: list[Any]) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:24]


def open_cached(file: Path, n_files: int) -> tuple[np.memmap, dict[int, str]] | None:
    """Map the images in a file of the cache; None if there is none that is whole.

    Parameters
    ----------
    file : pathlib.Path
        As `cache_file` names it.
    n_files : int
        That were decoded or left out.

    Returns
    -------
    pixels : numpy.memmap of shape (n, ...), uint8
        Read-only.
    left_out : dict of int to str
        What was wrong with the files that are not there, by their number.
    """
    try:
        with file.open("rb") as stream:
            stream.seek(-_LENGTH, os.SEEK_END)
            length = int.from_bytes(stream.read(_LENGTH), "little")
            n_bytes = stream.seek(-_LENGTH - length, os.SEEK_END)
            about = json.loads(stream.read(length))
            left_out = {int(index): str(why) for index, why in about["left out"]}
            shape = tuple(map(int, about["shape"]))
            if math.prod(shape) == n_bytes and shape[0] + len(left_out) == n_files:
                return np.memmap(file, np.uint8, "r", shape=shape), left_out
    except (OSError, OverflowError, ValueError, KeyError, TypeError, IndexError):
        # None there, or damaged by others.
        pass
    return None


def write_cached(file: Path, images: Iterable[np.ndarray | str]) -> None:
    """Write images to a file of the cache as they come, whole or not at all.

    Parameters
    ----------
    file : pathlib.Path
        As `cache_file` names it. What the cache held of the same folder and parameters
        goes.
    images : iterable of ndarray or str
        Images of one shape; or what is wrong with a file that is left out.
    """
    shape: tuple[int, ...] = ()
    left_out = []
    n_images = 0
    with whole_file(file, follow=False) as stream:
        for index, image in enumerate(images):
            if isinstance(image, str):
                left_out.append((index, image))
                continue
            stream.write(image.data)
            shape, n_images = image.shape, n_images + 1
        about = {"shape": [n_images, *shape], "left out": left_out}
        text = json.dumps(about).encode()
        stream.write(text + len(text).to_bytes(_LENGTH, "little"))
    read_as, _ = file.name.split("-")
    for old in file.parent.glob(f"{read_as}-*.pixels"):
        if old != file:
            with suppress(OSError):
                old.unlink()
