"""Batch normalization as TensorFlow computes it fast, for training."""

from typing import Any

from skfashion._backend.runtime import tf

__all__ = ["normalize_batch"]


def normalize_batch(
    rows: Any, gamma: Any, beta: Any, epsilon: float
) -> tuple[Any, Any, Any]:
    """Normalize each channel by the rows at hand.

    Images go through one fused operation, where Keras has a dozen, each of which reads
    the whole batch. XLA has no such operation, and fuses the dozen.

    Parameters
    ----------
    rows : tensor of shape (n, channels) or (n, height, width, channels)
        What is normalized, in float32, bfloat16 or float16.
    gamma, beta : tensors of shape (channels,), float32
        The spread and the mean that each channel is brought to.
    epsilon : float
        Added to the variances.

    Returns
    -------
    normalized : tensor
        Of the shape and type of the rows.
    mean, variance : tensors of shape (channels,), float32
        Of the rows; the variance as Keras has it, divided by their number.
    """
    if rows.shape.rank == 2:
        wide = tf.cast(rows, tf.float32)
        mean = tf.reduce_mean(wide, axis=0)
        centred = wide - mean
        variance = tf.reduce_mean(centred * centred, axis=0)
        normalized = centred * (gamma * tf.math.rsqrt(variance + epsilon)) + beta
        return tf.cast(normalized, rows.dtype), mean, variance
    normalized, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
        x=rows,
        scale=gamma,
        offset=beta,
        mean=tf.zeros(0),
        variance=tf.zeros(0),
        epsilon=epsilon,
        is_training=True,
    )
    # Keras keeps the variance of the rows at hand, TensorFlow tells an estimate of
    # all rows'.
    count = tf.cast(tf.size(rows) // rows.shape[-1], tf.float32)
    return normalized, mean, variance * ((count - 1) / count)
