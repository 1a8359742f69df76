"""Keras's layer of a mean and variance that it was adapted to, by its weights."""

from typing import Any

from skfashion._backend.runtime import keras

__all__ = ["follow_weights", "settle"]


class _FollowingNormalization(keras.layers.Normalization):
    """Keras's layer, which computes with its weights as they are at each call.

    Keras's own makes constants of them when it is built, adapted or loaded, and no
    value that is written to its weights afterwards counts.
    """

    def call(self, inputs: Any) -> Any:
        """Normalize, by the weights."""
        self.finalize_state()
        return super().call(inputs)


def follow_weights(model: keras.Model) -> None:
    """Have a model of our own compute with whatever its weights are."""
    for layer in model._flatten_layers():
        if type(layer) is keras.layers.Normalization:
            layer.__class__ = _FollowingNormalization


def settle(model: keras.Model) -> None:
    """Make Keras's constants anew of the weights that a model was given."""
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()
