"""``max_time``: how many epochs, and that nothing else comes of it. No real clock."""

import itertools

import numpy as np
import pytest

from helpers.classifiers import make_keras, make_mlp
from skfashion.exceptions import ParameterError


@pytest.fixture
def paced(monkeypatch):
    """Have an epoch take 2 seconds, and the work before the first step 1; the calls."""
    from skfashion.neural_network import _base, _time_budget

    calls = []

    def time_epoch(*args):
        calls.append(args)
        return 2.0, 0.0

    monkeypatch.setattr(_time_budget, "time_epoch", time_epoch)
    monkeypatch.setattr(_base.time, "perf_counter", lambda: 10.0)
    monkeypatch.setattr(_time_budget, "perf_counter", lambda: 11.0)
    return calls


def test_as_many_epochs_as_fit_into_it(train, paced):
    x, y = train[0][:64], train[1][:64]
    # (seconds - 1 + 5%) / 2, rounded down.
    for seconds, n_epochs in ((0.5, 1), (4.7, 1), (4.8, 2), (8.6, 4)):
        clf = make_mlp(max_time=seconds, epochs=9, learning_rate_schedule="one_cycle")
        clf.fit(x, y)
        assert clf.n_iter_ == n_epochs
    assert [args[-1] / seconds for args in paced[-1:]] == [pytest.approx(0.02)]
    again = clf.set_params(max_time=None, epochs=4)
    proba = clf.predict_proba(x)
    np.testing.assert_array_equal(again.fit(x, y).predict_proba(x), proba)


def test_a_part_is_one_epoch(train, paced):
    clf = make_mlp(max_time=100.0).partial_fit(train[0][:64], train[1][:64], range(10))
    assert clf.n_iter_ == 1
    assert not paced


def test_what_was_stopped_keeps_its_number(train, paced, tmp_path):
    import keras

    class Fails(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 1:
                raise RuntimeError("stop here")

    x, y = train[0][:64], train[1][:64]
    params = {"max_time": 8.6, "learning_rate_schedule": "cosine"}
    whole = make_mlp(**params).fit(x, y).predict_proba(x)
    with pytest.raises(RuntimeError, match="stop here"):
        make_mlp(checkpoint=tmp_path, callbacks=[Fails()], **params).fit(x, y)
    timed = len(paced)
    resumed = make_mlp(checkpoint=tmp_path, **params).fit(x, y)
    np.testing.assert_array_equal(resumed.predict_proba(x), whole)
    assert resumed.n_iter_ == 4
    assert len(paced) == timed


@pytest.mark.parametrize("make", [make_mlp, make_keras])
@pytest.mark.parametrize("xla", [False, True])
def test_steps_are_timed_on_what_nobody_keeps(make, xla, train, test, monkeypatch):
    from skfashion._backend import compiled_step, step_cache, timing

    monkeypatch.setattr(compiled_step, "_XLA_STEPS", 1 if xla else 10**9)
    monkeypatch.setattr(compiled_step, "CHUNK_BATCHES", 2)
    step_cache.cache_clear()
    ticks = itertools.count()
    monkeypatch.setattr(timing, "perf_counter", lambda: float(next(ticks)))
    told = []

    def time_epoch(*args):
        told.append(timing.time_epoch(*args))
        return told[-1]

    from skfashion.neural_network import _time_budget

    monkeypatch.setattr(_time_budget, "time_epoch", time_epoch)
    x, y = train[0][:330], train[1][:330]
    held_out = {"X_val": np.tile(test[0], (10, 1)), "y_val": np.tile(test[1], 10)}
    clf = make(max_time=1e-3, dropout=0.0).fit(x, y, **held_out)
    # A second a chunk, of which one was timed; one for 4,096 of 5,000 to validate.
    assert told == [pytest.approx((330 / 64, 5000 / 4096))]
    assert clf.n_iter_ == 1
    assert step_cache.cache_info().misses == 1
    again = make(epochs=1, dropout=0.0).fit(x, y, **held_out)
    np.testing.assert_array_equal(clf.predict_proba(x), again.predict_proba(x))
    assert clf.history_ == again.history_
    step_cache.cache_clear()


def test_a_fit_that_goes_on_is_timed_as_it_trains(train, paced):
    x, y = train[0][:64], train[1][:64]
    clf = make_mlp(max_time=8.6, warm_start=True).fit(x, y)
    clf.model_.layers[1].trainable = False
    clf.fit(x, y)
    assert clf.n_epochs_ == 8
    # Of the model as it was changed.
    assert any(paced[-1][1].frozen)


@pytest.mark.parametrize("kind", ["BackupAndRestore", "TerminateOnNaN"])
def test_callbacks_whose_time_cannot_be_told_are_refused(kind, train, paced, tmp_path):
    import keras

    made = {
        "BackupAndRestore": lambda: keras.callbacks.BackupAndRestore(tmp_path / "b"),
        "TerminateOnNaN": keras.callbacks.TerminateOnNaN,
    }[kind]()
    clf = make_mlp(max_time=3, callbacks=[made])
    with pytest.raises(ParameterError, match=f"^max_time=3 cannot tell .* {kind} "):
        clf.fit(train[0][:64], train[1][:64])
    assert not paced
