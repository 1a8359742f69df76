"""Image files decoded one after the other, in little memory."""

import os
from collections.abc import Iterable, Iterator

import numpy as np

from skfashion.datasets._class_folders import ImageFile
from skfashion.exceptions import DataError
from skfashion.preprocessing._image_files import Form, read_as


def decode_each(
    files: list[ImageFile], form: Form, names: list[str], *, skip: bool
) -> Iterator[np.ndarray | str]:
    """Decode one file after the other, or say what is wrong with it.

    Parameters
    ----------
    files : list of ImageFile
        Class by class.
    form : Form
        What each is brought to.
    names : list of str
        Of the classes.
    skip : bool
        Whether to go on after a file that is no sound image.

    Yields
    ------
    ndarray or str
        The image, of the shape of the others; or a sentence.

    Raises
    ------
    DataError
        If a file is no sound image and `skip` is false, if two images differ in size,
        or, at the end, if a class has none.
    """
    first: tuple[str, tuple[int, ...]] | None = None
    without = {file.label for file in files}
    for file in files:
        try:
            if not os.path.isfile(file.path):  # noqa: PTH113
                # To open a pipe would wait for ever.
                raise DataError(f"{file.path!r} is no file, nor leads to one.")
            image = read_as(file.path, form)
        except DataError as error:
            if not skip:
                raise DataError(
                    f"{str(error).removesuffix('.')}, or set on_error='skip' to leave "
                    "such files out."
                ) from error
            yield str(error)
            continue
        first = first or (file.path, image.shape)
        if image.shape != first[1]:
            sides = [shape[:2] for shape in (first[1], image.shape)]
            raise DataError(
                f"{first[0]!r} has a height and width of {sides[0]}, but {file.path!r} "
                f"of {sides[1]}; give the size to bring all images to, as in "
                f"size={sides[0]}."
            )
        without.discard(file.label)
        yield image
    if without:
        raise DataError(
            f"No file of the class {names[min(without)]!r} can be read as an image; "
            "replace them, or take its folder out."
        )


def in_memory(
    images: Iterable[np.ndarray | str], n_files: int
) -> tuple[np.ndarray, dict[int, str]]:
    """Put images into one array; the second result is what is wrong with the others."""
    data = np.empty((0,), dtype=np.uint8)
    left_out: dict[int, str] = {}
    n_images = 0
    for index, image in enumerate(images):
        if isinstance(image, str):
            left_out[index] = image
            continue
        if n_images == 0:
            data = np.empty((n_files, *image.shape), dtype=np.uint8)
        data[n_images] = image
        n_images += 1
    return data[:n_images], left_out
