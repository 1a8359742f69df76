"""What is evaluated: the classifiers as they come, and the named set-ups."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sklearn.pipeline import Pipeline

from skfashion import FashionCNNClassifier, FashionMLPClassifier, PixelScaler, recipes

__all__ = ["SETUPS", "Setup", "forward_flops", "make"]


@dataclass(frozen=True)
class Setup:
    """What a set-up must reach: test accuracy, and time as multiples of the tutorial's.

    ``budget`` is None where the time is compared otherwise.
    """

    accuracy: float
    budget: float | None
    seeds: int = 5


SETUPS: Mapping[str, Setup] = {
    "FashionMLPClassifier()": Setup(0.898, None),
    "FashionCNNClassifier()": Setup(0.934, None),
    "mlp-accurate": Setup(0.917, 3.3),
    "cnn-fast": Setup(0.934, 0.65),
    "cnn-accurate": Setup(0.945, 3.3),
    "cnn-best": Setup(0.952, 20, seeds=3),
}
_DEFAULTS = {
    "FashionMLPClassifier()": FashionMLPClassifier,
    "FashionCNNClassifier()": FashionCNNClassifier,
}


def make(name: str, seed: int) -> Pipeline:
    """Make the unfitted pipeline of a set-up, from bytes to labels."""
    if name in _DEFAULTS:
        classifier = _DEFAULTS[name](random_state=seed)
        return Pipeline([("scale", PixelScaler()), ("clf", classifier)])
    return recipes.make_pipeline(name, random_state=seed)


def forward_flops(config: Any) -> int:
    """Count multiplications and additions of the products for one image, forward."""
    flops = 0
    shape: tuple[int, ...] = (config.n_features,)
    for layer in config.layers():
        kernels = [w.shape for w in layer.weights(shape) if len(w.shape) > 1]
        shape = layer.output_shape(shape)
        flops += sum(2 * math.prod(k) * math.prod(shape[:-1]) for k in kernels)
    return flops
