"""A fitted classifier as a page that runs it in the browser."""

import importlib.resources
import json
import os
import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from skfashion._utils.folders import write_folder
from skfashion._utils.labels import check_class_names
from skfashion._utils.text import printable
from skfashion._utils.versions import versions
from skfashion.exceptions import ParameterError
from skfashion.persistence._demo_images import Pixels, describe_images, pixels_of
from skfashion.persistence._exported import parts
from skfashion.persistence._onnx import to_onnx
from skfashion.persistence._pictures import FASHION, WAYS, usual_way

__all__ = ["to_demo_page"]

# Of the npm package: the build for WebAssembly alone, without what is for GPUs.
_RUNTIME = ("ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm")
_MAKER = "skfashion.to_demo_page"
_ABOUT = "page.json"


def to_demo_page(
    estimator: Any,
    folder: str | os.PathLike[str],
    *,
    runtime: str | os.PathLike[str],
    images: Any = None,
    labels: Any = None,
    class_names: Sequence[str] | None = None,
    prepare: str | None = None,
    title: str = "Try the model",
    description: str = "",
) -> Path:
    """Write a page on which anybody can try a classifier, in the browser alone.

    The visitor drops, chooses or pastes a photograph, or picks one of the example
    images, and sees the probabilities of all classes and the picture as the model saw
    it. The page computes them itself, from the file that ``to_onnx`` writes. It is a
    folder of files for any web server, which need not run Python; no picture leaves
    the visitor's machine, and no other host is asked for anything.

    Parameters
    ----------
    estimator : fitted classifier, or pipeline that ends in one
        All other steps of the pipeline must be ``PixelScaler`` or "passthrough". Its
        images are grey or in colour.
    folder : str or path
        Of the page: a new or an empty one, or one of a page that is replaced.
    runtime : str or path
        Folder of the npm package onnxruntime-web, which ``npm install
        onnxruntime-web`` puts into ``node_modules``, or its folder ``dist``. The two
        files that are needed, of 14 MB, are copied.
    images : array-like of shape (n, pixels), (n, h, w) or (n, h, w, c), default=None
        Up to 20 examples to pick from, as the estimator takes them. They go to the
        model as they are, pixel by pixel.
    labels : array-like of shape (n,), default=None
        What the examples show: a class of the estimator each, shown by its name, or
        any other text.
    class_names : sequence of str, default=None
        A name for each of ``classes_``, in their sorted order. None takes
        ``class_names_`` of the classifier where it has them, and else its labels.
    prepare : {"photo", "pad", "crop", "stretch"}, default=None
        How photographs are brought to the images of the model, as in ``python -m
        skfashion predict --prepare``; the visitor can change it. "photo" is for models
        of grey 28x28 images alone, and what None is for those whose classes are
        Fashion-MNIST's, or numbers without names; for all others None is "pad".
    title : str, default="Try the model"
        Of the page.
    description : str, default=""
        A sentence or two on the model, below the title.

    Returns
    -------
    pathlib.Path
        Of the page itself, ``index.html`` in the folder.

    Raises
    ------
    MissingExtraError
        If onnx is not installed, or tf2onnx where the network is a Keras model of
        your own.
    NotFittedError
        If the estimator is not fitted.
    ParameterError
        If the folder holds other files, ``runtime`` lacks the files of the runtime, a
        parameter is not as above, or the estimator is none that ``to_onnx`` writes.
    DataError
        If the images are not such as the estimator takes, or no picture can be made
        into one.
    WriteError
        If the folder cannot be written; what stood there stays.

    See Also
    --------
    to_onnx : Writes the model alone.

    Notes
    -----
    Probabilities are those of ``predict_proba``, to a few units of float32. Photographs
    are decoded by the browser, whose pixels may differ from those of ``read_photo`` and
    ``read_image`` by a level or two.

    A browser opens no such page from a file: ``python -m http.server --directory
    FOLDER`` serves it as http://localhost:8000.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import skfashion
    >>> X, y = skfashion.load_fashion_sample(return_X_y=True)
    >>> model = skfashion.FashionMLPClassifier(32, epochs=1, rescale=1 / 255).fit(X, y)
    >>> folder = Path(tempfile.mkdtemp())
    >>> runtime = "node_modules/onnxruntime-web"
    >>> skfashion.to_demo_page(model, folder / "page", runtime=runtime)
    Traceback (most recent call last):
    ...
    skfashion.exceptions.ParameterError: runtime='node_modules/onnxruntime-web' lacks...
    """
    if not isinstance(title, str) or not title.strip():
        raise ParameterError(f"title={title!r:.80} must be a text.")
    if not isinstance(description, str):
        raise ParameterError(f"description={description!r:.80} must be a text.")
    scalers, classifier = parts(
        estimator,
        "that to_demo_page writes: only PixelScaler may stand before the classifier",
    )
    pixels = pixels_of(scalers, classifier)
    names = _class_names(classifier, class_names)
    ways = {way: said for way, said in WAYS.items() if way != "photo"}
    if pixels.shape == FASHION:
        ways = WAYS
    if prepare is None:
        prepare = usual_way(pixels.shape, names)
    if not isinstance(prepare, str) or prepare not in ways:
        raise ParameterError(
            f"prepare={prepare!r:.80} must be one of {', '.join(map(repr, ways))} for "
            f"a model of images of shape {pixels.shape}; or None."
        )
    shown = [printable(name) for name in names or classifier.classes_.tolist()]
    contents = _runtime(runtime)
    contents["model.onnx"] = _model(estimator, pixels)
    version = versions("skfashion")["skfashion"]
    contents |= _static_files(
        title=printable(title), description=printable(description), version=version
    )
    about = {
        "made_by": _MAKER,
        "files": sorted([*contents, _ABOUT]),
        "classes": shown,
        "pixels": pixels.describe(),
        "prepare": prepare,
        "ways": ways,
        "examples": describe_images(
            images, labels, estimator, pixels, classifier.classes_, shown
        ),
    }
    contents[_ABOUT] = json.dumps(about).encode()
    return write_folder(folder, contents, _is_a_page) / "index.html"


def _class_names(classifier: Any, given: Sequence[str] | None) -> list[str] | None:
    """Name the classes; None where they are no text and have no names."""
    classes = classifier.classes_
    if given is not None:
        return check_class_names("class_names", given, len(classes))
    own = getattr(classifier, "class_names_", None)
    if own is None and all(isinstance(label, str) for label in classes.tolist()):
        own = classes.tolist()
    return own


def _runtime(runtime: Any) -> dict[str, bytes]:
    """Read the files of the runtime, by their places in the page's folder."""
    try:
        places = [Path(runtime), Path(runtime, "dist")]
        found = [place for place in places if (place / _RUNTIME[0]).is_file()]
        place = (found or places)[0]
        return {f"runtime/{name}": (place / name).read_bytes() for name in _RUNTIME}
    except (OSError, TypeError, ValueError) as error:
        raise ParameterError(
            f"runtime={str(runtime)!r:.200} lacks {' or '.join(_RUNTIME)}; run `npm "
            "install onnxruntime-web` and give the folder that this makes, "
            "'node_modules/onnxruntime-web'."
        ) from error


def _model(estimator: Any, pixels: Pixels) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = to_onnx(
            estimator,
            Path(folder, "model.onnx"),
            input_shape=pixels.shape,
            dtype=pixels.dtype,
        )
        return path.read_bytes()


def _static_files(**texts: str) -> dict[str, bytes]:
    """Read the files of every page, and write what is said of this one into them."""
    source = importlib.resources.files("skfashion.persistence") / "demo"
    contents = {
        file.name: file.read_bytes() for file in source.iterdir() if file.is_file()
    }
    page = Template(contents["index.html"].decode())
    told = {name: escape(text) for name, text in texts.items()}
    return contents | {"index.html": page.substitute(told).encode()}


def _is_a_page(folder: Path) -> bool:
    """Tell whether a folder is such a page, and holds nothing else."""
    try:
        about = json.loads((folder / _ABOUT).read_bytes())
        ours = {*about["files"]} if about["made_by"] == _MAKER else set()
    except (OSError, ValueError, TypeError, KeyError):
        return False
    held = [path for path in folder.rglob("*") if not path.is_dir()]
    return all(path.relative_to(folder).as_posix() in ours for path in held)
