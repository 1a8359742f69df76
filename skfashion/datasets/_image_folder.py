"""Images of one's own: a folder of image files for each class."""

import os
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from skfashion.datasets._class_folders import list_classes
from skfashion.datasets._pixel_cache import cache_file, open_cached, write_cached
from skfashion.exceptions import DataError, ParameterError

_ABOUT = """\
Images from the folder {folder!r}
{line}

:Images: {n}, each {shape}, integers from 0 (black) to 255
:Target: {classes}
:Left out: {left_out} files that cannot be read
"""


def load_image_folder(
    path: str | os.PathLike[str],
    *,
    size: tuple[int, int] | None = None,
    mode: str = "RGB",
    resize: str = "pad",
    fill: int | tuple[int, int, int] = 255,
    class_names: Sequence[str] | None = None,
    on_error: str = "raise",
    cache: str | os.PathLike[str] | None = None,
    return_X_y: bool = False,
) -> Any:
    """Load images of your own from a folder that holds a folder for each class.

    As :func:`sklearn.datasets.load_files` does texts, Keras's
    ``image_dataset_from_directory`` and torchvision's ``ImageFolder`` do images:
    ``pets/cat/1.jpg`` is an image of the class ``cat``. They come in the order of the
    classes' names, and in a class of the files'; shuffle before cutting off a part, as
    :func:`~sklearn.model_selection.train_test_split` does.

    Parameters
    ----------
    path : str or path-like
        The folder. What is in it beside folders is not read.
    size : tuple of (height, width), default=None
        What every image is brought to. With None they must all be of one size.
    mode : {"RGB", "L"}, default="RGB"
        Colour, three channels, or grey, none.
    resize : {"pad", "crop", "stretch"}, default="pad"
        How an image of other proportions becomes `size`: all of it in the centre, with
        `fill` on two sides; as much of its centre as fills `size`; or all of it, its
        proportions lost.
    fill : int or tuple of (red, green, blue), default=255
        What is seen in the padding and through transparent pixels, from 0 (black) to
        255 (white).
    class_names : sequence of str, default=None
        The names of the folders, in the order of their numbers in ``target``; None
        sorts them. For test images give the ``target_names`` of those trained on, so
        that the numbers mean the same where a class has no folder.
    on_error : {"raise", "skip"}, default="raise"
        What a file does that is no sound image: raise an error that names it, or be
        left out, with one warning for all.
    cache : str or path-like, default=None
        A folder for the decoded images, which is made if needed. They are decoded one
        at a time, written there, and mapped into memory instead of read, so that they
        may be larger than it. The next call takes them from there if the names, sizes
        and times of the files and all parameters are the same. None decodes into
        memory, each time.
    return_X_y : bool, default=False
        Whether to return ``(data, target)`` instead of a Bunch.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        With the attributes

        data : ndarray of shape (n, height, width, 3) or (n, height, width), uint8
            The images, pixels from 0 to 255; a read-only :class:`numpy.memmap` with
            `cache`. It has its shape, so that networks see which pixels are
            neighbours; rows are ``data.reshape(len(data), -1)``.
        images : ndarray
            The same as `data`.
        target : ndarray of shape (n,), int64
            The classes, as indices into `target_names`, as from `load_files`.
        target_names : list of str
            The names of the classes.
        filenames : ndarray of shape (n,), str
            The path of each image, which begins with `path`.
        skipped : dict of str to str
            What is wrong with each file that was left out, by its path.
        image_shape : tuple
            ``(height, width, 3)`` or ``(height, width)``.
        DESCR : str
            What was loaded.
    (data, target) : tuple
        If ``return_X_y=True``.

    Raises
    ------
    ParameterError
        If a parameter is not as above.
    DataError
        If a folder is not there, cannot be read or holds no folder; if a class has no
        image; if with ``size=None`` two images differ in size; or if a file cannot be
        read as an image, with ``on_error="raise"``.
    WriteError
        If `cache` cannot be written.
    MissingExtraError
        If Pillow is not installed.

    Warns
    -----
    UserWarning
        If files were left out, with ``on_error="skip"``.

    See Also
    --------
    skfashion.preprocessing.read_image : Reads one more file in the same way.
    load_fashion_sample : Images that come with the package.

    Notes
    -----
    PNG, JPEG, GIF (its first frame), WebP and BMP are read, whatever their files are
    called; :func:`~skfashion.preprocessing.read_image` says how pixels of other kinds
    become 8 bits. Every file of a class is taken for an image, those in folders inside
    it too, but hidden files and folders, ``__MACOSX``, ``Thumbs.db`` and
    ``desktop.ini``. Links are followed; a folder is read once a class, so that links
    in a circle do no harm.

    Several processes may use one cache at once, and one that is interrupted leaves
    nothing there that would be used. A file in it serves one folder with one set of
    parameters, and goes when that folder has changed and is loaded again.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from PIL import Image
    >>> from skfashion.datasets import load_image_folder
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for colour in ("blue", "red"):
    ...         Path(folder, colour).mkdir()
    ...         for side in (8, 12):
    ...             image = Image.new("RGB", (side, side), colour)
    ...             image.save(Path(folder, colour, f"{side}.png"))
    ...     flags = load_image_folder(folder, size=(4, 4))
    >>> flags.data.shape, flags.data.dtype
    ((4, 4, 4, 3), dtype('uint8'))
    >>> flags.target, flags.target_names
    (array([0, 0, 1, 1]), ['blue', 'red'])
    >>> flags.data[2, 0, 0]
    array([255,   0,   0], dtype=uint8)
    """
    # These load scikit-learn, and that loads pandas, which takes longer than all of
    # this package.
    from sklearn.utils import Bunch

    from skfashion.datasets._decoding import decode_each, in_memory
    from skfashion.preprocessing._image_files import check_form

    form = check_form(size=size, mode=mode, resize=resize, fill=fill)
    folder = _as_path("path", path)
    if on_error not in ("raise", "skip"):
        raise ParameterError(f"on_error={on_error!r:.80} must be 'raise' or 'skip'.")
    kept = None if cache is None else Path(_as_path("cache", cache))
    if kept is not None and Path(os.path.realpath(kept)).is_relative_to(
        os.path.realpath(folder)
    ):
        raise ParameterError(
            f"cache={cache!r:.80} lies in the folder of images, where it would be a "
            "class; give a folder beside that."
        )
    names, files = list_classes(folder, class_names)
    images = decode_each(files, form, names, skip=on_error == "skip")
    if kept is None:
        data, left_out = in_memory(images, len(files))
    else:
        file = cache_file(kept, folder, files, [*form, on_error])
        opened = open_cached(file, len(files))
        if opened is None:
            write_cached(file, images)
            opened = open_cached(file, len(files))
        if opened is None:
            raise DataError(
                f"{str(file)!r} was changed by another program while it was made; "
                "load the folder again."
            )
        data, left_out = opened
    skipped = {files[index].path: why for index, why in left_out.items()}
    if skipped:
        first = ", ".join(map(repr, [*skipped][:3]))
        others = f" and {len(skipped) - 3} more" if len(skipped) > 3 else ""
        warnings.warn(
            f"{len(skipped)} of {len(files)} files are left out, since they cannot be "
            f"read as images: {first}{others}; the Bunch's skipped says why.",
            stacklevel=2,
        )
    used = [file for index, file in enumerate(files) if index not in left_out]
    target = np.array([file.label for file in used], dtype=np.int64)
    if return_X_y:
        return data, target
    counts = Counter(target.tolist())
    classes = [f"{i} {name!r} ({counts[i]})" for i, name in enumerate(names)]
    title = f"Images from the folder {folder!r}"
    return Bunch(
        data=data,
        images=data,
        target=target,
        target_names=names,
        filenames=np.array([file.path for file in used]),
        skipped=skipped,
        image_shape=data.shape[1:],
        DESCR=_ABOUT.format(
            folder=folder,
            line="-" * len(title),
            n=f"{len(data):,}",
            shape=" x ".join(map(str, data.shape[1:])),
            classes=", ".join(classes),
            left_out=len(skipped),
        ),
    )


def _as_path(name: str, value: Any) -> str:
    path = os.fspath(value) if isinstance(value, str | os.PathLike) else None
    if not isinstance(path, str) or "\0" in path:
        raise ParameterError(
            f"{name} must be a folder's path as str or os.PathLike, but it is "
            f"{value!r:.80}."
        )
    return os.path.expanduser(path)  # noqa: PTH111
