"""Networks as users design them, each with whether it gives logits."""

import numpy as np

from skfashion._backend.runtime import keras

layers = keras.layers


def residual(image_shape, n_classes):
    """Two stages, batch-normalized, the shortcut through a convolution of its own."""
    x = images = keras.Input(image_shape)
    for filters in (4, 8):
        y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        y = layers.ReLU()(layers.BatchNormalization()(y))
        y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
        y = layers.BatchNormalization()(y) + layers.Conv2D(filters, 1)(x)
        x = layers.MaxPooling2D()(layers.ReLU()(y))
    pooled = layers.GlobalAveragePooling2D()(x)
    return keras.Model(images, layers.Dense(n_classes)(layers.Dropout(0.3)(pooled)))


def nested(image_shape, n_classes):
    """A model within a model, as for transfer learning."""
    inner = keras.Sequential(
        [keras.Input(image_shape), layers.Conv2D(4, 5, strides=2, activation="relu")]
    )
    images = keras.Input(image_shape)
    logits = layers.Dense(n_classes)(layers.Flatten()(inner(images)))
    return keras.Model(images, layers.Activation("softmax")(logits))


def of_operations(image_shape, n_classes):
    """What comes after the last dense layer is no layer."""
    images = keras.Input(image_shape)
    hidden = layers.Dense(16, activation="tanh")(layers.Flatten()(images))
    return keras.Model(images, keras.ops.softmax(layers.Dense(n_classes)(hidden)))


def fully_convolutional(image_shape, n_classes):
    """Its last kernel is a convolution over the whole of the map."""
    steps = [
        keras.Input(image_shape),
        layers.Conv2D(4, 4, strides=4, activation="relu"),
        layers.Conv2D(n_classes, 7),
        layers.Flatten(),
        layers.Softmax(),
    ]
    return keras.Sequential(steps)


class Noisy(layers.Layer):
    """A layer of the user's own, which draws when it is built."""

    def build(self, shape):
        self.added = self.add_weight(
            shape=(),
            initializer=lambda shape, dtype: np.random.rand() * 0.1,  # noqa: NPY002
        )

    def call(self, x):
        return x + self.added


def foreign(image_shape, n_classes):
    """A layer of the user's own, in a model of the user's own names."""
    steps = [
        keras.Input(image_shape),
        Noisy(),
        layers.Conv2D(4, 3, strides=3, activation="relu"),
        layers.Flatten(),
        layers.Dense(n_classes, activation="softmax"),
    ]
    return keras.Sequential(steps)


class Subclassed(keras.Model):
    """A model of the user's own class, whose layers are in no graph."""

    def __init__(self, n_classes):
        super().__init__()
        self.convolution = layers.Conv2D(4, 3, strides=3, activation="relu")
        self.flatten = layers.Flatten()
        self.output_layer = layers.Dense(n_classes, activation="softmax")

    def call(self, images, training=False):
        return self.output_layer(self.flatten(self.convolution(images)))


NETWORKS = {
    "residual": (residual, True),
    "nested": (nested, False),
    "operations": (of_operations, False),
    "fully convolutional": (fully_convolutional, False),
    "foreign": (foreign, False),
}
