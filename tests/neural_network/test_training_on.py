"""Training goes on to the same bits, whichever way the object came to be."""

import copy
import pickle

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

import skfashion
from helpers.classifiers import make_mlp


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


def stopped_early(clf, train):
    return clf.set_params(early_stopping=True, n_iter_no_change=2).fit(*train)


@pytest.mark.parametrize(
    "course",
    [[fit], [fit, fit], [warm, warm], [part, part], [fit, part], [warm, part, warm]],
    ids=lambda course: ", ".join(step.__name__ for step in course),
)
@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_epochs_are_counted_as_scikit_learn_counts_them(course, train):
    X, y = train[0][:200], train[1][:200]
    ours = make_mlp(epochs=3)
    theirs = MLPClassifier((4,), max_iter=3)
    for train_as in course:
        train_as(ours, (X, y))
        train_as(theirs, (X, y))
        assert ours.n_iter_ == theirs.n_iter_
        assert ours.n_epochs_ == len(ours.loss_curve_) == len(theirs.loss_curve_)


def test_the_epochs_of_early_stopping_are_those_of_the_last_fit(train):
    clf = make_mlp(epochs=40, learning_rate=0.01, warm_start=True)
    first = stopped_early(clf, train).n_iter_
    second = clf.fit(*train).n_iter_
    assert 2 < first < 40
    assert 2 <= second < 40
    assert clf.n_epochs_ == first + second == len(clf.validation_scores_)


def test_the_epochs_are_counted_on_in_a_file(train, tmp_path):
    clf = part(part(make_mlp(), train), train)
    again = saved(clf, tmp_path / "model")
    assert (again.n_iter_, again.n_epochs_) == (1, 2)
