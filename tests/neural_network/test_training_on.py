"""Training goes on to the same bits, whichever way the object came to be."""

import copy
import pickle

import numpy as np
import pytest

import skfashion


def fit(clf, train):
    return clf.fit(*train)


def part(clf, train):
    classes = None if hasattr(clf, "classes_") else range(10)
    return clf.partial_fit(*train, classes=classes)


def warm(clf, train):
    return clf.set_params(warm_start=True).fit(*train)


def cold_part(clf, train):
    return part(clf.set_params(warm_start=False), train)


# What came before, and how training goes on.
COURSES = {
    "fit, partial_fit": ([fit], part),
    "fit, set warm_start, fit": ([fit], warm),
    "fit, partial_fit, partial_fit": ([fit, part], part),
    "partial_fit, partial_fit": ([part], part),
    "partial_fit, set warm_start, fit": ([part], warm),
    "partial_fit, fit, partial_fit": ([part, fit], part),
    "warm fit, warm fit": ([warm], warm),
    "fit, warm fit, warm fit": ([fit, warm], warm),
    "warm fit, partial_fit": ([warm], cold_part),
}


def pickled(clf, path):
    return pickle.loads(pickle.dumps(clf))


def deep_copied(clf, path):
    return copy.deepcopy(clf)


def saved(clf, path):
    return skfashion.load(skfashion.save(clf, path))


def saved_and_pickled(clf, path):
    return pickled(saved(clf, path), path)


COPIES = [pickled, deep_copied, saved, saved_and_pickled]


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_copies_train_on_to_the_bits_of_the_original(course, make, train, tmp_path):
    before, go_on = course
    X, y = train[0][:200], train[1][:200]
    clf = make(epochs=1, dropout=0.2)
    for train_as in before:
        train_as(clf, (X, y))
    copies = [copied(clf, tmp_path / "model") for copied in COPIES]
    # All before the original goes on, and twice: a copy goes on like any other.
    for _ in range(2):
        go_on(clf, (X, y))
        expected = clf.predict_proba(X)
        for copied, again in zip(COPIES, copies, strict=True):
            bits = go_on(again, (X, y)).predict_proba(X)
            np.testing.assert_array_equal(bits, expected, copied.__name__)
            assert again.history_ == clf.history_


def test_a_copy_made_after_warm_start_was_set_is_like_one_made_before(
    make, train, tmp_path
):
    X, y = train[0][:200], train[1][:200]
    clf = make(epochs=1, dropout=0.2).fit(X, y)
    copies = [copied(clf, tmp_path / "before") for copied in COPIES]
    clf.set_params(warm_start=True)
    copies += [copied(clf, tmp_path / "after") for copied in COPIES]
    expected = clf.fit(X, y).predict_proba(X)
    for again in copies:
        bits = again.set_params(warm_start=True).fit(X, y).predict_proba(X)
        np.testing.assert_array_equal(bits, expected)
