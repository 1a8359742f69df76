"""The values that weights begin with."""

import math
from collections.abc import Sequence

import numpy as np

from skfashion._networks.layers import Shape, Weight

__all__ = ["initial_values"]


def initial_values(weights: Sequence[Weight], seed: int) -> list[np.ndarray]:
    """Draw kernels as Glorot and Bengio do, and fill the others.

    Parameters
    ----------
    weights : sequence of Weight
        Of a network.
    seed : int
        Every weight has a seed of its own, drawn from this one.

    Returns
    -------
    list of ndarray, float32
        A value each.
    """
    seeds = np.random.SeedSequence(seed).spawn(len(weights))
    return [
        _glorot(weight.shape, own)
        if weight.fill is None
        else np.full(weight.shape, weight.fill, np.float32)
        for weight, own in zip(weights, seeds, strict=True)
    ]


def _glorot(shape: Shape, seed: np.random.SeedSequence) -> np.ndarray:
    patch = math.prod(shape[:-2])
    limit = math.sqrt(6 / (patch * shape[-2] + patch * shape[-1]))
    values = np.random.default_rng(seed).random(shape, dtype=np.float32)
    values *= np.float32(2 * limit)
    values -= np.float32(limit)
    return values
