"""Fits in processes that are killed at any moment and started again."""

import multiprocessing
import random
import time

import numpy as np
import pytest

from helpers.classifiers import make_cnn, make_mlp
from skfashion import PixelScaler, load_fashion_sample
from skfashion._serialization.archive import read_archive

RUNS = 20
# Seconds after which a process that should have answered counts as hung.
LIMIT = 120
# Large enough for a write to take a while.
FITS = {
    "mlp": lambda: make_mlp(hidden_layer_sizes=(300,), dropout=0.3, epochs=12),
    "cnn": lambda: make_cnn(
        dense_sizes=(100,), early_stopping=True, n_iter_no_change=2, epochs=12
    ),
}


def fit(kind, folder):
    X, y = load_fashion_sample(return_X_y=True)
    X = PixelScaler().fit_transform(X[:600])
    began = time.perf_counter()
    clf = FITS[kind]().set_params(checkpoint=folder).fit(X, y[:600])
    seconds = time.perf_counter() - began
    return [clf.predict_proba(X), *clf.model_.get_weights()], clf.history_, seconds


def answer(pipe, kind, folder):
    import skfashion._backend.trainer  # noqa: F401 - the moments are those of the fit

    pipe.send("ready")
    pipe.send(fit(kind, folder))


@pytest.fixture(scope="module")
def processes():
    """Makes processes that have imported, but not started, TensorFlow."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tensorflow", "scikeras.wrappers", "sklearn.svm"])
    return context


def newest(folder):
    """Check every file of an epoch, and return the number of the last."""
    found = sorted(folder.glob("epoch-*.checkpoint"))
    assert len(found) <= 3
    for path in found:
        read_archive(path)
    return int(found[-1].stem[6:]) if found else -1


def attempt(processes, kind, folder, moment, writing):
    """Start a fit and kill it after a while; its result, or None if it was killed."""
    here, there = processes.Pipe()
    process = processes.Process(target=answer, args=(there, kind, folder))
    process.start()
    there.close()
    try:
        assert here.poll(LIMIT)
        assert here.recv() == "ready"
        if here.poll(moment):
            return here.recv()
        while writing and not any(folder.glob(".*.part")):
            if here.poll(0.0005):
                return here.recv()
        return None
    except EOFError:
        pytest.fail("the fit died by itself")
    finally:
        process.kill()
        process.join()


@pytest.mark.long
@pytest.mark.parametrize("kind", FITS)
def test_a_killed_fit_loses_nothing(kind, processes, tmp_path, record_property):
    expected, history, seconds = attempt(processes, kind, None, LIMIT, writing=False)
    moments = random.Random(kind)
    kills = while_writing = bit_equal = 0
    runs = RUNS // len(FITS)
    for run in range(runs):
        folder = tmp_path / str(run)
        last = -1
        # A fit starts for as long as some do train: it has to get to an end.
        for moment in (*(moments.uniform(0, 0.8 * seconds) for _ in range(2)), LIMIT):
            # Every other one waits for a file that is being written.
            writing = moment < LIMIT and moments.random() < 0.5
            result = attempt(processes, kind, folder, moment, writing)
            if result is not None:
                break
            kills += 1
            while_writing += any(folder.glob(".*.part"))
            assert newest(folder) >= last
            last = newest(folder)
        bit_equal += result[1] == history and all(
            map(np.array_equal, result[0], expected)
        )
        assert not any(folder.glob(".*.part"))
    record_property("runs", runs)
    record_property("bit_equal", bit_equal)
    record_property("kills", kills)
    record_property("while_writing", while_writing)
    assert bit_equal == runs
    # Or else nothing was put to the test.
    assert kills >= runs
    assert while_writing > 0
