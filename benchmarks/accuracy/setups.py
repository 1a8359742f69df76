"""What is evaluated: the classifiers as they come and as they came, and set-ups."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sklearn.pipeline import Pipeline

from skfashion import FashionCNNClassifier, FashionMLPClassifier, PixelScaler, recipes

__all__ = [
    "DEFAULTS",
    "FORMER",
    "SETUPS",
    "TUTORIAL",
    "UNITS",
    "Setup",
    "forward_flops",
    "make",
]


TUTORIAL = "plain Keras, tutorial"


@dataclass(frozen=True)
class Setup:
    """What a set-up must reach: test accuracy, and time as multiples of another's.

    Both are None for those that others are compared with.
    """

    accuracy: float | None
    budget: float | None
    unit: str = TUTORIAL
    seeds: int = 5


_PLAIN: Mapping[str, Any] = {
    "batch_normalization": False,
    "learning_rate_schedule": "constant",
    "augmentation": None,
    "subsample": 1.0,
    "dropout": 0.2,
}


def _plain_mlp(random_state: int) -> FashionMLPClassifier:
    return FashionMLPClassifier(epochs=20, random_state=random_state, **_PLAIN)


def _plain_cnn(random_state: int) -> FashionCNNClassifier:
    return FashionCNNClassifier(
        (32, 64),
        convolutions=1,
        padding="valid",
        residual=False,
        pooling="flatten",
        dense_sizes=(128,),
        logit_scale=1.0,
        epochs=10,
        batch_size=64,
        random_state=random_state,
        **_PLAIN,
    )


DEFAULTS: Mapping[str, Callable[..., Any]] = {
    "FashionMLPClassifier()": FashionMLPClassifier,
    "FashionCNNClassifier()": FashionCNNClassifier,
}
# What the defaults were before.
FORMER: Mapping[str, Callable[..., Any]] = {
    "MLP without norms": _plain_mlp,
    "CNN of two plain stages": _plain_cnn,
}
SETUPS: Mapping[str, Setup] = {
    "FashionMLPClassifier()": Setup(0.898, 1, "MLP without norms"),
    "FashionCNNClassifier()": Setup(0.934, 1, "CNN of two plain stages"),
    "mlp-accurate": Setup(0.917, 3.3),
    "cnn-fast": Setup(0.934, 0.65),
    "cnn-accurate": Setup(0.945, 3.3),
    "cnn-best": Setup(0.952, 20, seeds=3),
    **{name: Setup(None, None, seeds=3) for name in FORMER},
}
# What the times of others are multiples of.
UNITS = {TUTORIAL, *FORMER}


def make(name: str, seed: int) -> Pipeline:
    """Make the unfitted pipeline of a set-up, from bytes to labels."""
    classifiers = {**DEFAULTS, **FORMER}
    if name in classifiers:
        classifier = classifiers[name](random_state=seed)
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
