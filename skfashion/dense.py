"""The forward pass of a chain of dense layers, without a graph.

NumPy computes it, but for the matrix products of more than one row: the bits of
those would depend on the number of its threads, which joblib changes in workers.
TensorFlow's are its own.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from scipy.special import expit

from skfashion._runtime import keras, tf

__all__ = ["bind", "steps"]

# One layer: what it does to rows, and the variables it does that with.
Step = tuple[Callable[..., np.ndarray], list[Any]]


def steps(model: keras.Model) -> list[Step] | None:
    """Take a model apart into its layers.

    Parameters
    ----------
    model : keras.Model
        Any.

    Returns
    -------
    list of (callable, list of keras.Variable) or None
        None if the model is anything but a chain of dense layers in float32.
    """
    tensor = model.inputs[0]
    found = []
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        step = _step(layer)
        if step is None or layer.input is not tensor:
            return None
        found.append(step)
        tensor = layer.output
    return found if tensor is model.outputs[0] else None


def bind(steps: list[Step]) -> Callable[[np.ndarray], np.ndarray]:
    """Read the variables of all layers and return the forward pass with them.

    Parameters
    ----------
    steps : list of (callable, list of keras.Variable)
        As ``steps`` returns them.

    Returns
    -------
    callable
        Maps rows to outputs.
    """
    layers = [
        (apply, [_Weights(variable) for variable in variables])
        for apply, variables in steps
    ]

    def forward(rows: np.ndarray) -> np.ndarray:
        for apply, weights in layers:
            rows = apply(rows, *weights)
        return rows

    return forward


class _Weights:
    """The present value of a variable, as a tensor and as an array that shares it."""

    def __init__(self, variable: keras.Variable) -> None:
        value = variable.value
        # A quarter of the time of variable.numpy(), and without a copy.
        self.tensor = tf.raw_ops.ReadVariableOp(
            resource=value.handle, dtype=value.dtype
        )
        self.array = np.asarray(memoryview(self.tensor))


def _step(layer: keras.Layer) -> Step | None:
    kind = type(layer)
    if layer.dtype_policy.name != "float32":
        return None
    if kind is keras.layers.Dropout:
        return _same, []
    if kind is keras.layers.Rescaling and np.ndim(layer.scale) == 0:
        return partial(_rescale, np.float32(layer.scale), np.float32(layer.offset)), []
    if kind is keras.layers.Flatten:
        return _flatten, []
    if kind is keras.layers.Dense and layer.activation in _ACTIVATIONS:
        variables = layer.variables
        if len(variables) == (2 if layer.use_bias else 1):
            return partial(_dense, _ACTIVATIONS[layer.activation]), variables
    return None


def _same(rows: np.ndarray) -> np.ndarray:
    return rows


def _flatten(rows: np.ndarray) -> np.ndarray:
    return rows.reshape(len(rows), -1)


def _rescale(scale: np.float32, offset: np.float32, rows: np.ndarray) -> np.ndarray:
    return rows * scale + offset


def _dense(
    activate: Callable[[np.ndarray], Any],
    rows: np.ndarray,
    kernel: _Weights,
    bias: _Weights | None = None,
) -> np.ndarray:
    if len(rows) == 1:
        rows = rows @ kernel.array
    else:
        rows = tf.matmul(rows, kernel.tensor).numpy()
    if bias is not None:
        rows += bias.array
    activate(rows)
    return rows


# Activations work in place, on what a matrix product has just made.


def _relu(rows: np.ndarray) -> None:
    np.maximum(rows, 0, out=rows)


def _softmax(rows: np.ndarray) -> None:
    rows -= rows.max(axis=-1, keepdims=True)
    np.exp(rows, out=rows)
    rows /= rows.sum(axis=-1, keepdims=True)


_ACTIVATIONS: dict[Any, Callable[[np.ndarray], Any]] = {
    keras.activations.linear: _same,
    keras.activations.relu: _relu,
    keras.activations.sigmoid: lambda rows: expit(rows, out=rows),
    keras.activations.softmax: _softmax,
    keras.activations.tanh: lambda rows: np.tanh(rows, out=rows),
}
