"""The same network in Keras and in PyTorch, built as their guides build one."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.speed.network import CLASSES, KERNEL, PIXELS, SIDE, Network

__all__ = [
    "fold",
    "keras_model",
    "normalized_network",
    "residual_network",
    "torch_module",
]


def keras_model(hidden: Sequence[int], network: Network, dtype: str = "float32") -> Any:
    """Build and compile a model as Keras's guides do."""
    import keras

    loss = "sparse_categorical_crossentropy"
    if network.residual:
        model = residual_network((SIDE, SIDE, 1), CLASSES, network.filters)
        model.compile(network.optimizer, loss, metrics=["accuracy"])
        return model
    if network.stem:
        model = normalized_network(network, dtype)
        model.compile(network.optimizer, loss, metrics=["accuracy"])
        return model
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
    model.compile(network.optimizer, loss, metrics=["accuracy"])
    return model


def residual_network(
    image_shape: tuple[int, ...], n_classes: int, filters: Sequence[int]
) -> Any:
    """Build a residual network as a user does: a stem, stages, batch normalisation.

    Every stage is two convolutions beside a shortcut; all but the first halve the
    height and the width.
    """
    import keras

    layers = keras.layers
    images = keras.Input(image_shape)
    x = layers.Conv2D(filters[0], KERNEL, padding="same", use_bias=False)(images)
    x = layers.MaxPooling2D()(layers.ReLU()(layers.BatchNormalization()(x)))
    for number, width in enumerate(filters):
        options = {"padding": "same", "use_bias": False}
        strides = 1 if number == 0 else 2
        shortcut = layers.Conv2D(width, 1, strides=strides, **options)(x)
        x = layers.Conv2D(width, KERNEL, strides=strides, **options)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.Conv2D(width, KERNEL, **options)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x) + shortcut)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(images, layers.Dense(n_classes, activation="softmax")(x))


def normalized_network(network: Network, dtype: str = "float32") -> Any:
    """Build a batch-normalised network as a user does.

    A stem, then stages of a convolution, max-pooling and a convolution; global
    max-pooling.
    """
    import keras

    layers = keras.layers
    options = {"padding": "same", "use_bias": False, "dtype": dtype}
    images = keras.Input((SIDE, SIDE, 1))
    x = layers.Conv2D(network.stem, KERNEL, **options)(images)
    x = layers.ReLU(dtype=dtype)(layers.BatchNormalization(dtype=dtype)(x))
    for filters in network.filters:
        x = layers.Conv2D(filters, KERNEL, **options)(x)
        x = layers.MaxPooling2D(dtype=dtype)(x)
        x = layers.ReLU(dtype=dtype)(layers.BatchNormalization(dtype=dtype)(x))
        x = layers.Conv2D(filters, KERNEL, **options)(x)
        x = layers.ReLU(dtype=dtype)(layers.BatchNormalization(dtype=dtype)(x))
    x = layers.GlobalMaxPooling2D(dtype=dtype)(x)
    return keras.Model(images, layers.Dense(CLASSES, activation="softmax")(x))


def _normalized_module(network: Network) -> Any:
    from torch import nn

    def convolution(before: int, after: int) -> Any:
        return nn.Conv2d(before, after, KERNEL, padding="same", bias=False)

    channels = network.stem
    layers = [convolution(1, channels), nn.BatchNorm2d(channels), nn.ReLU()]
    for filters in network.filters:
        layers += [convolution(channels, filters), nn.MaxPool2d(2)]
        layers += [nn.BatchNorm2d(filters), nn.ReLU(), convolution(filters, filters)]
        layers += [nn.BatchNorm2d(filters), nn.ReLU()]
        channels = filters
    pooled = [nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(channels, CLASSES)]
    return nn.Sequential(*layers, *pooled)


def torch_module(network: Network) -> Any:
    """Build the same network in PyTorch, up to the logits."""
    from torch import nn

    if network.stem:
        return _normalized_module(network)
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
