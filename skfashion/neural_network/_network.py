"""A function that builds a network, and its parameters, as one value."""

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from skfashion._utils.validation import check_builds
from skfashion.exceptions import ParameterError

if TYPE_CHECKING:
    import keras

    from skfashion._networks.keras_config import KerasConfig

__all__ = ["Network", "SavedNetwork"]

_EITHER = inspect.Parameter.POSITIONAL_OR_KEYWORD


class Network:
    """A function that builds a Keras network, with parameters to search over.

    Parameters
    ----------
    function : callable
        Maps ``(image_shape, n_classes, **params)`` to a ``keras.Model``.
    **params : object
        Its other parameters, by name; those left out have the function's defaults.

    Raises
    ------
    ParameterError
        If the function does not take image_shape and n_classes, takes no such
        parameter, or needs one that is not given.

    See Also
    --------
    KerasImageClassifier : Trains the network.

    Examples
    --------
    >>> import keras
    >>> from skfashion import KerasImageClassifier, Network
    >>> def dense(image_shape, n_classes, width=16):
    ...     return keras.Sequential(
    ...         [
    ...             keras.Input(image_shape),
    ...             keras.layers.Flatten(),
    ...             keras.layers.Dense(width, activation="relu"),
    ...             keras.layers.Dense(n_classes, activation="softmax"),
    ...         ]
    ...     )
    >>> clf = KerasImageClassifier(Network(dense, width=8))
    >>> clf.set_params(network__width=32).network
    Network(dense, width=32)
    """

    def __init__(self, function: Callable[..., "keras.Model"], **params: Any) -> None:
        if not callable(function):
            raise ParameterError(
                f"function={function!r:.80} must be a function that maps image_shape "
                "and n_classes to a keras.Model."
            )
        known, takes_any = _parameters_of(function)
        unknown = [] if takes_any else sorted(params.keys() - known.keys())
        if unknown:
            raise ParameterError(
                f"{_name_of(function)} has no parameter {', '.join(unknown)}; beside "
                f"image_shape and n_classes it has {', '.join(known) or 'none'}."
            )
        params = {**known, **params}
        missing = [name for name, value in params.items() if value is inspect._empty]
        if missing:
            raise ParameterError(
                f"{_name_of(function)} needs a value of {', '.join(missing)}, as in "
                f"Network({_name_of(function)}, {missing[0]}=...)."
            )
        check_builds("function", function, params)
        self.function = function
        self._params = params

    def __call__(self, image_shape: tuple[int, ...], n_classes: int) -> "keras.Model":
        """Build the network for images of a shape and a number of classes."""
        return self.function(image_shape, n_classes, **self._params)

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002
        """Give the function and its parameters.

        Parameters
        ----------
        deep : bool, default=True
            Makes no difference.

        Returns
        -------
        dict of str to object
            As they were given, and the function's defaults.
        """
        return {"function": self.function, **self._params}

    def set_params(self, **params: Any) -> Self:
        """Set parameters.

        Parameters
        ----------
        **params : object
            By name; "function" for another function.

        Returns
        -------
        Network
            Itself.

        Raises
        ------
        ParameterError
            If the function takes no such parameter.
        """
        vars(self).update(vars(Network(**{**self.get_params(), **params})))
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Network) and self.get_params() == other.get_params()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        params = [f"{name}={value!r}" for name, value in self._params.items()]
        return f"Network({', '.join([_name_of(self.function), *params])})"


class SavedNetwork:
    """The design of a network that a file holds, built anew with weights of its own.

    Parameters
    ----------
    config : KerasConfig
        Of Keras's own layers.
    """

    def __init__(self, config: "KerasConfig") -> None:
        self.config = config

    def __call__(self, image_shape: tuple[int, ...], n_classes: int) -> "keras.Model":
        """Build it for the images and the classes that it was designed for."""
        from skfashion._networks.keras_network import make

        wanted = self.config.image_shape, self.config.n_classes
        if (image_shape, n_classes) != wanted:
            raise ParameterError(
                f"network={self!r} was loaded from a file, and is for images of shape "
                f"{wanted[0]} and {wanted[1]} classes, not {image_shape} and "
                f"{n_classes}; give the function that builds it."
            )
        return make(self.config)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SavedNetwork) and self.config == other.config

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<network of {len(self.config.shapes)} weights>"


def _name_of(function: Any) -> str:
    return getattr(function, "__qualname__", None) or repr(function)


def _parameters_of(function: Any) -> tuple[dict[str, Any], bool]:
    """Tell the parameters after the first two, and whether any others are taken."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        # Functions written in C tell nothing of themselves.
        return {}, True
    in_order = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, _EITHER)]
    known: dict[str, Any] = {
        parameter.name: parameter.default
        for parameter in parameters
        if parameter not in in_order[:2]
        and parameter.kind in (_EITHER, parameter.KEYWORD_ONLY)
    }
    return known, any(p.kind is p.VAR_KEYWORD for p in parameters)
