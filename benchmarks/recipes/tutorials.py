"""The five published set-ups in plain Keras, each as a tutorial would write it.

Each takes the training images as bytes, their labels and a number of epochs, and
returns the trained model, its history and a function that prepares test images.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["TUTORIALS", "Trained"]

Trained = tuple[Any, dict[str, list[float]], Callable[[np.ndarray], np.ndarray]]


def dropout(images: np.ndarray, labels: np.ndarray, epochs: int = 28) -> Trained:
    """One hidden layer with dropout."""
    import keras

    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    history = model.fit(images / 255.0, labels, epochs=epochs, verbose=0)
    return model, history.history, lambda test: test / 255.0


def sgd_300_100(images: np.ndarray, labels: np.ndarray, epochs: int = 30) -> Trained:
    """Two hidden layers, plain gradient descent, 5,000 validation images."""
    import keras

    X_valid, X_train = images[:5000] / 255.0, images[5000:] / 255.0
    y_valid, y_train = labels[:5000], labels[5000:]
    model = keras.Sequential()
    model.add(keras.Input((28, 28)))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(300, activation="relu"))
    model.add(keras.layers.Dense(100, activation="relu"))
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.compile(
        loss="sparse_categorical_crossentropy",
        optimizer=keras.optimizers.SGD(learning_rate=0.01),
        metrics=["accuracy"],
    )
    history = model.fit(
        X_train,
        y_train,
        epochs=epochs,
        validation_data=(X_valid, y_valid),
        verbose=0,
    )
    return model, history.history, lambda test: test / 255.0


def dense_32(images: np.ndarray, labels: np.ndarray, epochs: int = 10) -> Trained:
    """One small hidden layer."""
    import keras

    model = keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    history = model.fit(
        images.reshape(-1, 784) / 255.0, labels, epochs=epochs, verbose=0
    )
    return model, history.history, lambda test: test.reshape(-1, 784) / 255.0


def deep_512_256_128(
    images: np.ndarray, labels: np.ndarray, epochs: int = 15
) -> Trained:
    """Three hidden layers, one-hot labels."""
    import keras

    def prepare(images: np.ndarray) -> np.ndarray:
        return images.reshape(-1, 784).astype("float32") / 255

    model = keras.Sequential(
        [
            keras.Input((784,)),
            keras.layers.Dense(512, activation="relu"),
            keras.layers.Dense(256, activation="relu"),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"]
    )
    history = model.fit(
        prepare(images),
        keras.utils.to_categorical(labels, 10),
        epochs=epochs,
        batch_size=32,
        verbose=0,
    )
    return model, history.history, prepare


def cnn(images: np.ndarray, labels: np.ndarray, epochs: int = 10) -> Trained:
    """Two stages of convolution and pooling, a tenth held out."""
    import keras

    def prepare(images: np.ndarray) -> np.ndarray:
        return images[..., None].astype("float32") / 255

    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(32, (3, 3), activation="relu"),
            keras.layers.MaxPooling2D((2, 2)),
            keras.layers.Conv2D(64, (3, 3), activation="relu"),
            keras.layers.MaxPooling2D((2, 2)),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    history = model.fit(
        prepare(images),
        labels,
        epochs=epochs,
        batch_size=128,
        validation_split=0.1,
        verbose=0,
    )
    return model, history.history, prepare


TUTORIALS: Mapping[str, Callable[..., Trained]] = {
    "dropout": dropout,
    "sgd-300-100": sgd_300_100,
    "dense-32": dense_32,
    "deep-512-256-128": deep_512_256_128,
    "cnn": cnn,
}
