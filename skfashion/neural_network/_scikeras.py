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


def hold(model: "keras.Model", n_features: int, n_classes: int) -> "KerasClassifier":
    """Have SciKeras hold a compiled model.

    Parameters
    ----------
    model : keras.Model
        Which is not copied.
    n_features, n_classes : int
        Of its inputs and outputs.

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
    rows = np.zeros((n_classes, n_features), dtype=np.float32)
    return wrapper.initialize(rows, np.arange(n_classes))
