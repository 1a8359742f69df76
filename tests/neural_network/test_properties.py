"""Whatever comes in, a call works or tells in a sentence what is wrong.

The default profile of Hypothesis draws few examples, always the same; the profile
"long" draws many, others each time (``make fuzz``).
"""

import functools
import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import skfashion
from helpers.outcomes import (  # noqa: F401
    DOCUMENTED_WARNINGS,
    attempt,
    content,
    fixture_tally,
    is_as_it_was,
    state_of,
)
from helpers.strategies import SIZES, some_images, some_labels
from helpers.trainings import (
    NO_NUMBERS,
    PARTS,
    WILD,
    failing,
    made,
    make,
    some_parameters,
    trainings,
)
from skfashion import PixelScaler

pytestmark = DOCUMENTED_WARNINGS
KINDS = pytest.mark.parametrize("kind", ["mlp", "cnn"])


def check_predictions(estimator, X, finite=True):
    """Look for what any prediction must have."""
    classes = estimator.classes_
    assert classes.tolist() == sorted(set(classes.tolist()))
    probabilities = estimator.predict_proba(X)
    assert probabilities.shape == (len(X), len(classes))
    assert probabilities.dtype == np.float32
    labels = estimator.predict(X)
    assert labels.dtype == classes.dtype
    assert set(labels.tolist()) <= set(classes.tolist())
    if finite:
        np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
        assert probabilities.min() >= 0
        np.testing.assert_array_equal(labels, classes[probabilities.argmax(axis=1)])
        assert estimator.predict_log_proba(X).max() <= 1e-5


@KINDS
@given(data=st.data())
def test_fit(kind, data, sample, tally):
    training = data.draw(trainings(kind))
    X, y, weights = training.arrays(sample)
    held_out = {}
    if data.draw(st.integers(0, 3)) == 0:
        other = replace(training.images, rows=min(training.images.rows, 9))
        y_val = training.labels.make(sample[1], other)
        held_out = {"X_val": other.make(sample[0]), "y_val": y_val}
    estimator = make(kind, training.params, y)
    before, contents = state_of(estimator), [content(X), content(y), content(weights)]
    if attempt(tally, estimator.fit, X, y, weights, **held_out):
        check_predictions(estimator, X, finite=training.wrong not in WILD)
        assert 1 <= estimator.n_iter_ <= 2
        assert 0 <= estimator.score(X, y) <= 1
    else:
        assert is_as_it_was(estimator, before)
    assert [content(X), content(y), content(weights)] == contents
    tally["examples"] += 1


# What partial_fit is told of the labels there will be; mostly what is right.
CLASSES = {
    "all": np.unique,
    "none": lambda y: None,
    "twice": lambda y: [*y, *y],
    "one": lambda y: y[:1],
    "others": lambda y: ["hat", "shoe"],
    "mixed": lambda y: [*y, None, "hat"],
    "nan": lambda y: [np.nan, 1.0, 2.0],
    "a number": lambda y: 3,
}
RIGHT = [*["all", "none"] * 5, *CLASSES]


@KINDS
@given(data=st.data())
def test_calls_in_any_order(kind, data, sample, tally, tmp_path):
    size, labels = data.draw(st.sampled_from(SIZES)), data.draw(some_labels())
    estimator, wild = make(kind, data.draw(some_parameters(kind))), False
    steps = ["fit", "part", "part", "fail", "set", "predict", "copy"]
    for step in data.draw(st.lists(st.sampled_from(steps), min_size=2, max_size=5)):
        training = data.draw(trainings(kind, size))
        if training.wrong != "labels":
            training = replace(training, labels=labels)
        X, y, weights = training.arrays(sample)
        wild |= training.wrong in WILD
        before, works = state_of(estimator), True
        if step == "fit":
            works = attempt(tally, estimator.fit, X, y, weights)
        elif step == "part":
            rows = replace(training.images, rows=60)
            some = np.asarray(labels.make(sample[1], rows)).ravel()
            classes = CLASSES[data.draw(st.sampled_from(RIGHT))](some)
            works = attempt(tally, estimator.partial_fit, X, y, classes, weights)
        elif step == "fail":
            works = fails(tally, estimator, X, y)
        elif step == "set":
            vars(estimator).update(made(training.params, y))
        elif step == "predict":
            attempt(tally, estimator.predict_proba, X)
            assert is_as_it_was(estimator, before)
        elif attempt(tally, skfashion.save, estimator, tmp_path / "model"):
            estimator = skfashion.load(tmp_path / "model")
            assert state_of(estimator)[2][-2:] == before[2][-2:]
        if not works:
            assert is_as_it_was(estimator, before)
        elif step in ("fit", "part"):
            check_predictions(estimator, X, finite=not wild)
    tally["examples"] += 1


def fails(tally, estimator, X, y):
    """Train on, until a callback raises in the middle of it."""
    callbacks, estimator.callbacks = estimator.callbacks, failing(())
    works = attempt(tally, estimator.partial_fit, X, y)
    estimator.callbacks = callbacks
    return works


@functools.cache
def fitted(kind):
    X, y = skfashion.load_fashion_sample(return_X_y=True)
    X = PixelScaler().fit_transform(X.reshape(-1, 28, 28)[:300, ::4, ::4])
    return make(kind, {}).fit(X, np.array(skfashion.CLASS_NAMES)[y[:300]])


@KINDS
@given(data=st.data())
def test_prediction(kind, data, sample, tally):
    wrong = data.draw(st.sampled_from(["nothing", *PARTS[:4]]))
    size = data.draw(st.sampled_from([*[(7, 7)] * 4, *SIZES]))
    images = data.draw(some_images(wrong, size=size))
    X, clf = images.make(sample[0]), fitted(kind)
    before, contents = state_of(clf), content(X)
    if attempt(tally, clf.predict_proba, X):
        check_predictions(clf, X, finite=wrong != "pixel")
        with np.errstate(over="ignore"):
            plain = images.pixels(sample[0]).astype(np.float32)
        rows = plain.reshape(len(plain), -1)
        np.testing.assert_array_equal(clf.predict_proba(X), clf.predict_proba(rows))
    assert is_as_it_was(clf, before)
    assert content(X) == contents
    tally["examples"] += 1


SCALES = [None, None, None, 255, 1.0, np.float32(2), 65535]


@given(data=st.data())
def test_scaler(data, sample, tally):
    wrong = data.draw(st.sampled_from(["nothing", *PARTS[:4], "parameter"]))
    images = data.draw(some_images(wrong))
    bad = [0, True, 1e-300, 1e300, *NO_NUMBERS]
    scale = data.draw(st.sampled_from(bad if wrong == "parameter" else SCALES))
    X, flatten = images.make(sample[0]), data.draw(st.booleans())
    scaler = PixelScaler(max_value=scale, flatten=flatten)
    before, contents = state_of(scaler), content(X)
    if not attempt(tally, scaler.fit, X):
        assert is_as_it_was(scaler, before)
    elif attempt(tally, scaler.transform, X):
        scaled = scaler.transform(X)
        assert scaled.dtype == np.float32
        shape = np.shape(X)
        assert scaled.shape == ((len(X), scaler.n_features_in_) if flatten else shape)
        assert 0 <= scaled.min() <= scaled.max() <= 1
        again = scaler.inverse_transform(scaled)
        assert again.dtype == scaler.dtype_
        if scale is None and wrong == "nothing":
            pixels = images.pixels(sample[0]).reshape(again.shape).astype(float)
            np.testing.assert_allclose(again.astype(float), pixels, 1e-3, 1e-3)
    assert content(X) == contents
    tally["examples"] += 1


@given(data=st.data())
def test_fitted_scaler(data, sample, tally):
    size = data.draw(st.sampled_from(SIZES))
    first = data.draw(some_images(size=size))
    other = data.draw(some_images(data.draw(st.sampled_from(PARTS[:4])), size=size))
    scaler = PixelScaler().fit(first.make(sample[0]))
    X, before = other.make(sample[0]), state_of(scaler)
    attempt(tally, scaler.transform, X)
    attempt(tally, scaler.inverse_transform, X)
    assert is_as_it_was(scaler, before)
    if not attempt(tally, scaler.fit, X):
        assert is_as_it_was(scaler, before)
    tally["examples"] += 1


@KINDS
@given(data=st.data())
def test_copies(kind, data, sample, tally, tmp_path):
    training = data.draw(trainings(kind, wrong=("nothing", "nothing", "labels")))
    X, y, weights = training.arrays(sample)
    clf = make(kind, training.params, y)
    if data.draw(st.integers(0, 3)):
        attempt(tally, clf.fit, X, y, weights)
    before = state_of(clf)
    copies = [pickle.loads(pickle.dumps(clf))]
    if attempt(tally, skfashion.save, clf, tmp_path / "model"):
        copies.append(skfashion.load(tmp_path / "model"))
    for again in copies:
        assert again.get_params().keys() == clf.get_params().keys()
        assert getattr(again, "history_", None) == before[1]
        if before[2]:
            assert state_of(again)[2][-2:] == before[2][-2:]
            np.testing.assert_array_equal(again.predict(X), clf.predict(X))
    assert is_as_it_was(clf, before)
    tally["examples"] += 1
