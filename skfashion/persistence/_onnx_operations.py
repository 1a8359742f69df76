"""What the records of layers ask for, as nodes of an ONNX graph."""

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from skfashion._backend.fold import fold
from skfashion.exceptions import ParameterError
from skfashion.persistence._onnx_graph import Tensor

__all__ = ["OPERATIONS", "image"]


def _reshape(tensor: Tensor, shape: tuple[int, ...]) -> Tensor:
    if len(tensor.shape) == 4:
        # Rows hold channels last.
        tensor = tensor.apply("Transpose", perm=[0, 2, 3, 1])
    graph, last = tensor.graph, len(shape) == 4 and shape[-1] > 1
    to = shape if last or len(shape) != 4 else (shape[0], 1, *shape[1:3])
    name = graph.add("Reshape", tensor.name, graph.constant(to, of=np.int64))
    reshaped = Tensor(graph, name, (-1, *shape[1:]))
    return reshaped.apply("Transpose", perm=[0, 3, 1, 2]) if last else reshaped


def image(rows: Tensor, image_shape: tuple[int, ...]) -> Tensor:
    """Fold rows of pixels into images."""
    return _reshape(rows, (-1, *image_shape))


def _convolve(tensor: Tensor, kernel: np.ndarray, padding: str) -> Tensor:
    height, width, _, filters = kernel.shape
    weights = tensor.graph.constant(kernel.transpose(3, 2, 0, 1), of=np.float32)
    pads = [0, 0, 0, 0]
    _, *sides, _ = tensor.shape
    if padding == "SAME":
        # As TensorFlow has it: the odd one at the bottom and at the right.
        pads = [(height - 1) // 2, (width - 1) // 2, height // 2, width // 2]
    shape = [
        side + before + after - size + 1
        for side, before, after, size in zip(
            sides, pads[:2], pads[2:], kernel.shape[:2], strict=True
        )
    ]
    made = tensor.apply("Conv", weights, kernel_shape=[height, width], pads=pads)
    return Tensor(tensor.graph, made.name, (-1, *shape, filters))


def _max_pool(tensor: Tensor, pool: tuple[int, int]) -> Tensor:
    made = tensor.apply("MaxPool", kernel_shape=pool, strides=pool)
    _, height, width, channels = tensor.shape
    shape = (-1, height // pool[0], width // pool[1], channels)
    return Tensor(tensor.graph, made.name, shape)


def _over_all_pixels(kind: str) -> Callable[[Tensor], Tensor]:
    def pool(tensor: Tensor) -> Tensor:
        made = tensor.apply(kind).apply("Flatten", axis=1)
        return Tensor(tensor.graph, made.name, (-1, tensor.shape[-1]))

    return pool


def _activate(name: str, tensor: Tensor) -> Tensor:
    if name not in _ACTIVATIONS:
        raise ParameterError(
            f"activation={name!r:.80} is not one that ONNX computes; it must be one of "
            f"{', '.join(_ACTIVATIONS)}."
        )
    return _ACTIVATIONS[name](tensor)


def _node(kind: str, **attributes: float) -> Callable[[Tensor], Tensor]:
    return lambda x: x.apply(kind, **attributes)


def _silu(x: Tensor) -> Tensor:
    return x * x.apply("Sigmoid")


def _gelu(x: Tensor) -> Tensor:
    return x * ((x / math.sqrt(2)).apply("Erf") + 1) * 0.5


# By Keras's names.
_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "celu": _node("Celu"),
    "elu": _node("Elu"),
    "exponential": _node("Exp"),
    "gelu": _gelu,
    "hard_shrink": _node("Shrink", lambd=0.5),
    "hard_sigmoid": _node("HardSigmoid", alpha=1 / 6, beta=0.5),
    "hard_silu": _node("HardSwish"),
    "hard_swish": _node("HardSwish"),
    "hard_tanh": lambda x: x.clip(-1, 1),
    "leaky_relu": _node("LeakyRelu", alpha=0.2),
    "linear": lambda x: x,
    "log_sigmoid": lambda x: x.apply("Neg").apply("Softplus").apply("Neg"),
    # Channels stand second, of rows and of images.
    "log_softmax": _node("LogSoftmax", axis=1),
    "mish": _node("Mish"),
    "relu": _node("Relu"),
    "relu6": lambda x: x.clip(0, 6),
    "selu": _node("Selu"),
    "sigmoid": _node("Sigmoid"),
    "silu": _silu,
    "soft_shrink": _node("Shrink", lambd=0.5, bias=0.5),
    "softmax": _node("Softmax", axis=1),
    "softplus": _node("Softplus"),
    "softsign": _node("Softsign"),
    "sparse_sigmoid": _node("HardSigmoid", alpha=0.5, beta=0.5),
    "squareplus": lambda x: (x + (x * x + 4).apply("Sqrt")) * 0.5,
    "swish": _silu,
    "tanh": _node("Tanh"),
    "tanh_shrink": lambda x: x - x.apply("Tanh"),
}


def _fold(*args: Any) -> tuple[np.ndarray, np.ndarray]:
    # Of a training that diverged, which was warned of.
    with np.errstate(all="ignore"):
        return fold(*args)


OPERATIONS = SimpleNamespace(
    float32=np.float32,
    reshape=_reshape,
    add_bias=lambda rows, bias: rows.by_channel("Add", bias),
    activate=_activate,
    convolve=_convolve,
    max_pool=_max_pool,
    largest=_over_all_pixels("GlobalMaxPool"),
    mean=_over_all_pixels("GlobalAveragePool"),
    fold=_fold,
    normalize=lambda rows, scale, offset: rows.by_channel("Mul", scale).by_channel(
        "Add", offset
    ),
)
