"""Epochs that leave out rows which are learnt already."""

import numpy as np
import pytest

from helpers.classifiers import make_cnn, make_mlp
from helpers.crashes import CrashError, crash_in
from skfashion.exceptions import CheckpointError


@pytest.fixture(autouse=True)
def _few_are_enough(monkeypatch):
    monkeypatch.setattr("skfashion._backend.subsample._FEWEST", 1)


@pytest.fixture(scope="module", name="few")
def fixture_few(train):
    return train[0][:200], train[1][:200]


@pytest.fixture(name="taken")
def fixture_taken(monkeypatch):
    """The rows of each epoch, and their losses."""
    from skfashion._backend.subsample import Subsample

    seen = []
    take = Subsample.take

    def note(self, rows, told):
        if not seen or len(seen[-1][0]) >= self.count(self.epochs[0] + len(seen) - 1):
            seen.append(([], [], []))
        seen[-1][0].extend(rows)
        seen[-1][1].extend(told[:, 0])
        seen[-1][2].extend(told[:, 2])
        take(self, rows, told)

    monkeypatch.setattr(Subsample, "take", note)
    return seen


def weights(clf):
    return [value.copy() for value in clf._fitted_network.values]


def assert_equal_bits(one, other):
    for value, its in zip(weights(one), weights(other), strict=True):
        np.testing.assert_array_equal(value, its)


def test_the_rows_of_highest_priority_of_an_epoch_are_in_the_next(make, few, taken):
    clf = make(epochs=4, subsample=0.5).fit(*few)
    assert [len(rows) for rows, *_ in taken] == [200, 100, 100, 200]
    rows, _, priority = map(np.array, taken[0])
    assert set(rows[np.argsort(priority)[-60:]]) < set(taken[1][0])
    # In the history all rows count, as they were last seen.
    known, means = np.zeros(200), []
    for rows, losses, _ in taken:
        known[rows] = losses
        means.append(known.mean())
    np.testing.assert_allclose(clf.loss_curve_, means, rtol=1e-5)


def test_the_history_is_that_of_all_rows(make, few):
    """At a rate that changes nothing each epoch tells the same."""
    rates = {"learning_rate": 1e-30, "dropout": 0.0, "alpha": 0.1}
    told = make(epochs=3, subsample=0.5, **rates).fit(*few).history_
    for name, values in make(epochs=3, **rates).fit(*few).history_.items():
        np.testing.assert_allclose(told[name], values, rtol=1e-5)


def test_losses_are_those_of_the_rows(few, taken):
    # At a rate that changes nothing.
    clf = make_mlp(epochs=1, subsample=0.5, learning_rate=1e-30, dropout=0.0).fit(*few)
    rows, losses, priority = map(np.array, taken[0])
    right = clf.predict_proba(few[0])[rows, few[1][rows]]
    np.testing.assert_allclose(losses, -np.log(right), rtol=1e-4)
    np.testing.assert_allclose(priority, -right * np.log(right), rtol=1e-3)


def test_smoothed_labels_do_not_change_the_priority(few, taken):
    rates = {"learning_rate": 1e-30, "dropout": 0.0, "epochs": 1, "subsample": 0.5}
    clf = make_mlp(label_smoothing=0.3, **rates).fit(*few)
    rows, _, priority = map(np.array, taken[0])
    right = clf.predict_proba(few[0])[rows, few[1][rows]]
    np.testing.assert_allclose(priority, -right * np.log(right), rtol=1e-3)


def test_wrong_labels_are_not_preferred(train, taken):
    """One label in ten is: no more of those rows that are taken for what is known."""
    X, y = train
    wrong = np.arange(len(y)) % 10 == 0
    y = np.where(wrong, (y + 5) % 10, y)
    make_mlp(epochs=12, subsample=0.4, dropout=0.0).fit(X, y)
    parts = [np.mean(wrong[np.array(rows)]) for rows, *_ in taken[6:-1]]
    assert np.mean(parts) < 0.2


def test_one_leaves_no_row_out(few, taken, monkeypatch):
    import keras

    steps = []
    listener = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: steps.append(batch)
    )
    make_mlp(subsample=1, epochs=3, callbacks=[listener]).fit(*few)
    assert len(steps) == 3 * 7
    assert not taken


def test_same_bits_whoever_listens(make, few):
    import keras

    clf = make(epochs=4, subsample=0.5).fit(*few)
    seen = []
    listener = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(batch)
    )
    listened = make(epochs=4, subsample=0.5, callbacks=[listener]).fit(*few)
    assert_equal_bits(clf, listened)
    assert len(seen) == 7 + 4 + 4 + 7


def test_listeners_know_how_many_steps_an_epoch_has(few):
    import keras

    class Count(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            told.append(self.params["steps"])

        def on_train_batch_end(self, batch, logs=None):
            taken.append(batch)

    told, taken = [], []
    make_mlp(epochs=4, subsample=0.5, callbacks=[Count()]).fit(*few)
    assert told == [7, 4, 4, 7]
    assert len(taken) == sum(told)


def test_as_well_under_xla(few, monkeypatch):
    from skfashion._backend import compiled_step, step_cache

    plain = make_mlp(epochs=4, subsample=0.5).fit(*few)
    monkeypatch.setattr(compiled_step, "_XLA_STEPS", 1)
    monkeypatch.setattr(compiled_step, "CHUNK_BATCHES", 2)
    step_cache.cache_clear()
    fast = make_mlp(epochs=4, subsample=0.5).fit(*few)
    step_cache.cache_clear()
    np.testing.assert_allclose(fast.loss_curve_, plain.loss_curve_, rtol=1e-3)
    np.testing.assert_allclose(fast.coefs_[0], plain.coefs_[0], atol=1e-3)


def test_rows_of_no_weight_are_not_hard(few, taken):
    weight = np.ones(200)
    weight[:100] = 0
    make_mlp(epochs=3, subsample=0.5).fit(*few, sample_weight=weight)
    # 60 hard ones have a weight, and half of the others.
    assert sum(row >= 100 for row in taken[1][0]) > 60


def test_a_part_is_trained_on_whole(few, taken):
    clf = make_mlp(subsample=0.5).partial_fit(*few, classes=range(10))
    assert_equal_bits(clf, make_mlp().partial_fit(*few, classes=range(10)))
    assert not taken


def test_each_fit_begins_with_all_rows(few, taken):
    clf = make_mlp(epochs=3, subsample=0.5, warm_start=True).fit(*few)
    clf.fit(*few)
    assert [len(rows) for rows, *_ in taken[:3]] == [200, 100, 200]
    assert sum(len(rows) for rows, *_ in taken[3:]) == 500


@pytest.mark.parametrize("stopped", [1, 3])
def test_a_stopped_fit_goes_on_to_the_same_bits(few, tmp_path, stopped):
    whole = make_mlp(epochs=5, subsample=0.4).fit(*few)
    clf = make_mlp(epochs=5, subsample=0.4, checkpoint=tmp_path / "epochs")
    clf.set_params(callbacks=[crash_in(stopped)])
    with pytest.raises(CrashError):
        clf.fit(*few)
    clf.set_params(callbacks=None)
    # The second finds all epochs trained.
    for _ in range(2):
        assert_equal_bits(whole, clf.fit(*few))
    clf.set_params(subsample=0.5)
    with pytest.raises(CheckpointError, match=r"subsample is 0\.4 there, 0\.5 here"):
        clf.fit(*few)


def test_losses_of_other_rows_are_refused(few, tmp_path, monkeypatch):
    from skfashion.neural_network._checkpoint import Checkpoints

    clf = make_mlp(epochs=2, subsample=0.4, checkpoint=tmp_path / "epochs")
    clf.fit(*few)
    go_to_last = Checkpoints.go_to_last

    def without(self, *args):
        progress = go_to_last(self, *args)
        progress.arrays["seen"] = [np.zeros((3, 3), np.float32)]
        return progress

    monkeypatch.setattr(Checkpoints, "go_to_last", without)
    with pytest.raises(CheckpointError, match="does not hold what was seen"):
        clf.fit(*few)


def test_max_time_counts_the_rows(few, monkeypatch):
    from skfashion.neural_network import _base, _time_budget

    monkeypatch.setattr(_time_budget, "time_epoch", lambda *_: (2.0, 0.5))
    monkeypatch.setattr(_base.time, "perf_counter", lambda: 10.0)
    monkeypatch.setattr(_time_budget, "perf_counter", lambda: 10.0)
    # Two whole ones of 2.5 seconds, then such of 1.5.
    for seconds, n_epochs in ((2.0, 1), (4.7, 1), (4.8, 2), (8.0, 4)):
        clf = make_mlp(max_time=seconds, subsample=0.5).fit(*few)
        assert clf.n_iter_ == n_epochs


def test_steps_are_compiled_once_for_timing_and_training(few):
    from skfashion._backend import step_cache

    step_cache.cache_clear()
    make_mlp(max_time=0.001, subsample=0.5).fit(*few)
    assert step_cache.cache_info().misses == 1


def test_all_rows_are_taken_where_nobody_tells_their_losses(few, taken, tmp_path):
    import keras

    class Own(keras.optimizers.SGD):
        pass

    backup = keras.callbacks.BackupAndRestore(tmp_path / "backup")
    for settings in ({"optimizer": Own()}, {"callbacks": [backup]}):
        some = make_mlp(subsample=0.5, **settings).fit(*few)
        np.testing.assert_array_equal(
            some.predict(few[0]), make_mlp(**settings).fit(*few).predict(few[0])
        )
    clf = make_mlp(subsample=0.5, warm_start=True, epochs=1).fit(*few)
    clf.model_.layers[1].trainable = False
    taken.clear()
    clf.fit(*few)
    assert not taken


def test_parts_that_are_none_are_refused(few):
    for wrong in (0, 1.5, None):
        with pytest.raises(ValueError, match="subsample"):
            make_cnn(subsample=wrong).fit(*few)


def test_files_of_before_have_all_rows():
    from skfashion.neural_network._state import FORMER

    assert FORMER["subsample"] == 1
