"""Which parts of a serialized Keras model are Keras's own, and compute only."""

from collections.abc import Iterator
from typing import Any

from skfashion._backend.runtime import keras

__all__ = ["foreign_parts"]

# Where layers come from that compute with numbers alone. Lambda and the wrappers of
# other libraries run code that the model brings, and some read files.
_LAYERS = tuple(
    f"keras.src.layers.{name}"
    for name in (
        "activations",
        "attention",
        "convolutional",
        "core.dense",
        "core.einsum_dense",
        "core.identity",
        "core.input_layer",
        "core.masking",
        "merging",
        "normalization",
        "pooling",
        "preprocessing.image_preprocessing",
        "preprocessing.normalization",
        "preprocessing.rescaling",
        "regularization",
        "reshaping",
    )
)
_OTHERS = {
    "keras.constraints": keras.constraints,
    "keras.initializers": keras.initializers,
    "keras.losses": keras.losses,
    "keras.metrics": keras.metrics,
    "keras.regularizers": keras.regularizers,
}
_MODELS = {
    ("keras", "DTypePolicy"),
    ("keras", "Model"),
    ("keras", "Sequential"),
    ("keras.src.models.functional", "Functional"),
    ("keras.src.models.sequential", "Sequential"),
}
# Operations on tensors, as in ``x + shortcut``.
_OPERATIONS = tuple(f"keras.src.ops.{name}" for name in ("image", "nn", "numpy"))
_VALUES = {
    "__ellipsis__",
    "__keras_tensor__",
    "__numpy__",
    "__slice__",
    "__tensor__",
    "__tuple__",
}
_MARKS = {"class_name", "module", "registered_name"}


def foreign_parts(config: Any) -> list[str]:
    """Name what a serialized model holds that is not Keras's own.

    Parameters
    ----------
    config : object
        As ``keras.saving.serialize_keras_object`` gives it, or as anybody wrote it.

    Returns
    -------
    list of str
        Each by its class, and its name where it has one; empty where Keras's
        deserializer would make nothing but Keras's own parts.
    """
    return list(dict.fromkeys(_walk(config)))


def _walk(config: Any) -> Iterator[str]:
    if isinstance(config, dict):
        if config.keys() & _MARKS and not _is_of_keras(config):
            inner = config.get("config")
            name = inner.get("name") if isinstance(inner, dict) else None
            kind = f"{config.get('class_name')!r:.60}"
            yield f"{name!r:.60} of class {kind}" if name else kind
            return
        for value in config.values():
            yield from _walk(value)
    elif isinstance(config, list | tuple):
        for value in config:
            yield from _walk(value)
    elif isinstance(config, str) and config in keras.saving.get_custom_objects():
        # Keras would take it for what this process has registered by that name.
        yield f"{config!r:.60}, a registered name"


def _is_of_keras(config: dict[str, Any]) -> bool:
    kind, module = config.get("class_name"), config.get("module")
    if not isinstance(kind, str) or not isinstance(module, str | None):
        return False
    if kind in _VALUES and module in (None, "builtins"):
        return True
    if module is None or config.get("registered_name") not in (None, kind):
        return False
    if (module, kind) in _MODELS:
        return True
    if module == "keras.layers":
        # Looked up as Keras does, for its module says what it is.
        made_in = getattr(getattr(keras.layers, kind, None), "__module__", "")
        return made_in.startswith(_LAYERS)
    if module in _OTHERS:
        return isinstance(getattr(_OTHERS[module], kind, None), type)
    return module in _OPERATIONS and kind[:1].isupper()
