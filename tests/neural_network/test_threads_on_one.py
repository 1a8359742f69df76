"""Threads that fit one estimator leave the state of one fit."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np


def in_threads(work, number=3):
    """Call a function in some threads, all of them at the same time."""
    start = threading.Barrier(number)

    def run(_):
        start.wait()
        return work()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(run, range(number)))


def test_three_threads_that_fit_one_estimator_leave_one_fit(make, train):
    X, y = train
    alone = make(epochs=3, dropout=0.3).fit(X, y)
    clf = make(epochs=3, dropout=0.3)
    assert all(returned is clf for returned in in_threads(lambda: clf.fit(X, y)))
    assert clf.n_iter_ == 3
    assert clf.history_ == alone.history_
    np.testing.assert_array_equal(clf.predict_proba(X), alone.predict_proba(X))


def test_three_threads_that_fit_a_fitted_one_leave_one_fit(make, train):
    X, y = train
    alone = make(epochs=2, random_state=1).fit(X, y)
    clf = make(epochs=1).fit(X, y).set_params(epochs=2, random_state=1)
    in_threads(lambda: clf.fit(X, y))
    assert clf.n_iter_ == len(clf.history_["loss"]) == 2
    np.testing.assert_array_equal(clf.predict_proba(X), alone.predict_proba(X))
