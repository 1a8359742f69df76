"""A fitted classifier, and the scale of its pixels, as a plain Keras file."""

import io
import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from skfashion._networks.keras_config import KerasConfig
from skfashion._utils.files import write_whole
from skfashion._utils.processes import refuse_after_fork
from skfashion.exceptions import ParameterError
from skfashion.neural_network._base import BaseFashionClassifier
from skfashion.persistence._exported import (
    check_shape,
    keras_network,
    parts,
    seen_shape,
)
from skfashion.preprocessing import PixelScaler

if TYPE_CHECKING:
    import keras

__all__ = ["export_keras"]

# Keras's own member of a file, which it writes and never reads.
_METADATA = "metadata.json"


def export_keras(
    estimator: Any,
    path: str | os.PathLike[str],
    *,
    input_shape: tuple[int, ...] | None = None,
) -> Path:
    """Write a network as a plain Keras file, for use without skfashion.

    The file's model takes images as they came to the estimator, of any numeric type,
    and gives the probabilities that ``predict_proba`` gives. Each ``PixelScaler`` of a
    pipeline becomes two layers, which scale and clip; unlike it they refuse nothing.

    Parameters
    ----------
    estimator : fitted classifier, or pipeline that ends in one
        All other steps of the pipeline must be ``PixelScaler`` or "passthrough".
    path : str or path
        Of the file, which is replaced if it is there; a name that ends in ``.keras``.
    input_shape : tuple of int, default=None
        Shape of one image as the model is to take it: (pixels,), (height, width) or
        (height, width, channels). None is the shape that the classifier was fitted on,
        rows where a step before it made rows.

    Returns
    -------
    pathlib.Path
        Where it is; ``keras.models.load_model`` reads it.

    Raises
    ------
    ParameterError
        If the path has another ending, ``input_shape`` is not that of the images, the
        estimator has no network, or a step is one that no layer computes.
    NotFittedError
        If the estimator is not fitted.
    WriteError
        If the file cannot be written.

    See Also
    --------
    save : Writes a file that ``load`` makes an estimator of.
    to_onnx : Writes a file that runs without Keras and TensorFlow.

    Notes
    -----
    The model is not compiled: compile it before you train or evaluate it. The labels,
    in the order of the probabilities, are the list "classes" in the file's member
    "metadata.json", as the example reads it; numbers stay numbers, all else is text.

    Examples
    --------
    >>> import json, tempfile, zipfile
    >>> from pathlib import Path
    >>> from sklearn.pipeline import make_pipeline
    >>> import skfashion
    >>> X, y = skfashion.load_fashion_sample(return_X_y=True)
    >>> mlp = skfashion.FashionMLPClassifier(32, epochs=1, random_state=0)
    >>> model = make_pipeline(skfashion.PixelScaler(), mlp).fit(X, y)
    >>> path = Path(tempfile.mkdtemp(), "clothes.keras")
    >>> path = skfashion.export_keras(model, path, input_shape=(28, 28))
    >>> with zipfile.ZipFile(path) as file:
    ...     json.loads(file.read("metadata.json"))["classes"]
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    >>> import keras
    >>> keras.models.load_model(path).predict(X.reshape(-1, 28, 28), verbose=0).shape
    (2000, 10)
    """
    if Path(path).suffix != ".keras":
        raise ParameterError(
            f"path={str(path)!r} must be a name that ends in '.keras'."
        )
    scalers, classifier = parts(
        estimator,
        "that a layer of Keras computes: only PixelScaler may stand before the "
        "classifier; save the whole pipeline with joblib.dump instead",
    )
    refuse_after_fork()
    shape = check_shape(input_shape, classifier.image_shape_, seen_shape(classifier))
    model = _model(scalers, classifier, shape)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "network.keras")
        model.save(file)
        content = _with_classes(file.read_bytes(), classifier.classes_)
    return write_whole(path, content)


def _model(
    scalers: list[PixelScaler],
    classifier: BaseFashionClassifier,
    shape: tuple[int, ...],
) -> "keras.Model":
    from skfashion._backend.global_state import untouched
    from skfashion._backend.runtime import keras

    layers, single = keras.layers, {"dtype": "float32"}
    with untouched():
        network = keras_network(classifier)
        pixels = tensor = keras.Input(shape, name="pixels", **single)
        for number, scaler in enumerate(scalers, 1):
            span = scaler.data_max_ - scaler.data_min_
            zero = (0 - scaler.data_min_) / span
            scale = layers.Rescaling(1 / span, zero, name=f"scale_{number}", **single)
            clip = layers.ReLU(max_value=1.0, name=f"clip_{number}", **single)
            tensor = clip(scale(tensor))
        config = classifier._fitted_network.config
        foreign = isinstance(config, KerasConfig)
        if foreign and config.rescale is not None:
            # Those of the package's own networks are a layer within.
            scale = layers.Rescaling(config.rescale, name="rescaling", **single)
            tensor = scale(tensor)
        inner = network.input_shape[1:]
        if shape != inner:
            tensor = layers.Reshape(inner, name="fold", **single)(tensor)
        logits = foreign and config.from_logits
        if tensor is pixels and not logits:
            return network
        outputs = network(tensor)
        if logits:
            outputs = layers.Softmax(name="probabilities", **single)(outputs)
        return keras.Model(pixels, outputs, name="pipeline")


def _with_classes(content: bytes, classes: np.ndarray) -> bytes:
    """Put the labels into the metadata of a Keras file."""
    labels = [
        label if isinstance(label, bool | int | float | str) else str(label)
        for label in classes.tolist()
    ]
    held, whole = io.BytesIO(content), io.BytesIO()
    with zipfile.ZipFile(held) as old, zipfile.ZipFile(whole, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename == _METADATA:
                data = json.dumps({**json.loads(data), "classes": labels}).encode()
            new.writestr(member, data)
    return whole.getvalue()
