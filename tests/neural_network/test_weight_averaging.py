"""The mean of the weights of a fit's last epochs."""

import numpy as np
import pytest

from helpers.classifiers import make_cnn, make_mlp
from helpers.crashes import CrashError, crash_in
from skfashion.exceptions import CheckpointError, ParameterError

NORMS = {"batch_normalization": True, "hidden_layer_sizes": (8,)}


@pytest.fixture(scope="module", name="few")
def fixture_few(train):
    return train[0][:200], train[1][:200]


def weights(clf):
    return [value.copy() for value in clf._fitted_network.values]


@pytest.mark.parametrize("wanted", [2, 9])
def test_it_is_the_mean_of_the_last_epochs(make, few, wanted):
    import keras

    seen = []
    note = keras.callbacks.LambdaCallback()
    note.on_epoch_end = lambda epoch, logs=None: seen.append(note.model.get_weights())
    plain = make(epochs=3, callbacks=[note]).fit(*few)
    averaged = make(epochs=3, weight_averaging=wanted).fit(*few)
    assert averaged.history_ == plain.history_
    last = seen[-wanted:]
    for value, *several in zip(weights(averaged), *last, strict=True):
        np.testing.assert_allclose(value, np.mean(several, axis=0), atol=1e-6)


@pytest.mark.parametrize("none", [None, 0])
def test_none_and_zero_leave_the_weights(few, none):
    one, other = make_mlp().fit(*few), make_mlp(weight_averaging=none).fit(*few)
    np.testing.assert_array_equal(one.coefs_[0], other.coefs_[0])


def test_norms_know_the_training_rows_anew(few):
    X, y = few
    order = np.argsort(y)
    clf = make_mlp(**NORMS, epochs=2, weight_averaging=2, batch_size=50)
    clf.fit(X[order], y[order])
    kernel, _, _, mean, variance, *_ = weights(clf)
    hidden = X.astype(np.float64) @ kernel
    np.testing.assert_allclose(mean, hidden.mean(axis=0), rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(variance, hidden.var(axis=0), rtol=1e-3)
    raw = make_mlp(**NORMS, epochs=2, batch_size=50).fit(X[order], y[order])
    assert np.abs(weights(raw)[3] - mean).max() > 1e-3


def test_training_goes_on_from_the_mean(few):
    clf = make_mlp(epochs=2, weight_averaging=2, warm_start=True).fit(*few)
    mean = weights(clf)
    clf.set_params(learning_rate=1e-30, epochs=1).fit(*few)
    for before, after in zip(mean, weights(clf), strict=True):
        np.testing.assert_allclose(before, after, atol=1e-6)
    assert clf.n_epochs_ == 3


def test_a_model_that_was_handed_out_gets_the_mean(few):
    clf = make_mlp(epochs=2, weight_averaging=2).fit(*few)
    import keras

    seen = make_mlp(
        epochs=2, weight_averaging=2, callbacks=[keras.callbacks.Callback()]
    )
    seen.fit(*few)
    for one, other in zip(weights(clf), seen.model_.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("stopped", [1, 3])
def test_a_stopped_fit_goes_on_to_the_same_bits(few, tmp_path, stopped):
    params = {**NORMS, "epochs": 4, "weight_averaging": 3}
    whole = make_mlp(**params).fit(*few)
    clf = make_mlp(**params, checkpoint=tmp_path / "epochs")
    clf.set_params(callbacks=[crash_in(stopped)])
    with pytest.raises(CrashError):
        clf.fit(*few)
    clf.set_params(callbacks=None)
    # The second finds all epochs trained.
    for _ in range(2):
        clf.fit(*few)
        for one, other in zip(weights(whole), weights(clf), strict=True):
            np.testing.assert_array_equal(one, other)
    clf.set_params(weight_averaging=2)
    with pytest.raises(CheckpointError, match="weight_averaging is 3 there, 2 here"):
        clf.fit(*few)


def test_what_has_no_last_epochs_is_refused(few):
    with pytest.raises(ParameterError, match=r"weight_averaging=2.*early_stopping"):
        make_cnn(weight_averaging=2, early_stopping=True).fit(*few)
    with pytest.raises(ParameterError, match=r"weight_averaging=2.*partial_fit"):
        make_cnn(weight_averaging=2).partial_fit(*few, classes=range(10))
    with pytest.raises(ValueError, match="weight_averaging"):
        make_cnn(weight_averaging=-1).fit(*few)
