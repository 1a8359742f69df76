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

from skfashion._backend.fold import fold
from skfashion._networks.config import NetworkConfig
from skfashion._networks.layers import BatchNormalization

__all__ = ["affine_maps", "bind", "bind_numpy", "is_dense_chain"]


def is_dense_chain(config: Any) -> TypeGuard[NetworkConfig]:
    """Whether NumPy has all that a network computes."""
    return (
        isinstance(config, NetworkConfig)
        and config.suits_xla
        and all(
            getattr(layer, "activation", "linear") in _ACTIVATIONS
            for layer in config.layers()
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
    left, steps, layers = iter(weights), [], config.layers()
    shape: tuple[int, ...] = (config.n_features,)
    single = config.dtype_policy == "float32"
    for layer in layers:
        own = [next(left) for _ in layer.weights(shape)]
        half = not single and not layer.in_float32
        if half and not layer.keeps_weights:
            own = [ops.cast(weight, half) for weight in own]
        steps.append((layer.name, layer.forward, half, layer.bind(ops, own)))
        shape = layer.output_shape(shape)
    sources = {layer.name: layer.adds for layer in layers if layer.adds is not None}
    wanted = set(sources.values())

    def forward(rows: Any) -> Any:
        kept: dict[str, Any] = {}
        for name, step, half, bound in steps:
            if not single:
                rows = ops.cast(rows, half)
            if name in sources:
                bound = (kept[sources[name]],)
            rows = step(ops, rows, *bound)
            if name in wanted:
                kept[name] = rows
        return rows

    return forward


def bind_numpy(
    config: NetworkConfig, weights: Sequence[np.ndarray]
) -> Callable[[np.ndarray], np.ndarray]:
    """Bind the forward pass of a dense chain to NumPy's operations."""
    return bind(config, _NUMPY, weights)


def affine_maps(
    config: NetworkConfig, values: Sequence[np.ndarray]
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Give the kernel and the bias of each dense layer, its norm taken into them.

    Parameters
    ----------
    config : NetworkConfig
        Of dense layers.
    values : sequence of ndarray
        In the order of the config.

    Returns
    -------
    list of (ndarray, ndarray)
        Copies.
    """
    left = iter(values)
    maps: list[tuple[np.ndarray, np.ndarray]] = []
    shape: tuple[int, ...] = (config.n_features,)
    for layer in config.layers():
        own = [next(left) for _ in layer.weights(shape)]
        if isinstance(layer, BatchNormalization):
            kernel, bias = maps.pop()
            scale, offset = layer.bind(_NUMPY, own)
            maps.append((kernel * scale, bias * scale + offset))
        elif own:
            kernel, *biases = own
            bias = biases[0] if biases else np.zeros(kernel.shape[-1:], kernel.dtype)
            maps.append((kernel.copy(), bias.copy()))
        shape = layer.output_shape(shape)
    return maps


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


def _fold(*args: Any) -> Any:
    # Of a training that diverged, which was warned of.
    with np.errstate(all="ignore"):
        return fold(*args)


_NUMPY = SimpleNamespace(
    float32=np.float32,
    fold=_fold,
    normalize=lambda rows, scale, offset: rows * scale + offset,
    reshape=np.reshape,
    add_bias=np.add,
    activate=lambda name, rows: _ACTIVATIONS[name](rows),
)
