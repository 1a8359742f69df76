"""Batch normalization by TensorFlow's fused operation, for training."""

from typing import Any

from skfashion._backend.runtime import keras, tf

__all__ = ["FusedBatchNormalization", "fuse"]


_TYPES = (tf.float32, tf.bfloat16, tf.float16)


class FusedBatchNormalization(keras.layers.BatchNormalization):
    """Keras's layer, of the same variables and to the same results, but faster.

    Keras's own goes through a dozen operations, each of which reads the whole batch.
    """

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Normalize images over rows, height and width."""
        fits = inputs.shape.rank == 4 and self.axis in (3, -1) and mask is None
        fits = fits and inputs.dtype in _TYPES and self.moving_mean.dtype == "float32"
        if not (training and self.trainable and fits):
            return super().call(inputs, training=training, mask=mask)
        ones = tf.ones(inputs.shape[-1:], tf.float32)
        normalized, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs,
            scale=ones if self.gamma is None else self.gamma.value,
            offset=tf.zeros_like(ones) if self.beta is None else self.beta.value,
            mean=tf.zeros(0),
            variance=tf.zeros(0),
            epsilon=self.epsilon,
            is_training=True,
        )
        # Keras keeps the variance of the rows at hand, TensorFlow tells an estimate
        # of all rows'.
        count = tf.cast(tf.size(inputs) // inputs.shape[-1], tf.float32)
        variance *= (count - 1) / count
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
