"""What a fit does without: SciKeras, and after the first of its kind new networks."""

import functools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone

CODE = """
import sys
sys.modules["scikeras"] = sys.modules["scikeras.wrappers"] = None
import pickle
import numpy as np
import skfashion
from helpers.classifiers import make_cnn, make_mlp

X, y = skfashion.load_fashion_sample(return_X_y=True)
X, y = skfashion.PixelScaler().fit_transform(X[:300]), y[:300]


def check(make, callbacks):
    clf = make(epochs=1, callbacks=callbacks).fit(X, y)
    expected = clf.predict_proba(X)
    assert clf.predict(X).shape == (300,)
    saved = skfashion.save(clf, sys.argv[1] + "/model")
    for again in (pickle.loads(pickle.dumps(clf)), skfashion.load(saved)):
        np.testing.assert_array_equal(again.predict_proba(X), expected)
        again.partial_fit(X, y)
    clf.set_params(warm_start=True).fit(X, y)
    assert (clf.n_iter_, clf.n_epochs_) == (1, 2)
    if callbacks:
        # One of Keras's own keeps what it gathered in fits before.
        assert len(callbacks[0].history["loss"]) == 2


for make in (make_mlp, make_cnn):
    check(make, None)
import keras
for make in (make_mlp, make_cnn):
    check(make, [keras.callbacks.History()])
"""


def test_nothing_needs_scikeras(tmp_path):
    paths = [str(Path(__file__).parents[1]), *filter(None, sys.path)]
    run = subprocess.run(
        [sys.executable, "-c", CODE, tmp_path],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


@pytest.fixture
def made(monkeypatch):
    """Lists what Keras makes: networks, layers and variables, by their class."""
    import keras

    seen = []

    def watch(kind):
        make = kind.__init__

        @functools.wraps(make)
        def noted(self, *args, **kwargs):
            seen.append(type(self).__name__)
            return make(self, *args, **kwargs)

        monkeypatch.setattr(kind, "__init__", noted)

    for kind in (keras.Model, keras.layers.Layer, keras.Variable):
        watch(kind)
    return seen


def test_the_list_knows_networks_layers_and_variables(made):
    import keras

    pixels = keras.Input((4,))
    keras.Model(pixels, keras.layers.Dense(3)(pixels))
    assert {"Functional", "Dense", "Variable"} <= set(made)
    made.clear()
    keras.optimizers.Adam()
    assert "Variable" in made


PARAMS = {
    "defaults": {},
    "dropout": {"dropout": 0.3, "alpha": 1e-3},
    "stopping": {"early_stopping": True, "n_iter_no_change": 1},
    "verbose": {"verbose": 1},
    "checkpoint": {"checkpoint": "epochs"},
    "bfloat16": {"dtype_policy": "mixed_bfloat16", "rescale": 1.0},
    "all of them": {"early_stopping": True, "verbose": 1, "checkpoint": "epochs"},
}


@pytest.mark.parametrize("with_val", [False, True], ids=["train", "X_val"])
@pytest.mark.parametrize("params", PARAMS.values(), ids=PARAMS)
def test_a_second_fit_makes_nothing_of_keras(
    params, with_val, make, train, test, made, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    X, y = train
    more = {"X_val": test[0][:100], "y_val": test[1][:100]} if with_val else {}
    params = {"epochs": 2, **params}
    first = make(**params).fit(X, y, **more)
    second = clone(first)
    if "checkpoint" in params:
        second.set_params(checkpoint="other epochs")
    made.clear()
    second.fit(X, y, **more)
    bits = second.predict_proba(X)
    assert made == []
    np.testing.assert_array_equal(bits, first.predict_proba(X))
    assert second.history_ == first.history_
