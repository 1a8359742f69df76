"""Label smoothing: targets that are not quite certain, in training alone."""

from typing import Any

from skfashion._backend.runtime import keras, tf
from skfashion.exceptions import ParameterError

__all__ = ["smoothable", "smoothed"]


def smoothed(codes: Any, n_classes: int, smoothing: Any) -> Any:
    """Turn class numbers into probabilities, a part of which all classes share.

    Parameters
    ----------
    codes : tf.Tensor of shape (n,), int
        Class numbers.
    n_classes : int
        How many there are.
    smoothing : tf.Tensor or float
        The part, as in ``keras.losses.CategoricalCrossentropy``.

    Returns
    -------
    tf.Tensor of shape (n, n_classes), float32
        ``1 - smoothing`` for the class, and an equal share of the rest for each.
    """
    share = tf.cast(smoothing, tf.float32) / n_classes
    return tf.one_hot(codes, n_classes, 1 - smoothing + share, share)


def smoothable(loss: Any, from_logits: bool) -> keras.losses.Loss:
    """Give the loss on smoothed targets in place of that on class numbers.

    Parameters
    ----------
    loss : object
        What a model was compiled with.
    from_logits : bool
        Whether the network gives logits.

    Raises
    ------
    ParameterError
        If it is not the classifiers' own loss, which is the only one that is smoothed.
    """
    kind = keras.losses.SparseCategoricalCrossentropy
    own = kind(from_logits)
    alike = type(loss) is kind and loss.get_config() == own.get_config()
    by_name = loss == "sparse_categorical_crossentropy" and not from_logits
    if not alike and not by_name:
        raise ParameterError(
            "label_smoothing does not go with the loss that model_ was compiled with "
            f"by hand; compile it with keras.losses.{kind.__name__}({from_logits}), or "
            "fit anew with label_smoothing=0."
        )
    return keras.losses.CategoricalCrossentropy(from_logits)
