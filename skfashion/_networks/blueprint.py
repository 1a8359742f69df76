"""What it takes to build a network anew: read off one that was built."""

import math
from typing import Any

import numpy as np

from skfashion._backend.fingerprint import fingerprint
from skfashion._backend.runtime import keras
from skfashion._networks import networks
from skfashion._utils.validation import as_float
from skfashion.exceptions import ParameterError

__all__ = ["build", "check", "count_weights", "read_off", "rebuild"]


def read_off(model: keras.Model) -> dict[str, Any]:
    """Find what ``build`` needs to build a network of the same layers.

    Parameters
    ----------
    model : keras.Model
        Built by ``build_mlp`` or ``build_cnn``.

    Returns
    -------
    dict
        Numbers, text and tuples only.

    Raises
    ------
    ParameterError
        If neither builds such a network.
    """
    found = _read_off(model)
    if found is None or _layers_of(build(found)) != _layers_of(model):
        raise ParameterError(
            f"The network {model.name!r} is not one that the classifiers build: it was "
            "made or changed by hand."
        )
    return found


def rebuild(model: keras.Model) -> tuple[dict[str, Any], keras.Model]:
    """Build the network that computes what another does, and give it its weights.

    Parameters
    ----------
    model : keras.Model
        Of the same kinds of layers, whatever their names and the shape of its input.

    Returns
    -------
    blueprint : dict
        What ``build`` needs.
    network : keras.Model
        Uncompiled.

    Raises
    ------
    ParameterError
        If ``build`` can build none that gives the same probabilities.
    """
    try:
        found = _read_off(model) or {}
        network = build(found)
        for one, other in zip(_weighted(network), _weighted(model), strict=True):
            one.set_weights(other.get_weights()[: len(one.get_weights())])
        rows = np.random.default_rng(0).random((16, *model.input_shape[1:]))
        expected = model(rows.astype(np.float32), training=False)
        given = network(rows.reshape(len(rows), -1).astype(np.float32), training=False)
        same = np.allclose(expected, given, atol=1e-5)
    except (AttributeError, TypeError, ValueError):
        # Such as a model that is not built, or whose input has no fixed shape.
        same = False
    if not same:
        raise ParameterError(
            f"The network {model.name!r} is not one that the classifiers build; it "
            "must be dense layers, after stages of an unpadded convolution and a 2x2 "
            "max-pooling or after none, with one activation, and softmax at the end."
        )
    return found, network


def _weighted(model: keras.Model) -> list[Any]:
    kinds = keras.layers.Conv2D, keras.layers.Dense
    return [layer for layer in model.layers if isinstance(layer, kinds)]


def _read_off(model: keras.Model) -> dict[str, Any] | None:
    def all_of(kind: type) -> list[Any]:
        return [layer for layer in model.layers if isinstance(layer, kind)]

    kinds = keras.layers
    convolutions, dense = all_of(kinds.Conv2D), all_of(kinds.Dense)
    reshapes, dropouts = all_of(kinds.Reshape), all_of(kinds.Dropout)
    if not dense or len(model.inputs) != 1:
        return None
    shape = tuple(model.input_shape[1:])
    *hidden, output = dense
    inner = [*convolutions, *hidden]
    sizes = tuple(layer.units for layer in hidden)
    found = {
        "n_classes": output.units,
        "dropout": dropouts[0].rate if dropouts else 0.0,
        "l2": float(getattr(output.kernel_regularizer, "l2", 0.0)),
        "rescale": next((layer.scale for layer in all_of(kinds.Rescaling)), None),
    }
    if inner:
        found["activation"] = keras.activations.serialize(inner[0].activation)
        found["dtype_policy"] = inner[0].dtype_policy.name
    if not convolutions:
        size = {"n_features": math.prod(shape), "hidden_layer_sizes": sizes}
        return found | size
    return found | {
        "image_shape": tuple(reshapes[0].target_shape) if reshapes else (*shape, 1)[:3],
        "filters": tuple(layer.filters for layer in convolutions),
        # Where an image is smaller than the kernel, that was cut to it.
        "kernel_size": max(max(layer.kernel_size) for layer in convolutions),
        "dense_sizes": sizes,
    }


def _layers_of(model: keras.Model) -> str:
    return fingerprint(model, compiled=False)


def build(blueprint: dict[str, Any]) -> keras.Model:
    """Build an uncompiled network from what ``read_off`` found."""
    as_float("rescale", blueprint.get("rescale") or 0.0)
    if "filters" in blueprint:
        return networks.build_cnn(**blueprint)
    return networks.build_mlp(**blueprint)


def check(blueprint: dict[str, Any]) -> None:
    """Refuse what ``read_off`` never finds, of which Keras might make anything."""
    for name, value in blueprint.items():
        whole = type(value) is tuple and all(type(item) is int for item in value)
        if not whole and type(value) not in (int, float, str, type(None)):
            raise ValueError(f"{name}={value!r:.80} is nothing that builds a network")


def count_weights(blueprint: dict[str, Any]) -> int:
    """Count the trainable weights that a network would have, without building it."""
    n_classes, count = blueprint["n_classes"], 0
    if "filters" in blueprint:
        *size, channels = blueprint["image_shape"]
        sizes, filters = blueprint["dense_sizes"], blueprint["filters"]
        stages = [*networks.conv_stages(size, blueprint["kernel_size"], len(filters))]
        for n_filters, (kernel, _, _) in zip(filters, stages, strict=True):
            count += n_filters * (math.prod(kernel) * channels + 1)
            channels = n_filters
        inputs = math.prod(stages[-1][-1]) * channels
    else:
        inputs, sizes = blueprint["n_features"], blueprint["hidden_layer_sizes"]
    for units in (*sizes, n_classes):
        count += units * (inputs + 1)
        inputs = units
    return count
