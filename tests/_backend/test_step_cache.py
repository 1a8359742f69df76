"""What makes refits fast: nothing traced or compiled twice, few Python steps."""

import gc
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from helpers.classifiers import make_mlp


@pytest.fixture(name="step_cache", autouse=True)
def fixture_step_cache(monkeypatch):
    """The cache, empty, and the list of every step it makes."""
    from skfashion._backend import step_cache

    made = []

    class Recorded(step_cache.CompiledStep):
        def __init__(self, *args):
            super().__init__(*args)
            made.append(self)

    monkeypatch.setattr(step_cache, "CompiledStep", Recorded)
    monkeypatch.setattr(step_cache, "made", made, raising=False)
    step_cache.cache_clear()
    yield step_cache
    step_cache.cache_clear()


def test_a_refit_traces_nothing_whatever_its_rows(make, train, step_cache):
    X, y = train
    for rows in (600, 599, 400, 133, 600):
        make(epochs=2, random_state=rows, learning_rate=0.001 * rows).fit(
            X[:rows], y[:rows]
        )
    (step,) = step_cache.made
    assert step.n_traces == 1
    assert step_cache.cache_info()[:2] == (4, 1)


def test_folds_that_differ_by_a_row_share(train, step_cache):
    from sklearn.model_selection import GridSearchCV

    X, y = train
    sizes = [(8,), (9,), (10,)]
    search = GridSearchCV(
        make_mlp(epochs=1), {"hidden_layer_sizes": sizes}, cv=3, error_score="raise"
    )
    search.fit(X[:199], y[:199])
    assert len(step_cache.made) == len(sizes)
    assert [step.n_traces for step in step_cache.made] == [1, 1, 1]


@pytest.mark.parametrize("xla", [False, True], ids=["plain", "xla"])
def test_an_epoch_is_a_few_calls(train, step_cache, monkeypatch, xla):
    from skfashion._backend import compiled_step

    monkeypatch.setattr(compiled_step, "_XLA_STEPS", 1 if xla else 10**9)
    X, y = np.tile(train[0], (4, 1)), np.tile(train[1], 4)
    make_mlp(dropout=0, batch_size=16, epochs=3).fit(X[:2105], y[:2105])
    make_mlp(dropout=0, batch_size=16, epochs=1).fit(X[:2000], y[:2000])
    (step,) = step_cache.made
    # 131 whole batches: 64, 64 and 3; and, not under XLA only with them, the last.
    assert step.n_calls == 3 * (4 if xla else 3) + 2
    assert step.n_traces == (2 if xla else 1)


def test_what_differs_does_not_share(train, step_cache):
    for params in (
        {},
        {"hidden_layer_sizes": (33,)},
        {"dropout": 0},
        {"alpha": 1.0},
        {"optimizer": "sgd"},
        {"activation": "tanh"},
    ):
        make_mlp(epochs=1, **params).fit(*train)
    make_mlp(epochs=1).fit(*train, sample_weight=np.ones(600))
    make_mlp(epochs=1).fit(train[0][:, :700], train[1])
    assert len(step_cache.made) == 8


def test_values_of_a_config_are_arguments(make, sample, step_cache):
    """A search over them compiles once."""
    X, y = sample[0][:64], sample[1][:64]
    fitted = [
        make(epochs=1, **{"rescale": 1 / 255, "alpha": 1.0, "dropout": 0.2, **params})
        for params in (
            {},
            {"dropout": 0.7},
            {"alpha": 100.0},
            {"rescale": 1 / 300},
            {"learning_rate": 0.1},
        )
    ]
    told = {repr(one.fit(X, y).history_["loss"]) for one in fitted[:4]}
    # The first loss is computed before the step is taken.
    told |= {repr(fitted[4].fit(X, y).predict_proba(X[:1]).tolist())}
    assert len(told) == 5
    assert len(step_cache.made) == 1


def test_a_refit_is_as_good_as_the_first(make, train, step_cache):
    params = {"dropout": 0.3, "optimizer": "adam"}
    first = make(**params).fit(*train).predict_proba(train[0])
    make(**params, random_state=3).fit(*train)
    again = make(**params).fit(*train).predict_proba(train[0])
    assert len(step_cache.made) == 1
    np.testing.assert_array_equal(first, again)
    step_cache.cache_clear()
    np.testing.assert_array_equal(
        first, make(**params).fit(*train).predict_proba(train[0])
    )


def test_the_cache_is_bounded_and_releases(train, step_cache, monkeypatch):
    from skfashion._backend.runtime import tf

    monkeypatch.setattr(step_cache, "_MAX_IDLE", 2)
    for size in range(5, 11):
        make_mlp(hidden_layer_sizes=(size,), epochs=1).fit(train[0][:64], train[1][:64])
    assert step_cache.cache_info().currsize == 2
    step_cache.made.clear()
    gc.collect()
    graphs = [
        graph
        for graph in gc.get_objects()
        if isinstance(graph, tf.Graph) and getattr(graph, "name", "") == "train"
    ]
    assert len(graphs) == 2


def test_steps_under_xla_count_apart(train, step_cache, monkeypatch):
    from skfashion._backend import compiled_step

    monkeypatch.setattr(step_cache, "_MAX_IDLE", 1)
    monkeypatch.setattr(step_cache, "_MAX_XLA", 2)
    for steps, dropout in ((1, 0), (10**9, 0.3)):
        monkeypatch.setattr(compiled_step, "_XLA_STEPS", steps)
        for size in (5, 6, 7):
            clf = make_mlp(hidden_layer_sizes=(size,), dropout=dropout, epochs=1)
            clf.fit(train[0][:64], train[1][:64])
    idle = [step.under_xla for step in step_cache._all_idle()]
    assert idle == [True, True, False]


def test_a_failed_fit_gives_no_step_back(train, step_cache):
    import keras

    class Fails(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise RuntimeError("stop here")

    with pytest.raises(RuntimeError, match="stop here"):
        make_mlp(callbacks=[Fails()]).fit(*train)
    assert step_cache.cache_info().currsize == 0


def test_fits_in_two_threads_are_those_one_after_the_other(train, step_cache):
    estimators = [make_mlp(random_state=seed) for seed in range(4)]
    alone = [make_mlp(random_state=s).fit(*train).predict_proba(train[0]) for s in (0,)]
    threads = [threading.Thread(target=e.fit, args=train) for e in estimators]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(alone[0], estimators[0].predict_proba(train[0]))
    seeds = {e.predict_proba(train[0][:1]).tobytes() for e in estimators}
    assert len(seeds) == 4
    assert len(step_cache.made) <= 4


GROWTH = """
import gc
from skfashion import FashionMLPClassifier, load_fashion_sample

def resident():
    gc.collect()
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6

X, y = load_fashion_sample(return_X_y=True)
for number in range(110):
    if number == 20:
        before = resident()
    # Collected at a pace of its own: what waits for the collector, which Python 3.13
    # calls half as often, would decide how far the heap is spread.
    if number % 10 == 0:
        gc.collect()
    FashionMLPClassifier((16 + number,), rescale=1 / 255, epochs=1).fit(
        X[:256], y[:256]
    ).predict(X[:64])
print(resident() - before)
"""


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="Linux tells it")
def test_changing_architectures_leave_little_behind():
    # In a process of its own, where nothing else comes and goes.
    run = subprocess.run(
        [sys.executable, "-c", GROWTH], capture_output=True, text=True, check=True
    )
    # At the rate of 200 MB in 180 fits.
    assert float(run.stdout) < 90 * 200 / 180
