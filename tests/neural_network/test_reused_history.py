"""A History of the caller's gathers several fits; an estimator records its own."""

import numpy as np


def test_a_history_given_to_two_fits_does_not_mix_them(make, train):
    import keras

    X, y = train
    alone = make(epochs=2).fit(X, y)
    callbacks = [keras.callbacks.History()]
    for _ in range(2):
        clf = make(epochs=2, callbacks=callbacks).fit(X, y)
        assert clf.n_iter_ == 2
        assert clf.history_ == alone.history_
    np.testing.assert_array_equal(clf.predict_proba(X), alone.predict_proba(X))


def test_a_history_given_to_a_warm_start_does_not_repeat_the_past(make, train):
    import keras

    callbacks = [keras.callbacks.History()]
    clf = make(epochs=1, warm_start=True, callbacks=callbacks).fit(*train)
    first = clf.loss_curve_[0]
    clf.fit(*train)
    assert clf.n_epochs_ == len(clf.loss_curve_) == 2
    assert clf.loss_curve_[0] == first
