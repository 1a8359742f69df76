"""Batch normalization by TensorFlow's fused operation, for training."""

from typing import Any

from skfashion._backend.batch_normalization import normalize_batch
from skfashion._backend.runtime import keras, tf

__all__ = ["FusedBatchNormalization", "fuse"]


_TYPES = (tf.float32, tf.bfloat16, tf.float16)


class FusedBatchNormalization(keras.layers.BatchNormalization):
    """Keras's layer, of the same variables and to the same results, but faster."""

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Normalize images over rows, height and width."""
        fits = inputs.shape.rank == 4 and self.axis in (3, -1) and mask is None
        fits = fits and inputs.dtype in _TYPES and self.moving_mean.dtype == "float32"
        if not (training and self.trainable and fits):
            return super().call(inputs, training=training, mask=mask)
        ones = tf.ones(inputs.shape[-1:], tf.float32)
        gamma = ones if self.gamma is None else self.gamma.value
        beta = tf.zeros_like(ones) if self.beta is None else self.beta.value
        normalized, mean, variance = normalize_batch(inputs, gamma, beta, self.epsilon)
        for kept, seen in (
            (self.moving_mean, mean),
            (self.moving_variance, variance),
        ):
            kept.assign(kept * self.momentum + seen * (1 - self.momentum))
        return normalized


def fuse(model: keras.Model) -> None:
    """Have a model of our own normalize by the fused operation."""
    for layer in model._flatten_layers():
        if type(layer) is keras.layers.BatchNormalization and not getattr(
            layer, "renorm", False
        ):
            # It has the same variables, so that nothing is to be built anew.
            layer.__class__ = FusedBatchNormalization
