"""Prediction on TensorFlow: its operations, and forward passes traced once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

from skfashion._backend.fold import fold
from skfashion._backend.runtime import keras, tf
from skfashion._backend.tensors import as_tensor, pad

__all__ = ["OPERATIONS", "eager", "in_parts", "softmax", "traced", "traced_graph"]

# TensorFlow's products take rows in blocks of this many on processors with AVX2, and
# those left over by operations that differ in the last bit.
_BLOCK_ROWS = 12
# Traced forward passes kept.
_MAX_TRACED = 16


def softmax(rows: Any) -> Any:
    """Turn logits into probabilities of float32.

    In float64 within: on some processors TensorFlow's exponential of float32 differs
    in the last bit with the place of a row among others.
    """
    return tf.cast(tf.nn.softmax(tf.cast(rows, tf.float64)), tf.float32)


_FASTER = {
    "relu": tf.nn.relu,
    "sigmoid": tf.sigmoid,
    "softmax": softmax,
    "tanh": tf.tanh,
}


def _activate(name: str, rows: Any) -> Any:
    if name == "linear":
        return rows
    return _FASTER.get(name, keras.activations.get(name))(rows)


def _cast(tensor: Any, half: bool) -> Any:
    return tf.cast(tensor, tf.bfloat16 if half else tf.float32)


def _mean(rows: Any) -> Any:
    return tf.cast(tf.reduce_mean(tf.cast(rows, tf.float32), axis=(1, 2)), rows.dtype)


def _normalize(rows: Any, scale: Any, offset: Any) -> Any:
    # Not by the fused operation, whose last bits may depend on a row's place.
    wide = tf.nn.bias_add(tf.cast(rows, tf.float32) * scale, offset)
    return tf.cast(wide, rows.dtype)


# What the records of a network's layers ask for.
OPERATIONS = SimpleNamespace(
    float32=np.float32,
    cast=_cast,
    reshape=tf.reshape,
    # Faster than tf.add, which any shapes may come to.
    add_bias=tf.nn.bias_add,
    activate=_activate,
    convolve=lambda rows, kernel, padding: tf.nn.conv2d(rows, kernel, 1, padding),
    max_pool=lambda rows, pool: tf.nn.max_pool2d(rows, pool, pool, "VALID"),
    largest=lambda rows: tf.reduce_max(rows, axis=(1, 2)),
    mean=_mean,
    fold=fold,
    normalize=_normalize,
)

_lock = threading.Lock()
_kept: "OrderedDict[Hashable, Any]" = OrderedDict()


def eager(forward: Callable[[Any], Any]) -> Callable[[np.ndarray], np.ndarray]:
    """Run a forward pass operation by operation, without a graph."""
    return lambda rows: _in_blocks(forward, rows)


def traced(
    key: Hashable,
    make_forward: Callable[[], Callable[..., Any]],
    n_features: int,
    weights: Sequence[Any],
) -> Callable[[np.ndarray], np.ndarray]:
    """Bind a traced forward pass to weights.

    Parameters
    ----------
    key : hashable
        Equal for forward passes that differ in weights only, which share one graph.
    make_forward : callable
        Makes what maps rows and a list of weights to outputs.
    n_features : int
        Columns of the rows.
    weights : sequence of tf.Tensor
        Of the network.

    Returns
    -------
    callable
        Maps rows to outputs.
    """
    graph = traced_graph(key, make_forward, n_features, weights)
    return lambda rows: _in_blocks(lambda tensor: graph(tensor, *weights), rows)


def traced_graph(
    key: Hashable,
    make_forward: Callable[[], Callable[..., Any]],
    n_features: int,
    weights: Sequence[Any],
) -> Callable[..., Any]:
    """Trace a function of rows and weights once; see ``traced``.

    Returns
    -------
    callable
        Maps a tensor of rows and one of each weight to what the function gives.
    """
    with _lock:
        if key not in _kept:
            _kept[key] = _trace(make_forward(), n_features, weights)
        _kept.move_to_end(key)
        while len(_kept) > _MAX_TRACED:
            _kept.popitem(last=False)
        return _kept[key]


def _in_blocks(forward: Callable[[Any], Any], rows: np.ndarray) -> np.ndarray:
    """Run a forward pass so that no row depends on its place among others."""
    n_rows = len(rows)
    if n_rows == 1:
        return forward(as_tensor(rows)).numpy()
    whole = -(-n_rows // _BLOCK_ROWS) * _BLOCK_ROWS
    return forward(pad(rows, whole)).numpy()[:n_rows]


def _trace(forward: Callable[..., Any], n_features: int, weights: Sequence[Any]) -> Any:
    def run(rows: Any, *weights: Any) -> Any:
        return forward(rows, weights)

    return tf.function(run, autograph=False).get_concrete_function(
        tf.TensorSpec((None, n_features), tf.float32),
        *(tf.TensorSpec(weight.shape, weight.dtype) for weight in weights),
    )


def in_parts(
    forward: Callable[[np.ndarray], np.ndarray], x: np.ndarray, most: int
) -> np.ndarray:
    """Compute outputs in float32 of any number of rows, ``most`` at a time."""
    if len(x) <= most:
        return forward(x.astype(np.float32, copy=False))
    out = None
    for start in range(0, len(x), most):
        part = forward(x[start : start + most].astype(np.float32, copy=False))
        if out is None:
            out = np.empty((len(x), *part.shape[1:]), part.dtype)
        # Straight to its place: parts kept to be joined would be as much again.
        out[start : start + len(part)] = part
    assert out is not None
    return out
