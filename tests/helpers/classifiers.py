"""Small classifiers that still learn the sample, and what their boards hold."""

import numpy as np

from skfashion import FashionCNNClassifier, FashionMLPClassifier


def make_mlp(**params):
    """A small MLP that still learns the sample."""
    defaults = {"hidden_layer_sizes": (32,), "epochs": 3, "random_state": 0}
    return FashionMLPClassifier(**{**defaults, "batch_size": 32, **params})


def make_cnn(**params):
    """A small CNN that still learns the sample."""
    defaults = {"filters": (8,), "dense_sizes": (32,), "epochs": 3, "random_state": 0}
    return FashionCNNClassifier(**{**defaults, "batch_size": 32, **params})


def board_scalars(folder):
    """Read TensorBoard's event files: values by (part of the run, tag)."""
    import tensorflow as tf
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    scalars = {}
    for part in (path for path in folder.iterdir() if path.is_dir()):
        events = EventAccumulator(str(part)).Reload()
        for tag in events.Tags()["tensors"]:
            if tag != "keras":
                values = [tf.make_ndarray(e.tensor_proto) for e in events.Tensors(tag)]
                scalars[part.name, tag] = np.array(values, dtype=float)
    return scalars
