"""Threads beside one another, processes beside one another, and forks."""

import multiprocessing
import os
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import joblib
import numpy as np
import pytest

import skfashion
from helpers.classifiers import make_cnn, make_mlp
from skfashion import PixelScaler, load_fashion_sample
from skfashion._utils.processes import thread_limit
from skfashion.exceptions import ForkError, SkfashionError

# Seconds after which a process that should have answered counts as hung.
LIMIT = 60
can_fork = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="no fork here"
)


def cores():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


several_cores = pytest.mark.skipif(cores() < 2, reason="one core is one thread")


def together(works):
    """Run each function in a thread of its own, all of them at the same time."""
    start = threading.Barrier(len(works))

    def run(work):
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def test_eight_threads_predict_on_one_estimator(make, train, record_property):
    record_property("same_bits", "predictions in eight threads at once")
    X, y = train
    one, other = (make(epochs=1).fit(X, y) for _ in range(2))
    parts = [X[:1], X[1:2], X[:100], X[100:], X[:37], X[37:], X, X[::3]]
    expected = [one.predict_proba(part) for part in parts]
    # One that has read its weights already, and one whose threads all want to.
    for fitted in (one, other):
        got = together([partial(fitted.predict_proba, part) for part in parts])
        for bits, alone in zip(got, expected, strict=True):
            np.testing.assert_array_equal(bits, alone)


@pytest.mark.parametrize("sizes", [(8, 8), (8, 16)], ids=["one step", "two"])
def test_two_threads_fit_two_estimators(make, train, sizes, record_property):
    record_property("same_bits", "fits in two threads at once")
    name = "filters" if make is make_cnn else "hidden_layer_sizes"

    def fit(seed, size):
        params = {name: (size,), "dropout": 0.3, "epochs": 2, "random_state": seed}
        return make(**params).fit(*train).predict_proba(train[0])

    works = [partial(fit, seed, sizes[seed]) for seed in (0, 1)]
    expected = [work() for work in works]
    for bits, alone in zip(together(works), expected, strict=True):
        np.testing.assert_array_equal(bits, alone)


# What is called in other processes, which import this file.


def fit_and_predict(make):
    """Return the bits of a fit and TensorFlow's two numbers of threads."""
    X, y = load_fashion_sample(return_X_y=True)
    X = PixelScaler().fit_transform(X[:600])
    bits = make(dropout=0.3).fit(X, y[:600]).predict_proba(X)

    import tensorflow as tf

    chosen = tf.config.threading
    return bits, (
        chosen.get_intra_op_parallelism_threads(),
        chosen.get_inter_op_parallelism_threads(),
    )


def answer_to(pipe, work, *arguments):
    try:
        pipe.send(work(*arguments))
    except Exception as error:
        pipe.send(error)


def in_process(method, work, *arguments):
    """Call in a process of its own; return what it returns or raises."""
    context = multiprocessing.get_context(method)
    here, there = context.Pipe()
    process = context.Process(target=answer_to, args=(there, work, *arguments))
    process.start()
    try:
        assert here.poll(LIMIT), f"no answer from a process made by {method}"
        return here.recv()
    finally:
        process.kill()
        process.join()


def fit_both():
    """Fit an MLP and a CNN; return the bits of both, and the numbers of threads."""
    (mlp, threads), (cnn, _) = fit_and_predict(make_mlp), fit_and_predict(make_cnn)
    return mlp, cnn, threads


def fit_in_a_fork():
    return in_process("fork", fit_both)


def set_inter_and_fit(number):
    import tensorflow as tf

    tf.config.threading.set_inter_op_parallelism_threads(number)
    return fit_and_predict(make_mlp)


@can_fork
def test_a_fork_is_refused_where_tensorflow_is_needed(make, train, tmp_path):
    X, y = train
    fitted = make(epochs=1).fit(X, y)
    pickled = pickle.dumps(fitted)
    place = tmp_path / "model.skfashion"
    saved = skfashion.save(fitted, place).read_bytes()
    works = [
        lambda: skfashion.from_keras(fitted.model_),
        lambda: skfashion.compare_models(fitted, fitted),
        lambda: make(epochs=1).fit(X, y),
        lambda: fitted.fit(X, y),
        lambda: fitted.partial_fit(X, y),
        lambda: fitted.predict(X),
        lambda: pickle.loads(pickled).predict(X),
    ]
    for work in works:
        error = in_process("fork", work)
        assert isinstance(error, ForkError)
        assert isinstance(error, SkfashionError)
        assert isinstance(error, RuntimeError)
        assert "'spawn'" in str(error)
        assert "'loky'" in str(error)
    # What is a value needs no TensorFlow.
    for work in (
        lambda: skfashion.save(fitted, place),
        lambda: skfashion.save(pickle.loads(pickled), place),
    ):
        place.unlink()
        assert in_process("fork", work) == place
        assert place.read_bytes() == saved
    assert in_process("fork", lambda: fitted.loss_curve_) == fitted.loss_curve_
    # And a classifier passes through unharmed.
    again = in_process("fork", lambda: pickle.loads(pickled))
    np.testing.assert_array_equal(again.predict_proba(X), fitted.predict_proba(X))


@can_fork
def test_one_row_of_a_dense_network_is_predicted_in_a_fork(train):
    fitted = make_mlp(epochs=1).fit(*train)
    row = train[0][:1]
    bits = in_process("fork", fitted.predict_proba, row)
    np.testing.assert_array_equal(bits, fitted.predict_proba(row))


@can_fork
def test_pools_of_forks_end_with_the_error(make, train):
    X, y = train
    fitted = make(epochs=1).fit(X, y)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        answer = pool.map_async(fitted.predict, [X[:300], X[300:]])
        with pytest.raises(ForkError):
            answer.get(LIMIT)
    parallel = joblib.Parallel(2, backend="multiprocessing", timeout=LIMIT)
    with pytest.raises(ForkError):
        parallel(joblib.delayed(make(epochs=1).fit)(X, y) for _ in range(2))


@several_cores
def test_loky_and_spawn_give_the_same_bits_and_obey_their_threads(
    monkeypatch, record_property
):
    record_property("same_bits", "in processes by loky and by spawn")
    with joblib.parallel_config("loky", inner_max_num_threads=1):
        by_loky = joblib.Parallel(2, timeout=LIMIT)(
            joblib.delayed(fit_and_predict)(make) for make in (make_mlp, make_cnn)
        )
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    *by_spawn, threads = in_process("spawn", fit_both)
    assert threads == (1, 1)
    for bits, (expected, threads) in zip(by_spawn, by_loky, strict=True):
        assert threads == (1, 1)
        np.testing.assert_array_equal(bits, expected)


def threads_of(estimator):
    """Return TensorFlow's two numbers of threads, where an estimator has been sent."""
    import tensorflow as tf

    tf.zeros(1)
    chosen = tf.config.threading
    return (
        chosen.get_intra_op_parallelism_threads(),
        chosen.get_inter_op_parallelism_threads(),
    )


@several_cores
@pytest.mark.parametrize("name", ["optimizer", "learning_rate"])
def test_an_object_of_keras_among_the_parameters_obeys_too(monkeypatch, name):
    import keras

    objects = {
        "optimizer": keras.optimizers.Adam(),
        "learning_rate": keras.optimizers.schedules.CosineDecay(0.01, 10),
    }
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    clf = make_mlp(**{name: objects[name]})
    assert in_process("spawn", threads_of, clf) == (1, 1)
    assert type(getattr(pickle.loads(pickle.dumps(clf)), name)) is type(objects[name])


@can_fork
def test_a_fork_before_tensorflow_starts_gives_the_same_bits(record_property):
    record_property("same_bits", "in a fork before TensorFlow starts")
    *bits, threads = in_process("spawn", fit_in_a_fork)
    *expected, threads_here = fit_both()
    assert threads == threads_here
    np.testing.assert_array_equal(bits, expected)


@several_cores
def test_threads_that_the_caller_set_are_left_as_they_are(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("TF_NUM_INTRAOP_THREADS", "2")
    _, threads = in_process("spawn", set_inter_and_fit, 3)
    # TensorFlow tells 0, its own choice, also where it reads that variable.
    assert threads == (0, 3)


@pytest.mark.parametrize(
    ("value", "limit"),
    [
        (None, None),
        ("", None),
        ("many", None),
        ("0", None),
        ("-1", None),
        ("1", 1),
        (" 3 ", 3),
        ("2,8", 2),
        ("4", None),
        ("64", None),
    ],
)
def test_how_many_threads_the_environment_leaves(monkeypatch, value, limit):
    monkeypatch.setattr("skfashion._utils.processes.cores", lambda: 4)
    if value is None:
        monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    else:
        monkeypatch.setenv("OMP_NUM_THREADS", value)
    assert thread_limit() == limit
