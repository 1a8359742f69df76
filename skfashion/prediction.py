"""Predicts with a Keras model: its forward pass, compiled once, in bounded memory."""

import threading
from collections.abc import Callable

import numpy as np

from skfashion._runtime import keras, tf

__all__ = ["make_predictor"]

# Rows a prediction holds in memory at once, beyond its input and output.
_PREDICT_ROWS = 1024


def make_predictor(model: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """Compile the model's forward pass once, for any number of rows.

    Parameters
    ----------
    model : keras.Model
        Maps (n, n_features) to (n, n_classes).

    Returns
    -------
    callable
        Maps an array of any number of rows to the model's outputs. It is traced
        at its first call, reads the model's current weights, holds a bounded
        number of rows at a time and may be called from several threads.
    """
    lock = threading.Lock()
    traced: list[Callable] = []

    def forward(rows: tf.Tensor) -> tf.Tensor:
        with lock:
            if not traced:
                signature = tf.TensorSpec((None, *rows.shape[1:]), rows.dtype)
                function = tf.function(
                    lambda rows: model(rows, training=False), autograph=False
                )
                traced.append(function.get_concrete_function(signature))
        return traced[0](rows)

    def predict(x: np.ndarray) -> np.ndarray:
        parts = [
            forward(tf.constant(x[start : start + _PREDICT_ROWS])).numpy()
            for start in range(0, len(x), _PREDICT_ROWS)
        ]
        return np.concatenate(parts)

    return predict
