"""Fashion-MNIST: all 70,000 images, or a small real sample without a download."""

import importlib.resources
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skfashion.datasets._sources import FILES, read_files
from skfashion.exceptions import ParameterError

CLASS_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
"""Names of the ten classes of Fashion-MNIST, "T-shirt/top" to "Ankle boot".

A tuple of str, in the order of their numbers in ``target``, 0 to 9.
"""

_SUBSETS = {"train": ("train",), "test": ("test",), "all": ("train", "test")}

_FULL = """\
Fashion-MNIST: 70,000 grey images of clothing in ten classes
------------------------------------------------------------

:Images: 60,000 to train on and 10,000 to test on, equally many of each class
"""

_SAMPLE = """\
A sample of Fashion-MNIST: 2,500 grey images of clothing in ten classes
-----------------------------------------------------------------------

:Images: 2,000 of the 60,000 training images and 500 of the 10,000 test images,
    drawn at random (seed 0), 200 and 50 of each class, in shuffled order
"""

_COMMON = """\
:Features: 784 pixels a row, the 28 lines of 28 pixels one after the other,
    integers from 0 (background) to 255
:Target: {classes}
:Missing values: none
:Licence: MIT, Copyright (c) 2017 Zalando SE, https://tech.zalando.com

The images are product photographs from the catalogue of the shop Zalando, made
grey, inverted and scaled down. The data set was made to take the place of the
handwritten digits of MNIST: same sizes, same format, harder to classify.

.. rubric:: References

H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST: a Novel Image Dataset for
Benchmarking Machine Learning Algorithms", 2017, arXiv:1708.07747.
""".format(classes=", ".join(f"{i} {name}" for i, name in enumerate(CLASS_NAMES)))


def fetch_fashion_mnist(
    *,
    subset: str = "train",
    return_X_y: bool = False,
    as_frame: bool = False,
    data_home: str | os.PathLike[str] | None = None,
    download_if_missing: bool = True,
) -> Any:
    """Load Fashion-MNIST, downloading it the first time.

    Each file is taken from the first of these places that has a sound copy: the
    cache; ``/usr/share/datasets/fashion-mnist``, where the Debian and Ubuntu
    package ``dataset-fashion-mnist`` puts it; two public mirrors; that package,
    fetched with ``apt-get`` but not installed. Every copy is compared with a
    known SHA-256 sum on every call, the cached one too, and is never used or
    kept if it differs. A download takes 30 MB.

    Parameters
    ----------
    subset : {"train", "test", "all"}, default="train"
        The 60,000 training images, the 10,000 test images, or the training
        images followed by the test images. The files of the other subset are
        neither read nor downloaded.
    return_X_y : bool, default=False
        Whether to return ``(data, target)`` instead of a Bunch.
    as_frame : bool, default=False
        Whether `data` is a pandas DataFrame and `target` a Series.
    data_home : str or path-like, default=None
        The folder in which ``fashion-mnist`` is the cache. None is the folder
        of scikit-learn's own data sets, ``~/scikit_learn_data`` unless the
        environment variable ``SCIKIT_LEARN_DATA`` names another. It is created
        when something is downloaded.
    download_if_missing : bool, default=True
        Whether to download what is neither in the cache nor in the system's
        folder. If False, that is an error.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        With the attributes

        data : ndarray of shape (n, 784), uint8, or DataFrame
            One image a row, pixels from 0 (background) to 255.
        images : ndarray of shape (n, 28, 28), uint8
            The same memory as `data`, where that is an array.
        target : ndarray of shape (n,), int64, or Series named "target"
            The classes, 0 to 9.
        target_names : list of str
            The names of the classes, in order; see ``CLASS_NAMES``.
        feature_names : list of str
            ``"pixel_0_0"`` to ``"pixel_27_27"``: row, then column, from the top
            left.
        frame : DataFrame of shape (n, 785), or None
            `data` and `target` side by side; only if ``as_frame=True``.
        DESCR : str
            What the data set is, its licence and its source.
    (data, target) : tuple
        If ``return_X_y=True``.

    Raises
    ------
    ParameterError
        If `subset` or `data_home` is not one of the above.
    DownloadError
        If no place has a sound copy; the message says what each one answered
        and where to put the files by hand.

    Warns
    -----
    UserWarning
        If the download worked but the cache cannot be written.

    See Also
    --------
    load_fashion_sample : A small part of the same images, always at hand.

    References
    ----------
    H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST: a Novel Image Dataset for
    Benchmarking Machine Learning Algorithms", 2017, arXiv:1708.07747.

    Examples
    --------
    >>> from skfashion.datasets import fetch_fashion_mnist
    >>> X, y = fetch_fashion_mnist(return_X_y=True)  # doctest: +SKIP
    >>> X.shape, y.shape  # doctest: +SKIP
    ((60000, 784), (60000,))
    """
    parts = _parts(subset)
    files = [file for part in parts for file in FILES[part]]
    arrays = read_files(files, _cache_folder(data_home), download=download_if_missing)
    return _bunch(arrays[::2], arrays[1::2], _FULL, return_X_y, as_frame)


def load_fashion_sample(
    *, subset: str = "train", return_X_y: bool = False, as_frame: bool = False
) -> Any:
    """Load a small sample of Fashion-MNIST that comes with the package.

    For examples, tests and first tries: real images, no download. Scores on it
    cannot be compared with published ones, which come from all the images.

    Parameters
    ----------
    subset : {"train", "test", "all"}, default="train"
        2,000 of the 60,000 training images, 500 of the 10,000 test images, or
        the former followed by the latter. Every class has 200 of the one and
        50 of the other, drawn at random and shuffled.
    return_X_y : bool, default=False
        Whether to return ``(data, target)`` instead of a Bunch.
    as_frame : bool, default=False
        Whether `data` is a pandas DataFrame and `target` a Series.

    Returns
    -------
    :class:`~sklearn.utils.Bunch` or tuple
        As from :func:`fetch_fashion_mnist`.

    Raises
    ------
    ParameterError
        If `subset` is not one of the above.

    See Also
    --------
    fetch_fashion_mnist : All 70,000 images.

    References
    ----------
    H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST: a Novel Image Dataset for
    Benchmarking Machine Learning Algorithms", 2017, arXiv:1708.07747.

    Examples
    --------
    >>> from skfashion.datasets import load_fashion_sample
    >>> sample = load_fashion_sample()
    >>> sample.data.shape, sample.images.shape, sample.data.dtype
    ((2000, 784), (2000, 28, 28), dtype('uint8'))
    >>> sample.target_names[sample.target[0]] in sample.target_names
    True
    >>> X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
    >>> X_test.shape, y_test.shape
    ((500, 784), (500,))
    """
    parts = _parts(subset)
    folder = importlib.resources.files("skfashion.datasets")
    path = folder / "data" / "fashion_sample.npz"
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as sample:
        images = [sample[f"{part}_images"] for part in parts]
        labels = [sample[f"{part}_labels"] for part in parts]
    return _bunch(images, labels, _SAMPLE, return_X_y, as_frame)


def _parts(subset: str) -> tuple[str, ...]:
    if not isinstance(subset, str) or subset not in _SUBSETS:
        raise ParameterError(
            f"subset must be 'train', 'test' or 'all', but it is {subset!r}."
        )
    return _SUBSETS[subset]


def _cache_folder(data_home: str | os.PathLike[str] | None) -> Path:
    # scikit-learn's get_data_home names the same folder, but creates it, and so
    # fails on a read-only home that has nothing to be written to it.
    if data_home is None:
        data_home = os.environ.get("SCIKIT_LEARN_DATA", "~/scikit_learn_data")
    if not isinstance(data_home, str | os.PathLike):
        raise ParameterError(
            "data_home must be None or a folder's path as str or os.PathLike, but "
            f"it is {data_home!r}."
        )
    return Path(os.path.expanduser(data_home), "fashion-mnist")  # noqa: PTH111


def _bunch(
    images: list[NDArray[np.uint8]],
    labels: list[NDArray[np.uint8]],
    about: str,
    return_X_y: bool,
    as_frame: bool,
) -> Any:
    # scikit-learn loads pandas, which takes longer than all of this package.
    from sklearn.utils import Bunch

    pixels = np.concatenate(images)
    height, width = pixels.shape[1:]
    names = [f"pixel_{row}_{column}" for row, column in np.ndindex(height, width)]
    data: Any = pixels.reshape(len(pixels), -1)
    target: Any = np.concatenate(labels).astype(np.int64)
    frame = None
    if as_frame:
        import pandas as pd

        data = pd.DataFrame(data, columns=names)
        target = pd.Series(target, name="target")
    if return_X_y:
        return data, target
    if as_frame:
        frame = pd.concat([data, target], axis=1)
    return Bunch(
        data=data,
        images=pixels,
        target=target,
        target_names=list(CLASS_NAMES),
        feature_names=names,
        frame=frame,
        DESCR=about + _COMMON,
    )
