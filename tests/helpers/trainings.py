"""The parameters that the tests of properties draw, and all that goes into a fit.

A parameter that needs Keras, or the labels, is a function until an estimator is made.
"""

import inspect
import tempfile
import uuid
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from helpers.classifiers import make_cnn, make_mlp
from helpers.outcomes import CallbackError
from helpers.strategies import (
    Images,
    Labels,
    make_weights,
    some_images,
    some_labels,
    some_weights,
)
from skfashion import Augmentation

nan, inf = np.nan, np.inf
# A whole number that no float holds, and one that no 32 bits do.
VAST, LARGE = 10**400, 2**40
NO_NUMBERS = [-1, nan, inf, -inf, "1", None, VAST, 1j, [1], Fraction(1, 2)]
NO_COUNTS = [0, -1, 1.0, nan, "1", None, np.array([1, 2]), Fraction(3, 2)]
NO_SIZES = [0, -1, 2.5, "4", None, (4, 0), (True,), {"a": 1}, nan, VAST, (LARGE,)]


def optimizer(name, **settings):
    def make(classes):
        import keras

        return getattr(keras.optimizers, name)(**settings)

    return make


def schedule(classes):
    import keras

    return keras.optimizers.schedules.ExponentialDecay(0.01, 10, 0.9)


def callback(classes):
    import keras

    return keras.callbacks.History()


def failing(classes):
    import keras

    def fail(epoch, logs):
        raise CallbackError

    return [keras.callbacks.LambdaCallback(on_epoch_end=fail)]


def generator(classes):
    return np.random.RandomState(0)


# All folders of one run, deleted at its end.
FOLDERS = tempfile.TemporaryDirectory(prefix="skfashion-")


def new_folder(classes):
    return Path(FOLDERS.name, uuid.uuid4().hex)


def of_keras(path):
    """Something of Keras's that the parameter is not for."""

    def make(classes):
        import keras

        module, name = path.split(".")
        return getattr(getattr(keras, module), name)

    return make


def called(path):
    return lambda classes: of_keras(path)(classes)()


GOOD = {
    "activation": ["relu", "tanh", "logistic", "identity", "gelu"],
    "dropout": [0, 0.5, np.float32(0.25)],
    "alpha": [0, 1e-3, np.float64(1)],
    "optimizer": [
        *["adam", "sgd", "RMSprop", "nadam", "ftrl", "lion", "lamb", "muon"],
        optimizer("SGD", momentum=0.9),
        optimizer("Adam", clipnorm=1.0),
        optimizer("AdamW", use_ema=True),
    ],
    "learning_rate": [None, 0.01, np.float32(0.01), 1, schedule],
    "epochs": [1, 2, np.uint8(1)],
    "batch_size": [1, 8, 1000, np.uint8(8), LARGE],
    "subsample": [1, 0.4, 1e-9, np.float32(0.5)],
    "augmentation": [None, Augmentation(), Augmentation(True, 1, 20, np.uint8(2))],
    "n_views": [1, 2, 3, 6, np.int64(2)],
    "class_weight": [
        None,
        "balanced",
        lambda classes: {label: 1 + n for n, label in enumerate(classes)},
        lambda classes: {classes[0]: 2.0},
    ],
    "early_stopping": [True, False, np.True_],
    "validation_fraction": [0.1, 0.5, 0.9, np.float32(0.5), 1e-9],
    "n_iter_no_change": [1, 5, VAST],
    "callbacks": [None, [], (), callback, lambda classes: [callback(classes)]],
    "checkpoint": [None, new_folder],
    "warm_start": [True, False],
    "random_state": [None, 0, 2**32 - 1, np.int64(3), generator],
    "verbose": [0, 1, True],
    "image_shape": [None, (7, 7), (7, 7, 1), [4, 7], (7, 7, 3), (49, 1), (1, 2)],
    "rescale": [None, 1 / 255, 1, np.float32(0.5)],
    "dtype_policy": ["float32", "mixed_bfloat16", "auto"],
}
BAD = {
    "activation": ["rellu", "", None, 3, "glu", "threshold", "get", "__doc__", "Dense"],
    "dropout": [1, True, *NO_NUMBERS],
    "alpha": [1e30, 1e300, *NO_NUMBERS],
    "optimizer": [
        # Keras's adafactor divides 0 by 0 where a pixel is black in all images.
        *["adafactor", "adamm", "", "optimizer", 3, None, "LossScaleOptimizer"],
        *[of_keras("optimizers.SGD"), called("losses.MeanSquaredError")],
        *[of_keras("optimizers.schedules")],
    ],
    "learning_rate": [
        *[0, 1e30, 1e300, True, "fast", *NO_NUMBERS],
        *[of_keras("losses.MeanSquaredError"), called("losses.MeanSquaredError")],
        *[called("initializers.Zeros"), called("layers.Flatten")],
    ],
    "epochs": NO_COUNTS,
    "batch_size": [VAST, True, *NO_COUNTS],
    "subsample": [0, 1.5, *NO_NUMBERS],
    "augmentation": [
        *[True, "flip", {}, {"shift": 1}, 2, nan, Augmentation],
        *[
            Augmentation(shift=-1),
            Augmentation(cutout=VAST),
            Augmentation(rotation=nan),
        ],
    ],
    "n_views": [True, 4, 2.0, *NO_COUNTS],
    "class_weight": [
        *["even", "", 1, [1, 2], {99: 1.0}, {}, {None: 1}, {"coat": 1, 3: 1}],
        *[
            (lambda classes, weight=weight: dict.fromkeys(classes, weight))
            for weight in [0, -1, nan, inf, 1e308, 5e-324, VAST, "1", None, 1j]
        ],
    ],
    "early_stopping": ["yes", 1, None, nan],
    "validation_fraction": [0, 1, True, *NO_NUMBERS],
    "n_iter_no_change": [True, *NO_COUNTS],
    "callbacks": [
        *[["stop"], 3, "stop", {}, [None], failing],
        *[of_keras("callbacks.History"), lambda classes: iter([])],
    ],
    "checkpoint": [3, b"folder", ["folder"], f"{__file__}/folder", FOLDERS.name, "\0"],
    "warm_start": ["yes", 1, None],
    "random_state": [-1, 2**32, 1.5, "zero", nan, VAST, np.random.default_rng(0)],
    "verbose": [-1, "yes", None, VAST, 1.5],
    "image_shape": [
        *[(0,), (7,), (7, 0), "77", (2.5, 3), 5, (7, 7, 1, 1), (True, 49), ()],
        *[(None, None), (-7, -7), (VAST, 1), np.array([7, 7]), (7, 5), {7: 7}],
    ],
    "rescale": [0, 1e-300, 1e300, True, *NO_NUMBERS],
    "dtype_policy": ["float16", "mixed_float16", "", None, np.float32],
}
OWN_GOOD = {
    "mlp": {"hidden_layer_sizes": [(4,), 4, [4], (), np.int64(4), np.array([4, 3])]},
    "cnn": {
        "filters": [2, (2,), [2, 3], (2, 2, 2)],
        "kernel_size": [1, 2, 30, np.int64(3)],
        "dense_sizes": [(), 3, (3, 2)],
    },
}
OWN_BAD = {
    "mlp": {"hidden_layer_sizes": NO_SIZES},
    "cnn": {
        "filters": [(), *NO_SIZES],
        "kernel_size": [True, VAST, *NO_COUNTS],
        "dense_sizes": NO_SIZES,
    },
}


@st.composite
def some_parameters(draw, kind, wrong=False):
    """Draw up to three parameters that should work, and one that may not."""
    good = OWN_GOOD[kind] | GOOD
    names = draw(st.lists(st.sampled_from(list(good)), max_size=3, unique=True))
    params = {name: draw(st.sampled_from(good[name])) for name in names}
    if wrong:
        bad = OWN_BAD[kind] | BAD
        name = draw(st.sampled_from(list(bad)))
        params[name] = draw(st.sampled_from(bad[name]))
    return params


def made(params, y=(0, 1, 2)):
    """Call what are functions, with the labels there are."""
    try:
        classes = list(dict.fromkeys(np.asarray(y).ravel().tolist()))
    except (TypeError, ValueError):
        classes = []
    return {
        name: value(classes or ["coat"]) if inspect.isfunction(value) else value
        for name, value in params.items()
    }


def make(kind, params, y=(0, 1, 2)):
    """Make the smallest network, with these parameters."""
    own = {"mlp": {"hidden_layer_sizes": 4}, "cnn": {"filters": 2, "dense_sizes": ()}}
    small = {**own[kind], "epochs": 1, "dropout": 0, "batch_size": 8}
    maker = {"mlp": make_mlp, "cnn": make_cnn}[kind]
    return maker(**{**small, **made(params, y)})


PARTS = ["dtype", "form", "layout", "pixel", "labels", "weights", "parameter"]
# Nothing, and a parameter, more often: there is most to be drawn.
OFTEN = [*["nothing"] * 3, *PARTS, *["parameter"] * 2]
# With these, training may diverge.
WILD = {"pixel", "weights", "parameter"}


@dataclass
class Training:
    """What goes into a fit, and which part of it may be wrong."""

    wrong: str
    params: dict
    images: Images
    labels: Labels
    weights: str

    def arrays(self, sample):
        X, y = self.images.make(sample[0]), self.labels.make(sample[1], self.images)
        return X, y, make_weights(self.weights, self.images.rows)


@st.composite
def trainings(draw, kind, size=None, wrong=OFTEN):
    """Draw a fit with which no more than one thing should be wrong."""
    part = draw(st.sampled_from(wrong))
    return Training(
        part,
        draw(some_parameters(kind, part == "parameter")),
        draw(some_images(part, size=size)),
        draw(some_labels(part == "labels")),
        draw(some_weights(part == "weights")),
    )
