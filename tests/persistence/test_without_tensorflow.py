"""A dense network is loaded and asked about single images without TensorFlow."""

import subprocess
import sys

import keras
import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

import skfashion
from helpers.classifiers import make_mlp
from skfashion import PixelScaler
from skfashion._backend.optimizers import config_from_dict, optimizer_config, to_dict
from skfashion.persistence._optimizers import is_plain

DEFAULTS = {
    "batch_normalization": True,
    "learning_rate_schedule": "one_cycle",
    "dropout": 0.2,
}
# A function that gives a single image again and again.
ASK = """
import sys
import numpy as np
import skfashion
model = skfashion.load({path!r})
images = np.load({images!r})
labels = [model.predict(image[np.newaxis])[0] for image in images]
for image in images:
    model.predict_proba(image[np.newaxis])
    model.predict_log_proba(image[np.newaxis])
assert not {{"tensorflow", "keras"}} & {{*sys.modules}}, "loaded"
print(*labels, sep=";")
"""


@pytest.mark.parametrize("shape", [(784,), (28, 28)])
@pytest.mark.parametrize(
    "params",
    [
        {},
        DEFAULTS,
        {
            "n_views": 6,
            "label_smoothing": 0.1,
            "residual": True,
            "augmentation": "shift",
        },
        {"optimizer": "sgd", "activation": "logistic"},
    ],
    ids=["plain", "defaults", "views", "sgd"],
)
def test_a_loaded_pipeline_answers_without_tensorflow(params, shape, sample, tmp_path):
    X, y = sample[0][:200].reshape(-1, *shape), sample[1][:200]
    names = np.array(skfashion.CLASS_NAMES)[y]
    pipe = make_pipeline(PixelScaler(), make_mlp(epochs=1, **params)).fit(X, names)
    path = skfashion.save(pipe, tmp_path / "model")
    np.save(tmp_path / "images.npy", X[:4])
    code = ASK.format(path=str(path), images=str(tmp_path / "images.npy"))
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    wanted = [pipe.predict(image[np.newaxis])[0] for image in X[:4]]
    assert run.stdout.rstrip("\n").split(";") == wanted


def held_of(kind, /, **settings):
    held = to_dict(optimizer_config(kind, 0.01))
    return {**held, "config": {**held["config"], **settings}}


@pytest.mark.parametrize("name", ["adam", "sgd"])
def test_the_usual_optimizers_are_known(name):
    assert is_plain(held_of(name))
    config_from_dict(held_of(name)).make()


@pytest.mark.parametrize("name", ["adam", "sgd"])
@pytest.mark.parametrize(
    "value", [None, True, -1.0, 1.5, float("nan"), float("inf"), "a", [], {}, 1]
)
def test_whatever_else_is_asked_of_keras(name, value):
    for setting, usual in held_of(name)["config"].items():
        held = held_of(name, **{setting: value})
        same = type(value) is type(usual) and value == usual
        if is_plain(held) and not same:
            # Other numbers and switches than Keras's own, which it takes.
            assert isinstance(usual, float | bool) or setting == "weight_decay"
            config_from_dict(held).make()
        else:
            assert is_plain(held) == same, setting


@pytest.mark.parametrize(
    "held",
    [
        None,
        {},
        {**held_of("adam"), "registered_name": "Adam"},
        {**held_of("adam"), "module": "keras.optimizers.schedules"},
        {**held_of("adam"), "class_name": "SGD"},
        {**held_of("adam"), "class_name": keras.optimizers.Adam},
        {**held_of("adam"), "config": []},
        held_of("adam", more=1.0),
        held_of("adamw"),
    ],
    ids=repr,
)
def test_no_other_is_taken_for_one(held):
    assert not is_plain(held)
