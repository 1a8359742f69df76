"""scikit-learn's own callbacks: progress, scores by epoch, a wish to stop."""

import copy
import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.callback import ProgressBar, ScoringMonitor
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from helpers.classifiers import make_cnn, make_keras, make_mlp
from skfashion import PixelScaler

pytestmark = pytest.mark.filterwarnings("error")


class Recorder:
    """Notes what it is told; asks to stop after so many epochs."""

    def __init__(self, stop_after=None):
        self.stop_after = stop_after
        self.events = []

    def setup(self, estimator, context):
        self.events.append("setup")

    def teardown(self, estimator, context):
        self.events.append("teardown")

    def on_fit_task_begin(self, estimator, context, *, X=None, y=None):
        self.events.append(f"begin {context.task_name} {context.task_id}")
        self.data = X, y

    def on_fit_task_end(self, estimator, context):
        self.events.append(f"end {context.task_name} {context.task_id}")
        return context.task_name == "epoch" and context.task_id + 1 == self.stop_after


class Fitted(Recorder):
    """Keeps the classifiers that it is given."""

    def __init__(self):
        super().__init__()
        self.kept = []

    def on_fit_task_end(self, estimator, context, *, fitted_estimator=None):
        self.kept.append((context.task_name, fitted_estimator))


class Failing(Recorder):
    def on_fit_task_end(self, estimator, context):
        raise RuntimeError("it failed")


class Nested(Recorder):
    """Goes down to the last estimator of a search."""

    max_propagation_depth = None


def kept_alive_by():
    return {thread for thread in threading.enumerate() if not thread.daemon}


def epochs(recorder):
    return [event for event in recorder.events if event.startswith("end epoch")]


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    return rng.random((60, 25), dtype=np.float32), np.arange(60) % 3


def test_a_fit_and_each_of_its_epochs_are_tasks(data):
    recorder = Recorder()
    clf = make_mlp(epochs=2).set_callbacks(recorder)
    assert clf.fit(*data) is clf
    assert recorder.events == [
        "setup",
        "begin fit 0",
        "begin epoch 0",
        "end epoch 0",
        "begin epoch 1",
        "end epoch 1",
        "end fit 0",
        "teardown",
    ]
    assert recorder.data[0] is data[0]
    assert recorder.data[1] is data[1]


@pytest.mark.parametrize("make", [make_mlp, make_cnn])
def test_they_change_no_bit(make, data):
    told = make(epochs=2).set_callbacks(Recorder(), Fitted()).fit(*data)
    alone = make(epochs=2).fit(*data)
    np.testing.assert_array_equal(
        told.predict_proba(data[0]), alone.predict_proba(data[0])
    )


def test_one_of_them_ends_training(data):
    clf = make_mlp(epochs=5).set_callbacks(recorder := Recorder(stop_after=2))
    clf.fit(*data)
    assert clf.n_iter_ == 2
    assert len(epochs(recorder)) == 2
    assert recorder.events[-2:] == ["end fit 0", "teardown"]


def test_early_stopping_begins_no_epoch_that_does_not_come(data):
    recorder = Recorder()
    clf = make_mlp(epochs=30, early_stopping=True, n_iter_no_change=1)
    clf.set_callbacks(recorder).fit(*data)
    begun = [event for event in recorder.events if event.startswith("begin epoch")]
    assert len(begun) == len(epochs(recorder)) == clf.n_iter_ < 30


def test_an_epoch_gives_a_classifier_that_is_fitted_with_it(data):
    keeper = Fitted()
    clf = make_mlp(epochs=3).set_callbacks(keeper).fit(*data)
    assert [name for name, _ in keeper.kept] == ["epoch"] * 3 + ["fit"]
    for n_epochs, (_, fitted) in enumerate(keeper.kept[:3], 1):
        alone = make_mlp(epochs=n_epochs).fit(*data)
        assert fitted.n_iter_ == n_epochs
        assert fitted.history_ == alone.history_
        np.testing.assert_array_equal(
            fitted.predict_proba(data[0]), alone.predict_proba(data[0])
        )
    last = keeper.kept[3][1]
    assert last is not clf
    np.testing.assert_array_equal(last.predict(data[0]), clf.predict(data[0]))


def test_with_warm_start_the_history_goes_on(data):
    keeper = Fitted()
    clf = make_mlp(epochs=2, warm_start=True).fit(*data)
    clf.set_callbacks(keeper).fit(*data)
    assert [len(fitted.history_["loss"]) for _, fitted in keeper.kept] == [3, 4, 4]
    assert [fitted.n_iter_ for _, fitted in keeper.kept] == [1, 2, 2]


def test_with_warm_start_the_history_keeps_what_is_validated_no_more(data):
    keeper = Fitted()
    clf = make_mlp(epochs=2, warm_start=True)
    clf.fit(*data, X_val=data[0][:20], y_val=data[1][:20])
    clf.set_callbacks(keeper).fit(*data)
    assert keeper.kept[1][1].history_ == clf.history_
    assert len(clf.history_["val_loss"]) == 2


def test_a_copy_of_a_fitted_classifier_shares_its_weights(data):
    clf = make_mlp(epochs=1, hidden_layer_sizes=(8,)).fit(*data)
    copied = copy.copy(clf)
    ours, theirs = clf._fitted_network.values, copied._fitted_network.values
    assert all(map(np.shares_memory, ours, theirs))
    before = clf.predict_proba(data[0])
    copied.partial_fit(*data)
    np.testing.assert_array_equal(clf.predict_proba(data[0]), before)
    assert np.any(copied.predict_proba(data[0]) != before)


def test_a_copy_of_one_whose_model_was_changed_is_of_its_own(data):
    clf = make_mlp(epochs=1).fit(*data)
    weights = clf.model_.get_weights()
    copied = copy.copy(clf)
    before = copied.predict_proba(data[0])
    clf.model_.set_weights([0 * w for w in weights])
    np.testing.assert_array_equal(copied.predict_proba(data[0]), before)


def test_a_fit_that_fails_ends_what_they_began(data):
    X, y = data
    recorder = Recorder()
    clf = make_mlp(epochs=1).set_callbacks(recorder)
    with pytest.raises(ValueError, match="NaN"):
        clf.fit(np.where(X > 0.5, np.nan, X), y)
    assert recorder.events == ["setup", "begin fit 0", "teardown"]
    threads = kept_alive_by()
    clf.set_callbacks(ProgressBar())
    with pytest.raises(ValueError, match="NaN"):
        clf.fit(np.where(X > 0.5, np.nan, X), y)
    # What draws the bars would keep the process alive; its listener does not.
    assert kept_alive_by() == threads
    assert not hasattr(clf, "_callback_fit_ctx")


def test_one_that_fails_leaves_the_classifier_as_it_was(data):
    clf = make_mlp(epochs=1).fit(*data)
    before = clf.predict_proba(data[0])
    clf.set_callbacks(failing := Failing())
    with pytest.raises(RuntimeError, match="it failed"):
        clf.fit(*data)
    assert failing.events[-1] == "teardown"
    np.testing.assert_array_equal(clf.predict_proba(data[0]), before)


def test_weights_of_the_rows_come_with_the_data(data):
    monitor = ScoringMonitor(scoring="accuracy")
    clf = make_mlp(epochs=2).set_callbacks(monitor)
    weights = np.linspace(1, 2, 60)
    clf.fit(*data, sample_weight=weights)
    scores = [row["accuracy"] for row in monitor.get_logs().data]
    assert scores[-1] == clf.score(*data, sample_weight=weights)
    assert len(scores) == 3


def test_without_a_number_of_epochs_a_budget_of_time_is_told(data):
    recorder = Recorder()
    clf = make_mlp(max_time=0.5, epochs=1).set_callbacks(recorder).fit(*data)
    assert len(epochs(recorder)) == clf.n_iter_


def test_a_network_of_ones_own_takes_them(data):
    recorder = Recorder()
    clf = make_keras(epochs=2).set_callbacks(recorder).fit(*data)
    assert len(epochs(recorder)) == clf.n_iter_ == 2


def test_a_search_shows_one_bar_down_to_the_epoch(data):
    pipeline = Pipeline([("scale", PixelScaler()), ("clf", make_mlp(epochs=2))])
    search = GridSearchCV(pipeline, {"clf__hidden_layer_sizes": [(4,), (5,)]}, cv=2)
    recorder = Nested()
    search.set_callbacks(recorder, ProgressBar(max_propagation_depth=None))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        search.fit(*data)
    # Four of the search, and the one on all data.
    assert len(epochs(recorder)) == 5 * 2
    assert recorder.events.count("setup") == recorder.events.count("teardown") == 1
    assert not hasattr(search.best_estimator_["clf"], "_parent_callback_ctx")


def test_a_scaler_tells_of_its_fit_and_ends_one_that_fails(data):
    scaler = PixelScaler().set_callbacks(recorder := Recorder())
    scaler.fit(data[0])
    assert recorder.events == ["setup", "begin fit 0", "end fit 0", "teardown"]
    with pytest.raises(ValueError, match="NaN"):
        scaler.fit(np.full_like(data[0], np.nan))
    assert recorder.events[4:] == ["setup", "begin fit 0", "teardown"]
    assert not hasattr(scaler, "_callback_fit_ctx")


def test_a_clone_and_a_copy_by_pickle_keep_them(data):
    clf = make_mlp(epochs=1).set_callbacks(recorder := Recorder()).fit(*data)
    assert clone(clf)._skl_callbacks == [recorder]
    assert copy.deepcopy(clf)._skl_callbacks[0].events == recorder.events


def test_partial_fit_tells_nobody(data):
    clf = make_mlp().set_callbacks(recorder := Recorder())
    clf.partial_fit(*data, classes=[0, 1, 2])
    assert recorder.events == []


def test_all_else_works_where_scikit_learn_has_moved_them():
    script = """
import numpy, sklearn.callback
del sklearn.callback.CallbackSupportMixin
from skfashion import FashionMLPClassifier
clf = FashionMLPClassifier((4,), epochs=1)
clf.fit(numpy.eye(16, dtype="float32"), numpy.arange(16) % 2)
assert not hasattr(clf, "set_callbacks")
"""
    subprocess.run([sys.executable, "-c", script], check=True)
