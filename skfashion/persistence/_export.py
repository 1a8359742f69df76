"""A fitted classifier, and the scale of its pixels, as a plain Keras file."""

import io
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from skfashion._networks.keras_config import KerasConfig
from skfashion._utils.files import write_whole
from skfashion._utils.processes import refuse_after_fork
from skfashion.exceptions import ParameterError
from skfashion.neural_network._base import BaseFashionClassifier
from skfashion.persistence._estimators import input_shapes
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
    *before, (_, classifier) = list(_steps(estimator)) or [("", None)]
    if not isinstance(classifier, BaseFashionClassifier):
        raise ParameterError(
            f"estimator={estimator!r:.80} must be a fitted classifier of skfashion, or "
            "a pipeline that ends in one."
        )
    for name, step in before:
        if not isinstance(step, PixelScaler):
            raise ParameterError(
                f"Step {name!r} of the pipeline, {type(step).__name__}, is not one "
                "that a layer of Keras computes: only PixelScaler may stand before the "
                "classifier; save the whole pipeline with joblib.dump instead."
            )
        check_is_fitted(step)
    check_is_fitted(classifier)
    refuse_after_fork()
    shape = _checked_shape(input_shape, classifier)
    model = _model([step for _, step in before], classifier, shape)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "network.keras")
        model.save(file)
        content = _with_classes(file.read_bytes(), classifier.classes_)
    return write_whole(path, content)


def _steps(estimator: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what computes, with its name: the steps of pipelines within, too."""
    if isinstance(estimator, Pipeline):
        for step, inner in estimator.steps:
            yield from _steps(inner, f"{name}__{step}" if name else step)
    elif estimator is not None and estimator != "passthrough":
        yield name, estimator


def _checked_shape(
    wanted: tuple[int, ...] | None, classifier: BaseFashionClassifier
) -> tuple[int, ...]:
    shapes = input_shapes(classifier.image_shape_)
    if wanted is None:
        # Files of former versions, and networks that no fit trained, do not tell.
        own = getattr(classifier._fitted_network.config, "input_shape", shapes[0])
        return getattr(classifier, "_seen_shape", own)
    if not isinstance(wanted, list | tuple) or tuple(wanted) not in shapes:
        raise ParameterError(
            f"input_shape={wanted!r:.80} must be the shape of one image, "
            f"{' or '.join(map(str, shapes))}; or None, for that which fit saw."
        )
    return tuple(wanted)


def _model(
    scalers: list[PixelScaler],
    classifier: BaseFashionClassifier,
    shape: tuple[int, ...],
) -> "keras.Model":
    from skfashion._backend.global_state import untouched
    from skfashion._backend.runtime import keras

    layers, single = keras.layers, {"dtype": "float32"}
    with untouched():
        network = _network(classifier)
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


def _network(classifier: BaseFashionClassifier) -> "keras.Model":
    """Build the classifier's network, uncompiled, beside any that it handed out."""
    fitted = classifier._fitted_network
    if not fitted.changed_by_hand:
        return fitted.config.build(fitted.values)
    from skfashion._backend.runtime import keras

    changed = classifier.model_
    copy = keras.models.clone_model(changed)
    copy.set_weights(changed.get_weights())
    return copy


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
