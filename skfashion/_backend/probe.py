"""What a Keras model computes on its way: what a layer takes and gives, and gradients.

The layers are listened to while they run, rather than cut out of the graph, so that
models within models and classes of the caller's own can be looked into as well.
"""

import functools
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from skfashion._backend.runtime import keras, tf

__all__ = ["Probe"]

_CONVOLUTIONS = (
    keras.layers.Conv2D,
    keras.layers.Conv2DTranspose,
    keras.layers.DepthwiseConv2D,
    keras.layers.SeparableConv2D,
)


@dataclass(frozen=True)
class _Call:
    """One call of a layer, or of an operation of ``keras.ops``."""

    operation: Any
    inputs: Any
    outputs: Any


class Probe:
    """A Keras model whose layers tell what they took and gave.

    Parameters
    ----------
    model : keras.Model
        Nobody else's: its layers are changed.
    inputs : ndarray
        One image or more, as the model takes them. They are sent through once, to
        find which layers it has, in the order in which they run.
    """

    def __init__(self, model: keras.Model, inputs: np.ndarray) -> None:
        self._model = model
        self._kept: dict[int, _Call] = {}
        self._wanted: Collection[int | None] | None = None
        self._n_calls = 0
        for operation in {id(op): op for op in _operations(model)}.values():
            operation.call = self._heard(operation, operation.call)
        _, calls = self._run(tf.constant(inputs))
        last = max(calls)
        kernels = [n for n, call in calls.items() if _has_kernel(call.operation)]
        self._output_layer = max(kernels, default=last)
        self._features = _last_features(calls)
        # A class's score is what goes into the softmax, if one is at the end.
        self._softmax: int | None = None
        end = calls[last].operation
        if getattr(end, "activation", None) is keras.activations.softmax:
            end.activation = keras.activations.linear
        elif type(end).__name__ == "Softmax":
            # The layer, or the operation of keras.ops.
            self._softmax = last

    def _heard(self, operation: Any, call: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(call)
        def heard(*args: Any, **kwargs: Any) -> Any:
            outputs = call(*args, **kwargs)
            number, self._n_calls = self._n_calls, self._n_calls + 1
            if self._wanted is None or number in self._wanted:
                inputs = args[0] if args else next(iter(kwargs.values()), None)
                self._kept[number] = _Call(operation, inputs, outputs)
            return outputs

        return heard

    def _run(
        self, inputs: Any, wanted: Collection[int | None] | None = None
    ) -> tuple[Any, dict[int, _Call]]:
        """Run the model; give its outputs, and the calls that are wanted."""
        self._kept, self._wanted, self._n_calls = {}, wanted, 0
        outputs = self._model(inputs, training=False)
        kept, self._kept = self._kept, {}
        return outputs, kept

    @property
    def has_features(self) -> bool:
        """Whether there is a convolution that tells places apart."""
        return self._features is not None

    def embed(self, inputs: np.ndarray) -> np.ndarray:
        """Give what the output layer takes, a row an image, in float32."""
        number = self._output_layer
        _, calls = self._run(tf.constant(inputs), {number})
        taken = tf.cast(calls[number].inputs, tf.float32)
        return tf.reshape(taken, (len(inputs), -1)).numpy()

    def input_gradient(
        self, inputs: np.ndarray, codes: np.ndarray | None
    ) -> np.ndarray:
        """Compute the size of the gradient of a class's score by each input."""
        images = tf.constant(inputs, tf.float32)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(images)
            score, _ = self._class_score(images, codes, ())
        gradient = tape.gradient(
            score, images, unconnected_gradients=tf.UnconnectedGradients.ZERO
        )
        return np.abs(gradient.numpy())

    def grad_cam(
        self, inputs: np.ndarray, codes: np.ndarray | None, size: tuple[int, int]
    ) -> np.ndarray:
        """Weigh the last convolution's maps by what each does for a class.

        Parameters
        ----------
        inputs : ndarray
            Images, as the model takes them.
        codes : ndarray of shape (n,), int, or None
            Class of each; None takes the one that is predicted.
        size : (int, int)
            Height and width of the maps that are given back.

        Returns
        -------
        ndarray of shape (n, height, width), float32
            0 where nothing speaks for the class.
        """
        images = tf.constant(inputs, tf.float32)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(images)
            score, calls = self._class_score(images, codes, {self._features})
        features = calls[self._features].outputs
        gradient = tape.gradient(
            score, features, unconnected_gradients=tf.UnconnectedGradients.ZERO
        )
        weights = tf.reduce_mean(
            tf.cast(gradient, tf.float32), axis=(1, 2), keepdims=True
        )
        maps = tf.reduce_sum(weights * tf.cast(features, tf.float32), axis=3)
        return tf.image.resize(tf.nn.relu(maps)[..., tf.newaxis], size).numpy()[..., 0]

    def _class_score(
        self, images: Any, codes: np.ndarray | None, wanted: Collection[Any]
    ) -> tuple[Any, dict[Any, _Call]]:
        """Sum the scores of the classes; each depends on its own image only."""
        outputs, calls = self._run(images, {*wanted, self._softmax})
        scores = outputs if self._softmax is None else calls[self._softmax].inputs
        scores = tf.cast(scores, tf.float32)
        if codes is None:
            # The softmax keeps the order.
            codes = tf.argmax(scores, axis=-1)
        return tf.reduce_sum(tf.gather(scores, codes, axis=1, batch_dims=1)), calls


def _operations(model: keras.Model) -> Iterator[Any]:
    """List the layers and operations, those of models within a model too."""
    for operation in getattr(model, "operations", model.layers):
        if isinstance(operation, keras.Model):
            yield from _operations(operation)
        else:
            yield operation


def _has_kernel(operation: Any) -> bool:
    weights = getattr(operation, "weights", ())
    return any(len(weight.shape) > 1 for weight in weights)


def _last_features(calls: dict[int, _Call]) -> int | None:
    """Find the last maps of the size of the last convolution that has any places.

    Not the convolution itself: what normalizes it, adds a shortcut to it and cuts off
    what is negative comes after it.
    """

    def size(call: _Call) -> tuple[int, int] | None:
        shape: tuple[int, ...] = tuple(getattr(call.outputs, "shape", ()))
        return (shape[1], shape[2]) if len(shape) == 4 else None

    sizes = {number: size(call) for number, call in calls.items()}
    convolutions = [
        number
        for number, call in calls.items()
        if isinstance(call.operation, _CONVOLUTIONS)
        and sizes[number] not in (None, (1, 1))
    ]
    if not convolutions:
        return None
    last = convolutions[-1]
    return max(n for n in sizes if n >= last and sizes[n] == sizes[last])
