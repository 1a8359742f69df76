"""A forward pass bound to the values of weights."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from skfashion._networks.config import NetworkConfig
from skfashion._networks.forward import bind, bind_numpy, is_dense_chain
from skfashion._networks.keras_config import KerasConfig

__all__ = ["BoundNetwork", "as_arrays"]


class BoundNetwork:
    """A forward pass bound to weights: for one row, where NumPy has it, and many."""

    def __init__(self, config: NetworkConfig | KerasConfig, values: list[Any]) -> None:
        self._config = config
        self.values = values
        self._arrays = as_arrays(values)
        self.one: Callable[[np.ndarray], np.ndarray] | None = None
        if is_dense_chain(config):
            self.one = bind_numpy(config, self._arrays)
        self._many: Callable[[np.ndarray], np.ndarray] | None = None

    def looks_at(self, tensors: list[Any]) -> bool:
        """Whether tensors stand where the weights do that it is bound to."""
        places = [np.asarray(memoryview(tensor)) for tensor in tensors]
        return all(map(np.may_share_memory, self._arrays, places))

    @property
    def many(self) -> Callable[[np.ndarray], np.ndarray]:
        """The forward pass of several rows, on TensorFlow."""
        if self._many is None:
            from skfashion._backend.inference import OPERATIONS, eager, traced
            from skfashion._backend.tensors import share

            config = self._config
            weights = [
                share(value) if isinstance(value, np.ndarray) else value
                for value in self.values
            ]
            if is_dense_chain(config):
                self._many = eager(bind(config, OPERATIONS, weights))
            else:
                self._many = traced(
                    config.for_prediction(),
                    config.forward_pass,
                    config.n_features,
                    weights,
                )
        return self._many


def as_arrays(values: Iterable[Any]) -> list[np.ndarray]:
    """Look at arrays and tensors as arrays, without a copy."""
    return [
        value if isinstance(value, np.ndarray) else np.asarray(memoryview(value))
        for value in values
    ]
