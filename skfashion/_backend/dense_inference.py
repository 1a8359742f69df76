"""The forward pass of a chain of dense layers, without a graph.

One row goes through NumPy, where the products of small matrices take less time than
a call into TensorFlow. More rows go through TensorFlow, for the bits of NumPy's
products would depend on the number of its threads, which joblib changes in workers.
"""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from scipy.special import expit

from skfashion._backend.runtime import keras, tf
from skfashion._backend.tensors import as_tensor

__all__ = ["bind", "steps"]

# One layer: what it does to rows, and the variables it does that with.
Step = tuple[Callable[..., Any], list[Any]]


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
    tensors = [(apply, [_read(v) for v in variables]) for apply, variables in steps]
    # Without a copy.
    arrays = [
        (apply, [np.asarray(memoryview(tensor)) for tensor in weights])
        for apply, weights in tensors
    ]

    def forward(rows: np.ndarray) -> np.ndarray:
        if len(rows) == 1:
            return _run(arrays, _NUMPY, rows)
        return _run(tensors, _TENSORFLOW, as_tensor(rows)).numpy()

    return forward


def _run(layers: list[Step], ops: SimpleNamespace, rows: Any) -> Any:
    for apply, weights in layers:
        rows = apply(ops, rows, *weights)
    return rows


def _read(variable: keras.Variable) -> Any:
    # A quarter of the time of variable.numpy().
    value = variable.value
    return tf.raw_ops.ReadVariableOp(resource=value.handle, dtype=value.dtype)


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


def _same(_: SimpleNamespace, rows: Any) -> Any:
    return rows


def _flatten(ops: SimpleNamespace, rows: Any) -> Any:
    return ops.reshape(rows, (len(rows), -1))


def _rescale(scale: np.float32, offset: np.float32, _: Any, rows: Any) -> Any:
    return rows * scale + offset


def _dense(
    activation: str, ops: SimpleNamespace, rows: Any, kernel: Any, bias: Any = None
) -> Any:
    rows = rows @ kernel
    if bias is not None:
        rows = ops.add(rows, bias)
    return getattr(ops, activation)(rows)


def _softmax(rows: np.ndarray) -> np.ndarray:
    powers = np.exp(rows - rows.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


_ACTIVATIONS = {
    getattr(keras.activations, name): name
    for name in ("linear", "relu", "sigmoid", "softmax", "tanh")
}
_NUMPY = SimpleNamespace(
    reshape=np.reshape,
    add=np.add,
    linear=lambda rows: rows,
    relu=lambda rows: np.maximum(rows, 0),
    sigmoid=expit,
    softmax=_softmax,
    tanh=np.tanh,
)
_TENSORFLOW = SimpleNamespace(
    reshape=tf.reshape,
    # Faster than tf.add, which any shapes may come to.
    add=tf.nn.bias_add,
    linear=tf.identity,
    relu=tf.nn.relu,
    sigmoid=tf.sigmoid,
    softmax=tf.nn.softmax,
    tanh=tf.tanh,
)
