"""Searches by several processes: the same bits, and few bytes to each."""

import pickle

import joblib
import numpy as np
import pytest
from joblib.externals.loky.process_executor import TerminatedWorkerError

from benchmarks.scaling.traffic import LokyTraffic
from helpers.classifiers import make_cnn, make_mlp
from helpers.searches import (
    KINDS,
    N_FITS,
    N_IMAGES,
    KillsOnce,
    load_bytes,
    make_search,
    make_splits,
    scores,
)


@pytest.mark.parametrize("kind", KINDS)
def test_two_processes_give_the_bits_of_one(kind, alone):
    search = make_search(kind)
    with joblib.parallel_config("loky", n_jobs=2, inner_max_num_threads=1):
        search.fit(*load_bytes(N_IMAGES))
    assert scores(search) == alone[kind]


def test_pixels_reach_loky_as_bytes_in_one_file(tmp_path):
    X, y = load_bytes(2000)
    traffic = LokyTraffic(tmp_path)
    with traffic.counting():
        make_search(n_jobs=2).fit(X, y)
    # joblib maps what has more than a million bytes: the pixels.
    assert X.nbytes <= traffic.mapped < X.nbytes + 10_000
    assert len(traffic.calls) >= N_FITS
    # Labels and row numbers are smaller, and go along with each.
    numbers = y.nbytes + sum(rows.nbytes for rows in make_splits(X, y)[0])
    assert max(traffic.calls) < numbers + 15_000


def test_a_search_by_loky_ends_when_a_process_is_killed(tmp_path):
    search = make_search(scoring=KillsOnce(tmp_path), n_jobs=2)
    with pytest.raises(TerminatedWorkerError):
        search.fit(*load_bytes(N_IMAGES))


@pytest.mark.parametrize("looked_at", [False, True])
@pytest.mark.parametrize("make", [make_mlp, make_cnn])
def test_a_fitted_model_travels_as_its_weights(make, looked_at, train):
    clf = make(epochs=1).fit(*train)
    weights = sum(value.nbytes for value in clf._fitted_network.values)
    if looked_at:
        assert clf.model_.count_params() * 4 == weights
    pickled = pickle.dumps(clf)
    assert weights < len(pickled) < weights + 10_000
    again = pickle.loads(pickled)
    np.testing.assert_array_equal(
        again.predict_proba(train[0]), clf.predict_proba(train[0])
    )
