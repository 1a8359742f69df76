"""A fitted classifier, and the scale of its pixels, as an ONNX file."""

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from skfashion._utils.extras import extra
from skfashion._utils.files import write_whole
from skfashion.exceptions import ParameterError
from skfashion.neural_network._base import BaseFashionClassifier
from skfashion.persistence._exported import check_shape, parts, seen_shape
from skfashion.preprocessing import PixelScaler

__all__ = ["to_onnx"]

# Types of pixels that ONNX casts to float32.
_TYPES = (
    *("uint8", "uint16", "uint32", "int8", "int16", "int32", "int64"),
    *("float16", "float32", "float64", "bool"),
)


def to_onnx(
    estimator: Any,
    path: str | os.PathLike[str],
    *,
    input_shape: tuple[int, ...] | None = None,
    dtype: DTypeLike | None = None,
) -> Path:
    """Write a classifier as an ONNX file, for use without skfashion or TensorFlow.

    The file takes images as they came to the estimator and gives their labels and the
    probabilities that ``predict_proba`` gives: the scale of each ``PixelScaler`` of a
    pipeline, the network and the mean over ``n_views`` are in it. It computes in
    float32, also what was fitted in mixed bfloat16. Unlike the estimator it refuses
    no pixels: those beyond a scaler's range are clipped.

    Parameters
    ----------
    estimator : fitted classifier, or pipeline that ends in one
        All other steps of the pipeline must be ``PixelScaler`` or "passthrough".
    path : str or path
        Of the file, which is replaced if it is there; a name that ends in ``.onnx``.
    input_shape : tuple of int, default=None
        Shape of one image as the file is to take it: (pixels,), (height, width) or
        (height, width, channels). None is the shape that the estimator was fitted on.
    dtype : numpy.dtype or its name, default=None
        Type of the pixels that the file is to take: an integer, a float or bool. None
        is that which the first ``PixelScaler`` was fitted on, and float32 without one.

    Returns
    -------
    pathlib.Path
        Where it is.

    Raises
    ------
    MissingExtraError
        If onnx is not installed, or tf2onnx where the network is a Keras model of
        your own.
    NotFittedError
        If the estimator is not fitted.
    ParameterError
        If the path has another ending, ``input_shape`` is not that of the images,
        ``dtype`` is none of pixels, the estimator has no network, or a step, an
        activation or a layer is one that is not written as ONNX.
    WriteError
        If the file cannot be written.

    See Also
    --------
    export_keras : Writes a plain Keras file.
    skfashion.persistence.register_onnx_converters : Has skl2onnx write pipelines of
        other steps.

    Notes
    -----
    Standard operators of opset 18 alone, which ONNX Runtime knows from 1.14 on. The
    input is "pixels", the outputs are "label", of shape (n,), and "probabilities", of
    shape (n, n_classes). Labels that are integers leave as int64, floats as float64,
    booleans as such and all others as text.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import onnxruntime
    >>> from sklearn.pipeline import make_pipeline
    >>> import skfashion
    >>> X, y = skfashion.load_fashion_sample(return_X_y=True)
    >>> mlp = skfashion.FashionMLPClassifier(32, epochs=1, random_state=0)
    >>> model = make_pipeline(skfashion.PixelScaler(), mlp).fit(X, y)
    >>> path = skfashion.to_onnx(model, Path(tempfile.mkdtemp(), "clothes.onnx"))
    >>> session = onnxruntime.InferenceSession(path)
    >>> labels, probabilities = session.run(None, {"pixels": X[:100]})
    >>> bool((labels == model.predict(X[:100])).all()), probabilities.shape
    (True, (100, 10))
    """
    if Path(path).suffix != ".onnx":
        raise ParameterError(f"path={str(path)!r} must be a name that ends in '.onnx'.")
    scalers, classifier = parts(
        estimator,
        "that to_onnx writes: only PixelScaler may stand before the classifier; call "
        "skfashion.persistence.register_onnx_converters() and have skl2onnx.to_onnx "
        "convert the whole pipeline",
    )
    with extra("onnx", "to_onnx"):
        from skfashion.persistence._onnx_graph import Graph
    from skfashion.persistence._onnx_network import labels, probabilities, scaled

    shape = _input_shape(input_shape, scalers, classifier)
    pixels = _pixel_type(dtype, scalers)
    graph = Graph()
    rows = graph.rows("pixels", classifier.n_features_in_)
    for scaler in scalers:
        rows = scaled(scaler, rows)
    found = probabilities(classifier, rows)
    label, kind = labels(classifier.classes_, found)
    graph.give(label, "label")
    graph.give(found.name, "probabilities")
    content = graph.to_bytes(
        {"pixels": (pixels, shape)},
        {"label": (kind, ()), "probabilities": (np.float32, found.shape[1:])},
    )
    return write_whole(path, content)


def _input_shape(
    wanted: tuple[int, ...] | None,
    scalers: list[PixelScaler],
    classifier: BaseFashionClassifier,
) -> tuple[int, ...]:
    seen = seen_shape(classifier)
    first = getattr(scalers[0], "_seen_shape", seen) if scalers else seen
    # Where a scaler made rows of them, the classifier may not know the images.
    images = (*first, 1)[:3] if len(first) > 1 else classifier.image_shape_
    return check_shape(wanted, images, first)


def _pixel_type(wanted: Any, scalers: list[PixelScaler]) -> np.dtype:
    if wanted is None:
        wanted = scalers[0].dtype_ if scalers else np.float32
    try:
        dtype = np.dtype(wanted).newbyteorder("=")
    except TypeError:
        dtype = np.dtype(object)
    if dtype.name not in _TYPES:
        raise ParameterError(
            f"dtype={wanted!r:.80} must be a type of pixels, one of "
            f"{', '.join(_TYPES)}; or None, for that which fit saw."
        )
    return dtype
