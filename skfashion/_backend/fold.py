"""A trained norm as a factor and an offset of each channel."""

from typing import Any

__all__ = ["fold"]


def fold(
    gamma: Any, beta: Any, mean: Any, variance: Any, epsilon: float
) -> tuple[Any, Any]:
    """Make the factor and the offset, of NumPy's arrays or of TensorFlow's tensors.

    Parameters
    ----------
    gamma, beta : array or tensor of shape (channels,)
        The spread and the mean that each channel is brought to.
    mean, variance : array or tensor of shape (channels,)
        That it has.
    epsilon : float
        Added to the variances.

    Returns
    -------
    scale, offset : array or tensor of shape (channels,)
        The normalized is ``rows * scale + offset``.
    """
    scale = gamma * (variance + epsilon) ** -0.5
    return scale, beta - mean * scale
