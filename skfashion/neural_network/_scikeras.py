"""A Keras model held by SciKeras; the one file that knows it.

It is composed, never inherited (that breaks ``clone`` and ``is_classifier``), and never
given a seed (its ``random_state`` leaves TensorFlow's determinism switched on for the
whole process). It is no longer maintained, so that only who asks for it needs it.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import keras
    from scikeras.wrappers import KerasClassifier

__all__ = ["hold"]


def hold(
    model: "keras.Model", input_shape: tuple[int, ...], n_classes: int
) -> "KerasClassifier":
    """Have SciKeras hold a compiled model.

    Parameters
    ----------
    model : keras.Model
        Which is not copied.
    input_shape : tuple of int
        Of an image as it takes one.
    n_classes : int
        Number of its outputs.

    Returns
    -------
    scikeras.wrappers.KerasClassifier
        Initialized; its ``model_`` is the model.
    """
    # Keras is imported by now, and quietly.
    from scikeras.wrappers import KerasClassifier

    def build(**_: Any) -> "keras.Model":
        return model

    wrapper = KerasClassifier(
        build,
        optimizer=model.optimizer,
        loss=model.loss,
        metrics=["accuracy"],
        verbose=0,
    )
    # One empty row a class is all SciKeras needs to learn the sizes.
    rows = np.zeros((n_classes, *input_shape), dtype=np.float32)
    return wrapper.initialize(rows, np.arange(n_classes))
