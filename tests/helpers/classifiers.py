"""Small classifiers that still learn the sample, and what their boards hold."""

import numpy as np

from skfashion import (
    FashionCNNClassifier,
    FashionMLPClassifier,
    KerasImageClassifier,
    Network,
)

# Networks without norms, at one learning rate: of the fewest operations.
PLAIN = {"batch_normalization": False, "learning_rate_schedule": "constant"}
PLAIN_CNN = {
    **PLAIN,
    "convolutions": 1,
    "padding": "valid",
    "residual": False,
    "pooling": "flatten",
    "logit_scale": 1.0,
    "augmentation": None,
    "subsample": 1.0,
    "dropout": 0.2,
}


def make_mlp(**params):
    """A small MLP that still learns the sample."""
    defaults = {"hidden_layer_sizes": (32,), "epochs": 3, "random_state": 0}
    return FashionMLPClassifier(**{**PLAIN, **defaults, "batch_size": 32, **params})


def make_cnn(**params):
    """A small CNN that still learns the sample."""
    defaults = {"filters": (8,), "dense_sizes": (32,), "epochs": 3, "random_state": 0}
    return FashionCNNClassifier(**{**PLAIN_CNN, **defaults, "batch_size": 32, **params})


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


def small_network(image_shape, n_classes, *, filters=8, dropout=0.0, logits=False):
    """A small residual network, batch-normalised, that still learns the sample."""
    import keras

    layers = keras.layers
    images = keras.Input(image_shape)
    x = layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False)(images)
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.8)(x))
    x = x + layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    x = layers.Dropout(dropout)(layers.Flatten()(x))
    activation = None if logits else "softmax"
    return keras.Model(images, layers.Dense(n_classes, activation=activation)(x))


def make_keras(network=small_network, **params):
    """A small network of one's own; the function's parameters are taken too."""
    inner = {k: params.pop(k) for k in ("filters", "dropout", "logits") if k in params}
    defaults = {"epochs": 3, "random_state": 0, "batch_size": 32}
    # A Keras model can be called as well, but not to build one.
    if not hasattr(network, "get_weights"):
        network = Network(network, **inner)
    return KerasImageClassifier(network, **{**defaults, **params})
