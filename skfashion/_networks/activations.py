"""Names of activations: scikit-learn's and Keras's."""

from skfashion.exceptions import ParameterError

__all__ = ["keras_name"]

# scikit-learn's names for what Keras calls otherwise.
_ALIASES = {"identity": "linear", "logistic": "sigmoid"}
# Known without a look at Keras, whose import takes seconds.
_COMMON = {"linear", "relu", "sigmoid", "tanh"}
# What else stands there; "glu" halves its input and "threshold" wants arguments.
_NOT_ACTIVATIONS = {"deserialize", "get", "glu", "serialize", "threshold"}


def keras_name(name: str) -> str:
    """Find Keras's name of an activation.

    Parameters
    ----------
    name : str
        Keras's name or scikit-learn's.

    Returns
    -------
    str
        Keras's.

    Raises
    ------
    ParameterError
        If neither knows it.
    """
    name = _ALIASES.get(name, name)
    if name in _COMMON:
        return name
    from skfashion._backend.runtime import keras

    known = {
        key
        for key in dir(keras.activations)
        if key not in _NOT_ACTIVATIONS and key[0] != "_"
    }
    if name not in known:
        raise ParameterError(
            f"activation={name!r:.80} is not known to Keras; it must be one of "
            f"{', '.join([*_ALIASES, *sorted(known)])}."
        )
    return name
