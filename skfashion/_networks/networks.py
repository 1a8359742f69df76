"""The networks: hyper-parameters in, an uncompiled ``keras.Model`` out.

No data and no training here. Every layer has a name and every random draw a
seed of its own, so that building one leaves no trace in Keras's global state.
"""

import functools
import math
from collections.abc import Iterator, Sequence

import numpy as np

from skfashion._backend.runtime import keras
from skfashion.exceptions import ParameterError

__all__ = ["build_cnn", "build_mlp"]

# scikit-learn's names for what Keras calls otherwise.
_ACTIVATIONS = {"identity": "linear", "logistic": "sigmoid"}
# What else stands there; "glu" halves its input and "threshold" wants arguments.
_NOT_ACTIVATIONS = {"deserialize", "get", "glu", "serialize", "threshold"}


def build_mlp(
    n_features: int,
    n_classes: int,
    *,
    hidden_layer_sizes: Sequence[int] = (300, 100),
    activation: str = "relu",
    dropout: float = 0.0,
    l2: float = 0.0,
    rescale: float | None = None,
    dtype_policy: str = "float32",
    seed: int = 0,
) -> keras.Model:
    """Build a multi-layer perceptron with a softmax output.

    Parameters
    ----------
    n_features : int
        Number of inputs, one a pixel.
    n_classes : int
        Number of outputs.
    hidden_layer_sizes : sequence of int, default=(300, 100)
        Units in each hidden layer.
    activation : str, default="relu"
        Activation of the hidden layers, by Keras's or scikit-learn's name.
    dropout : float, default=0.0
        Fraction of each hidden layer's outputs dropped while training.
    l2 : float, default=0.0
        ``l2 * sum(w ** 2)`` over all kernels is added to the loss.
    rescale : float, default=None
        Factor of the pixels, applied by a layer of the network's own.
    dtype_policy : str, default="float32"
        Keras's name of the types that all layers but the last compute in.
    seed : int, default=0
        Seed of the initial weights and of dropout.

    Returns
    -------
    keras.Model
        Maps (n, n_features) float32 to (n, n_classes) probabilities.

    Examples
    --------
    >>> from skfashion._networks.networks import build_mlp
    >>> build_mlp(784, 10, hidden_layer_sizes=(300, 100)).count_params()
    266610
    """
    seeds = _seeds(seed)
    layers = _rescaling(rescale)
    layers += _dense_stack(
        hidden_layer_sizes, activation, dropout, l2, dtype_policy, seeds
    )
    layers.append(_output(n_classes, l2, seeds))
    return _chain(n_features, layers, "mlp")


def build_cnn(
    image_shape: tuple[int, int, int],
    n_classes: int,
    *,
    filters: Sequence[int] = (32, 64),
    kernel_size: int = 3,
    dense_sizes: Sequence[int] = (128,),
    activation: str = "relu",
    dropout: float = 0.0,
    l2: float = 0.0,
    rescale: float | None = None,
    dtype_policy: str = "float32",
    seed: int = 0,
) -> keras.Model:
    """Build a convolutional network: stages of convolution and max-pooling.

    Kernels and pools never exceed what is left of the image, so that any image
    will do, down to a single pixel.

    Parameters
    ----------
    image_shape : tuple of (int, int, int)
        Height, width and channels that a row of pixels folds into.
    n_classes : int
        Number of outputs.
    filters : sequence of int, default=(32, 64)
        Filters of each stage: one unpadded convolution, then a 2x2 max-pooling.
    kernel_size : int, default=3
        Height and width of the convolutions, in pixels.
    dense_sizes : sequence of int, default=(128,)
        Units of the dense layers between the last stage and the output.
    activation : str, default="relu"
        Activation of convolutions and dense layers.
    dropout : float, default=0.0
        Fraction dropped while training, of the last stage's output and of each
        dense layer's.
    l2 : float, default=0.0
        ``l2 * sum(w ** 2)`` over all kernels is added to the loss.
    rescale : float, default=None
        Factor of the pixels, applied by a layer of the network's own.
    dtype_policy : str, default="float32"
        Keras's name of the types that all layers but the last compute in.
    seed : int, default=0
        Seed of the initial weights and of dropout.

    Returns
    -------
    keras.Model
        Maps (n, height * width * channels) float32 to (n, n_classes)
        probabilities.

    Examples
    --------
    >>> from skfashion._networks.networks import build_cnn
    >>> build_cnn((28, 28, 1), 10).count_params()
    225034
    """
    seeds = _seeds(seed)
    layers = _rescaling(rescale)
    layers.append(keras.layers.Reshape(image_shape, dtype=dtype_policy, name="image"))
    stages = conv_stages(image_shape[:2], kernel_size, len(filters))
    for stage, (n_filters, (kernel, pool, _)) in enumerate(
        zip(filters, stages, strict=True), 1
    ):
        layers += [
            keras.layers.Conv2D(
                n_filters,
                kernel,
                activation=_activation(activation),
                kernel_initializer=_glorot(seeds),
                kernel_regularizer=_l2(l2),
                dtype=dtype_policy,
                name=f"conv_{stage}",
            ),
            keras.layers.MaxPooling2D(pool, dtype=dtype_policy, name=f"pool_{stage}"),
        ]
    layers.append(keras.layers.Flatten(dtype=dtype_policy, name="flatten"))
    layers += _dropout(dropout, "features_dropout", dtype_policy, seeds)
    layers += _dense_stack(dense_sizes, activation, dropout, l2, dtype_policy, seeds)
    layers.append(_output(n_classes, l2, seeds))
    return _chain(math.prod(image_shape), layers, "cnn")


def conv_stages(
    size: tuple[int, ...], kernel_size: int, n_stages: int
) -> Iterator[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]]:
    """Yield kernel, pool and what they leave of the image, each (height, width).

    Parameters
    ----------
    size : (int, int)
        Height and width of the images.
    kernel_size : int
        Of each convolution; cut to the image where that is smaller, as is the pool.
    n_stages : int
        How many convolutions there are.

    Yields
    ------
    kernel, pool, size : (int, int)
        Of one stage.
    """
    for _ in range(n_stages):
        kernel = tuple(min(kernel_size, side) for side in size)
        size = tuple(s - k + 1 for s, k in zip(size, kernel, strict=True))
        pool = tuple(min(2, side) for side in size)
        size = tuple(s // p for s, p in zip(size, pool, strict=True))
        yield kernel, pool, size


def _chain(n_features: int, layers: list[keras.Layer], name: str) -> keras.Model:
    # Not keras.Sequential: it makes an inner model that takes a global name.
    pixels = keras.Input((n_features,), name="pixels")
    outputs = functools.reduce(lambda tensor, layer: layer(tensor), layers, pixels)
    return keras.Model(pixels, outputs, name=name)


def _dense_stack(
    sizes: Sequence[int],
    activation: str,
    dropout: float,
    l2: float,
    dtype_policy: str,
    seeds: Iterator[int],
) -> list[keras.Layer]:
    layers: list[keras.Layer] = []
    for number, size in enumerate(sizes, 1):
        layers.append(
            keras.layers.Dense(
                size,
                activation=_activation(activation),
                kernel_initializer=_glorot(seeds),
                kernel_regularizer=_l2(l2),
                dtype=dtype_policy,
                name=f"hidden_{number}",
            )
        )
        layers += _dropout(dropout, f"dropout_{number}", dtype_policy, seeds)
    return layers


def _output(n_classes: int, l2: float, seeds: Iterator[int]) -> keras.Layer:
    return keras.layers.Dense(
        n_classes,
        activation="softmax",
        kernel_initializer=_glorot(seeds),
        kernel_regularizer=_l2(l2),
        # Probabilities stay float32 even where the hidden layers do not.
        dtype="float32",
        name="probabilities",
    )


def _rescaling(factor: float | None) -> list[keras.Layer]:
    # In float32 whatever the policy: the pixels keep all of their digits.
    return (
        [keras.layers.Rescaling(float(factor), dtype="float32", name="rescaling")]
        if factor
        else []
    )


def _dropout(
    rate: float, name: str, dtype_policy: str, seeds: Iterator[int]
) -> list[keras.Layer]:
    if not rate:
        return []
    seed = next(seeds)
    return [keras.layers.Dropout(float(rate), seed=seed, dtype=dtype_policy, name=name)]


def _glorot(seeds: Iterator[int]) -> keras.initializers.Initializer:
    return keras.initializers.GlorotUniform(seed=next(seeds))


def _l2(strength: float) -> keras.regularizers.Regularizer | None:
    return keras.regularizers.L2(strength) if strength else None


def _activation(name: str) -> str:
    name = _ACTIVATIONS.get(name, name)
    try:
        if name in _NOT_ACTIVATIONS:
            raise ValueError
        keras.activations.get(name)
    except ValueError:
        known = sorted(
            key
            for key in dir(keras.activations)
            if key not in _NOT_ACTIVATIONS and key[0] != "_"
        )
        raise ParameterError(
            f"activation={name!r} is not known to Keras; it must be one of "
            f"{', '.join([*_ACTIVATIONS, *known])}."
        ) from None
    return name


def _seeds(seed: int) -> Iterator[int]:
    """Yield as many independent seeds as a network has random parts."""
    root = np.random.SeedSequence(seed)
    while True:
        yield int(root.spawn(1)[0].generate_state(1)[0])
