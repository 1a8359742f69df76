"""Saves estimators without pickle: a zip file of JSON and of the network's weights.

Nothing in a file is ever run.
"""

import io
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from skfashion._serialization.archive import (
    MADE_UP,
    from_json,
    make_archive,
    read_stream,
    refuse_devices,
    to_json,
)
from skfashion._utils.files import write_whole
from skfashion._utils.text import printable
from skfashion._utils.versions import MODEL_LIBRARIES, versions
from skfashion.exceptions import ModelFileError, OtherVersionWarning, WriteError
from skfashion.persistence._estimators import describe, make

__all__ = ["load", "save"]

_FORMAT = 2


def save(
    estimator: Any,
    path: str | os.PathLike[str],
    *,
    class_names: Sequence[str] | None = None,
) -> Path:
    """Save an estimator or a pipeline to a file, without pickle.

    The file is written beside its place and put there when it is whole: whatever
    happens meanwhile, the old one stays as it was.

    Parameters
    ----------
    estimator : FashionMLPClassifier, FashionCNNClassifier, PixelScaler or Pipeline
        Fitted or not; a pipeline of these.
    path : str or path
        Of the file, which is replaced if it is there.
    class_names : sequence of str, default=None
        A name for each of ``classes_``, in their sorted order, for labels that are
        numbers: ``target_names`` of a data set, such as ``skfashion.CLASS_NAMES``.
        ``load`` gives them back as ``class_names_`` of the classifier. None keeps the
        ``class_names_`` that it has, if any.

    Returns
    -------
    pathlib.Path
        Where it is.

    Raises
    ------
    ParameterError
        If the estimator is of another class, or holds what cannot be saved; or if
        ``class_names`` is not a different text for each class.
    WriteError
        If the file cannot be written.

    See Also
    --------
    load : Reads it.

    Notes
    -----
    Callbacks are not saved, nor ``checkpoint``, a ``random_state`` that is a generator,
    or ``memory`` and ``verbose`` of a pipeline. ``fit`` forgets ``class_names_``, as it
    begins with other labels. The state of the optimizer is saved
    where training may go on, with ``warm_start=True`` or after ``partial_fit``.

    Examples
    --------
    >>> import tempfile
    >>> import skfashion
    >>> X, y = skfashion.load_fashion_sample(return_X_y=True)
    >>> mlp = skfashion.FashionMLPClassifier(32, epochs=1, rescale=1 / 255).fit(X, y)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = skfashion.load(skfashion.save(mlp, folder + "/mlp.skfashion"))
    >>> bool((again.predict(X) == mlp.predict(X)).all())
    True

    With the names of the classes:

    >>> names = skfashion.CLASS_NAMES
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = skfashion.save(mlp, folder + "/mlp.skfashion", class_names=names)
    ...     named = skfashion.load(path)
    >>> named.class_names_[:2]
    ['T-shirt/top', 'Trouser']
    """
    weights: dict[str, bytes] = {}
    description = to_json(describe(estimator, weights, class_names))
    about = {"format": _FORMAT, "versions": versions(*MODEL_LIBRARIES)}
    content = make_archive(about, {"estimator.json": description, **weights})
    try:
        _read(path, io.BytesIO(content))
    except ValueError as error:
        # Nothing is lost: what stands there stays.
        raise WriteError(
            f"Cannot write {printable(path)}: what was made of "
            f"{type(estimator).__name__} cannot be read back ({printable(error):.200})."
        ) from error
    return write_whole(path, content)


def load(path: str | os.PathLike[str]) -> Any:
    """Load what ``save`` saved, from a file that anybody may have written.

    Parameters
    ----------
    path : str or path
        Of the file.

    Returns
    -------
    estimator
        As it was saved; a classifier has ``class_names_``, a list of str, where its
        file has names of the classes.

    Raises
    ------
    ModelFileError
        If the file is anything but what ``save`` writes, or of a later format.
    OSError
        If there is no such file, or it cannot be read.

    Warns
    -----
    OtherVersionWarning
        If scikit-learn, Keras or TensorFlow has another version now.

    See Also
    --------
    save : Writes the file.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from skfashion import PixelScaler, load, save
    >>> scaler = PixelScaler().fit(np.array([[0, 51, 255]], dtype=np.uint8))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = load(save(scaler, folder + "/scaler.skfashion"))
    >>> again.transform(np.array([[51, 0, 255]], dtype=np.uint8))
    array([[0.2, 0. , 1. ]], dtype=float32)
    """
    refuse_devices(path)
    with Path(path).open("rb") as stream:
        estimator, saved_with = _read(path, stream)
    _compare_versions(path, saved_with)
    return estimator


def _read(path: Any, stream: BinaryIO) -> tuple[Any, dict[str, str]]:
    """Make the estimator of a file, and tell with which versions it was saved."""
    manifest, members = read_stream(path, stream)
    if "fingerprint" in manifest:
        raise ModelFileError(
            f"{printable(path)} is an epoch of a fit, not a model that was saved: give "
            "its folder to that fit as checkpoint, and save what it returns."
        )
    found = manifest.get("format")
    if found != _FORMAT:
        raise ModelFileError(
            f"{printable(path)} is of format {found!r:.20}; this version of skfashion "
            f"reads format {_FORMAT}."
        )
    saved_with: dict[str, str] = {}
    try:
        saved_with = {
            name: str(version) for name, version in manifest["versions"].items()
        }
        description = from_json(members.pop("estimator.json"))
        estimator = make(description, members)
        if members:
            raise ValueError(f"it has members of no use, {', '.join(members)}")
    except MADE_UP as error:
        told = _differences(saved_with)
        raise ModelFileError(
            f"{printable(path)} does not describe a model: {type(error).__name__}, "
            f"{printable(error):.200}."
            + (f" It was saved with other versions: {told}." if told else "")
        ) from error
    return estimator, saved_with


def _differences(saved_with: dict[str, str]) -> str:
    now = versions(*MODEL_LIBRARIES)
    return "; ".join(
        f"{name} {printable(saved_with.get(name)):.20} then, {now[name]} now"
        for name in MODEL_LIBRARIES
        if saved_with.get(name) != now[name]
    )


def _compare_versions(path: Any, saved_with: dict[str, str]) -> None:
    told = _differences(saved_with)
    if told:
        warnings.warn(
            f"{printable(path)} was saved with other versions: {told}.",
            OtherVersionWarning,
            stacklevel=3,
        )
