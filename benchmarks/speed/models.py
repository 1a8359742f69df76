"""The same network in Keras and in PyTorch, built as their guides build one."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.speed.network import CLASSES, KERNEL, PIXELS, SIDE, Network

__all__ = ["fold", "keras_model", "torch_module"]


def keras_model(hidden: Sequence[int], network: Network, dtype: str = "float32") -> Any:
    """Build and compile a model as Keras's guides do."""
    import keras

    stages = [
        layer
        for filters in network.filters
        for layer in (
            keras.layers.Conv2D(filters, KERNEL, activation="relu", dtype=dtype),
            keras.layers.MaxPooling2D(dtype=dtype),
        )
    ]
    dense: list[Any] = []
    for units in hidden:
        dense.append(keras.layers.Dense(units, activation="relu", dtype=dtype))
        if network.dropout:
            dense.append(keras.layers.Dropout(network.dropout, dtype=dtype))
    model = keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 1) if network.filters else (PIXELS,)),
            *stages,
            *([keras.layers.Flatten(dtype=dtype)] if stages else []),
            *dense,
            keras.layers.Dense(CLASSES, activation="softmax"),
        ]
    )
    loss = "sparse_categorical_crossentropy"
    model.compile(network.optimizer, loss, metrics=["accuracy"])
    return model


def torch_module(network: Network) -> Any:
    """Build the same network in PyTorch, up to the logits."""
    from torch import nn

    layers: list[Any] = []
    channels = 1
    for filters in network.filters:
        layers += [nn.Conv2d(channels, filters, KERNEL), nn.ReLU(), nn.MaxPool2d(2)]
        channels = filters
    layers.append(nn.Flatten())
    size = network.features
    for units in network.hidden:
        layers += [nn.Linear(size, units), nn.ReLU()]
        size = units
    return nn.Sequential(*layers, nn.Linear(size, CLASSES))


def fold(
    rows: np.ndarray, network: Network, *, channels_first: bool = False
) -> np.ndarray:
    """Make images of rows for a network that convolves."""
    if not network.filters:
        return rows
    return rows.reshape((-1, 1, SIDE, SIDE) if channels_first else (-1, SIDE, SIDE, 1))
