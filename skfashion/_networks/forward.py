"""The forward pass of a config: its records, one after the other.

One row of a small dense network goes through NumPy, where the products of small
matrices take less time than a call into TensorFlow. More rows go through TensorFlow,
for the bits of NumPy's products would depend on the number of its threads, which
joblib changes in workers.
"""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any, TypeGuard

import numpy as np
from scipy.special import expit

from skfashion._networks.config import NetworkConfig
from skfashion._networks.layers import Dense

__all__ = ["bind", "bind_numpy", "is_dense_chain"]


def is_dense_chain(config: Any) -> TypeGuard[NetworkConfig]:
    """Whether NumPy has all that a network computes."""
    return (
        isinstance(config, NetworkConfig)
        and config.suits_xla
        and all(
            layer.activation in _ACTIVATIONS
            for layer in config.layers()
            if isinstance(layer, Dense)
        )
    )


def bind(
    config: NetworkConfig, ops: Any, weights: Sequence[Any]
) -> Callable[[Any], Any]:
    """Bind the forward pass to operations and to weights that they work on.

    Parameters
    ----------
    config : NetworkConfig
        Of the network.
    ops : namespace
        The operations that the records ask for.
    weights : sequence of arrays or tensors
        In the order of the config.

    Returns
    -------
    callable
        Maps rows to probabilities.
    """
    left, steps = iter(weights), []
    shape: tuple[int, ...] = (config.n_features,)
    single = config.dtype_policy == "float32"
    for layer in config.layers():
        own = [next(left) for _ in layer.weight_shapes(shape)]
        half = not single and not layer.in_float32
        if half:
            own = [ops.cast(weight, half) for weight in own]
        steps.append((layer.forward, half, own))
        shape = layer.output_shape(shape)

    def forward(rows: Any) -> Any:
        for step, half, own in steps:
            if not single:
                rows = ops.cast(rows, half)
            rows = step(ops, rows, *own)
        return rows

    return forward


def bind_numpy(
    config: NetworkConfig, weights: Sequence[np.ndarray]
) -> Callable[[np.ndarray], np.ndarray]:
    """Bind the forward pass of a dense chain to NumPy's operations."""
    return bind(config, _NUMPY, weights)


def _softmax(rows: np.ndarray) -> np.ndarray:
    powers = np.exp(rows - rows.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


_ACTIVATIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "linear": lambda rows: rows,
    "relu": lambda rows: np.maximum(rows, 0),
    "sigmoid": expit,
    "softmax": _softmax,
    "tanh": np.tanh,
}
_NUMPY = SimpleNamespace(
    float32=np.float32,
    reshape=np.reshape,
    add_bias=np.add,
    activate=lambda name, rows: _ACTIVATIONS[name](rows),
)
