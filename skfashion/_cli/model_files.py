"""The file that a fitted model is in: told apart by what it holds, not by its name."""

import csv
import os
import stat
from collections.abc import Sequence
from typing import Any

import joblib

from skfashion._utils.labels import check_class_names
from skfashion._utils.text import printable
from skfashion.exceptions import DataError
from skfashion.persistence import load

# How a file that `save` wrote begins, and how images do.
_SAVED = b"PK\3\4"
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM")
_WEBP = b"WEBP"


def load_model(path: str, images: Sequence[str] = (), *, unpickle: bool = False) -> Any:
    """Load a fitted classifier, from a pickle only where that was asked for.

    Parameters
    ----------
    path : str
        Of the file.
    images : sequence of str, default=()
        The files beside it, one of which may be the model by mistake.
    unpickle : bool, default=False
        Whether a pickle may be read, which runs the code that it holds.

    Raises
    ------
    DataError
        If there is no such model.
    ModelFileError
        If it is a damaged file of `save`'s.
    """
    beginning = _beginning(path)
    if _is_image(beginning):
        swapped = [repr(image) for image in images if _seems_saved(image)]
        instead = f" as {swapped[0]} is: MODEL comes first" if swapped else ""
        raise DataError(
            f"MODEL {path!r} is an image; it must be a model that skfashion.save wrote"
            f"{',' * bool(swapped)}{instead}."
        )
    if beginning.startswith(_SAVED):
        model = load(path)
    elif unpickle:
        model = _unpickle(path)
    else:
        raise DataError(
            f"MODEL {path!r} is no file that skfashion.save wrote; if it is a pickle, "
            "as joblib.dump writes, reading it runs whatever code is in it: give "
            "--unsafe-pickle if you trust whoever made it."
        )
    if not (hasattr(model, "predict_proba") and hasattr(model, "classes_")):
        raise DataError(
            f"MODEL {path!r} holds an object of {type(model).__name__}; it must be a "
            "fitted classifier with predict_proba."
        )
    return model


def names_of(model: Any, option: str | None) -> list[str]:
    """Name the classes: as was asked for, as the file has it, or by their labels.

    Parameters
    ----------
    model : fitted classifier or Pipeline
        As it was loaded.
    option : str or None
        Names with commas between; one that has a comma is in double quotes.
    """
    n_classes = len(model.classes_)
    if option is not None:
        given = next(csv.reader([option], skipinitialspace=True), [])
        return check_class_names("--class-names", given, n_classes)
    named = class_names(model)
    return [str(label) for label in model.classes_] if named is None else named


def class_names(model: Any) -> list[str] | None:
    """Give the names of the classes that the file has, or labels that are text."""
    names = getattr(last_step(model), "class_names_", None)
    if names is not None:
        return check_class_names("class_names_", names, len(model.classes_))
    labels = list(model.classes_)
    are_text = all(isinstance(label, str) for label in labels)
    return list(map(str, labels)) if are_text else None


def last_step(model: Any) -> Any:
    """Give the classifier at the end of a pipeline, or the model itself."""
    return model[-1] if getattr(model, "steps", None) else model


def _beginning(path: str) -> bytes:
    wanted = "it must be a file that skfashion.save wrote."
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116
        if stat.S_ISDIR(mode):
            raise DataError(f"MODEL {path!r} is a folder; {wanted}")
        if not stat.S_ISREG(mode):
            raise DataError(f"MODEL {path!r} is a device or a pipe; {wanted}")
        with open(path, "rb") as stream:  # noqa: PTH123
            beginning = stream.read(12)
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        reason = getattr(error, "strerror", None) or error
        told = f"MODEL {path!r} cannot be read ({reason}); {wanted}"
        raise DataError(told) from error
    if not beginning:
        raise DataError(f"MODEL {path!r} is empty; {wanted}")
    return beginning


def _is_image(beginning: bytes) -> bool:
    return beginning.startswith(_IMAGES) or beginning[8:] == _WEBP


def _seems_saved(path: str) -> bool:
    try:
        return _beginning(path).startswith(_SAVED)
    except DataError:
        return False


def _unpickle(path: str) -> Any:
    try:
        return joblib.load(path)
    except Exception as error:
        # What a damaged or foreign file makes a pickle raise can be anything.
        reason = f"{type(error).__name__}: {printable(error)}"
        raise DataError(
            f"MODEL {path!r} cannot be read ({reason:.200}); it must be a fitted "
            "classifier that skfashion.save or joblib.dump wrote."
        ) from error
