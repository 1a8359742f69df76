"""To look at an estimator neither changes what it predicts nor slows it down."""

import copy
import inspect
import statistics
import time

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

from skfashion import PixelScaler


def page(clf):
    clf._repr_html_()


def page_of_a_pipeline(clf):
    make_pipeline(PixelScaler(), clf)._repr_html_()


def members(clf):
    inspect.getmembers(clf)


def has_model(clf):
    assert hasattr(clf, "model_")


LOOKS = [page, page_of_a_pipeline, members, has_model]


@pytest.mark.parametrize("look", LOOKS)
def test_looking_leaves_the_predictions_as_they_were(look, make, train):
    X, y = train
    clf = make(epochs=1).fit(X, y)
    alone, all_rows = clf.predict_proba(X[:1]), clf.predict_proba(X)
    look(clf)
    np.testing.assert_array_equal(clf.predict_proba(X[:1]), alone)
    np.testing.assert_array_equal(clf.predict_proba(X), all_rows)


def slower(looked_at, other, row):
    """How many times longer the one takes to predict a row than the other."""
    seconds = {looked_at: [], other: []}
    for _ in range(200):
        for clf, taken in seconds.items():
            start = time.perf_counter()
            clf.predict_proba(row)
            taken.append(time.perf_counter() - start)
    one, two = map(statistics.median, seconds.values())
    return one / two


@pytest.mark.parametrize("look", LOOKS)
def test_looking_does_not_slow_later_predictions(look, make, train):
    X, y = train
    looked_at = make(epochs=1).fit(X, y)
    other = copy.deepcopy(looked_at)
    look(looked_at)
    # Side by side, so that a busy machine slows both; the best of a few, if it is very.
    assert min(slower(looked_at, other, X[:1]) for _ in range(3)) < 1.4
