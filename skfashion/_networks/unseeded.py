"""Random parts of a network that no seed reaches."""

import pickle
import random

import numpy as np

from skfashion._backend.global_state import keras_state, untouched
from skfashion._backend.runtime import tf
from skfashion._networks.keras_config import KerasConfig
from skfashion._networks.keras_network import rebuild

__all__ = ["unseeded_parts"]

# Operations that draw from a generator of their own, or call Python.
_DRAWS = {
    "EagerPyFunc",
    "Multinomial",
    "ParameterizedTruncatedNormal",
    "PyFunc",
    "RandomGamma",
    "RandomPoissonV2",
    "RandomShuffle",
    "RandomStandardNormal",
    "RandomUniform",
    "RandomUniformInt",
    "TruncatedNormal",
}


def unseeded_parts(config: KerasConfig) -> list[str]:
    """Name what a network draws from, while it trains, that no seed reaches.

    Parameters
    ----------
    config : KerasConfig
        Of the network; Keras's own layers draw from seeds that a model holds.

    Returns
    -------
    list of str
        Operations by their names in TensorFlow's graph, and generators.
    """
    if not config.foreign:
        return []
    model = rebuild(config)
    spec = tf.TensorSpec((None, *config.input_shape), tf.float32)
    with untouched():
        before = _drawn_so_far()
        traced = tf.function(
            lambda images: model(images, training=True), autograph=False
        ).get_concrete_function(spec)
        unseeded = "global_seed_generator" in keras_state()
        drawn = before != _drawn_so_far()
    found = ["keras.random without a seed"] if unseeded else []
    found += ["a generator of Python's or NumPy's"] if drawn else []
    operations = traced.graph.get_operations()
    return found + [op.name for op in operations if op.type in _DRAWS]


def _drawn_so_far() -> tuple[object, bytes]:
    return random.getstate(), pickle.dumps(np.random.get_state())  # noqa: NPY002
