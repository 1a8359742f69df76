"""Searches and predictions by a real cluster of Dask: two processes of one thread."""

import contextlib
import itertools
import os
import subprocess
import sys
from pathlib import Path

import joblib
import numpy as np
import pytest

from benchmarks.scaling import traffic
from helpers.classifiers import make_mlp
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

pytestmark = pytest.mark.cluster
N_WORKERS = 2
ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def started_cluster():
    """Start two worker processes; what talks to them."""
    # Here, for the default suite reads this file too, where Dask may be missing.
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=N_WORKERS, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def client():
    with started_cluster() as client:
        yield client


@pytest.mark.parametrize("kind", KINDS)
def test_a_cluster_gives_the_bits_of_one_process(kind, client, alone):
    search = make_search(kind)
    with joblib.parallel_config("dask"):
        search.fit(*load_bytes(N_IMAGES))
    assert scores(search) == alone[kind]


def test_a_search_survives_a_killed_worker(alone, tmp_path):
    X, y = load_bytes(N_IMAGES)
    splits = make_splits(X, y)
    search = make_search(cv=splits, scoring=KillsOnce(tmp_path))
    with started_cluster() as client:
        # Or it drops the copies that no task waits for at the moment.
        client.amm.stop()
        before = set(client.run(os.getpid).values())
        sent = [X, y, *itertools.chain(*splits)]
        with joblib.parallel_config("dask", scatter=sent):
            search.fit(X, y)
        assert before != set(client.run(os.getpid).values())
    # What was lost with the worker was fitted and scored again.
    assert len(list(tmp_path.iterdir())) > N_FITS
    assert scores(search) == alone["grid"]


@pytest.mark.parametrize("sent_before", [False, True])
def test_pixels_reach_each_worker_once_as_bytes(client, sent_before):
    X, y = load_bytes(2000)
    splits = make_splits(X, y)
    client.run(traffic.begin_count)
    options = {"scatter": [X, y, *itertools.chain(*splits)]} if sent_before else {}
    with joblib.parallel_config("dask", **options):
        make_search(cv=splits).fit(X, y)
    numbers = y.nbytes + sum(rows.nbytes for rows in itertools.chain(*splits))
    read = client.run(traffic.counted).values()
    assert len(read) == N_WORKERS
    for size in read:
        assert size < X.nbytes + numbers + N_FITS * 50_000
    assert sum(read) > X.nbytes


def predict_into(model, X_path, place, rows):
    """Predict some rows of a memory map into another."""
    images = np.load(X_path, mmap_mode="r")
    np.load(place, mmap_mode="r+")[rows] = model.predict_proba(images[rows])


def test_workers_predict_into_a_memory_map(client, tmp_path):
    X, y = load_bytes(2000)
    clf = make_mlp(rescale=1 / 255, epochs=1).fit(X[:600], y[:600])
    weights = sum(value.nbytes for value in clf._fitted_network.values)
    images, place = tmp_path / "images.npy", tmp_path / "probabilities.npy"
    np.save(images, X)
    out = np.lib.format.open_memmap(place, "w+", np.float32, (len(X), 10))
    parts = [slice(start, start + 500) for start in range(0, len(X), 500)]
    client.run(traffic.begin_count)
    model = client.scatter(clf, broadcast=True)
    done = [client.submit(predict_into, model, images, place, rows) for rows in parts]
    client.gather(done)
    # Neither the images nor what is predicted of them.
    for size in client.run(traffic.counted).values():
        assert weights < size < weights + 50_000
    np.testing.assert_array_equal(out, clf.predict_proba(X))


def test_a_dask_array_trains_block_by_block(tmp_path):
    import dask.array as da

    X, y = load_bytes(600)
    np.save(tmp_path / "images.npy", X)
    images = da.from_array(np.load(tmp_path / "images.npy", mmap_mode="r"), (200, -1))
    labels = da.from_array(y, 200)
    by_blocks, by_slices = make_mlp(rescale=1 / 255), make_mlp(rescale=1 / 255)
    for X_block, y_block in zip(images.blocks, labels.blocks, strict=True):
        by_blocks.partial_fit(X_block, y_block, classes=range(10))
    for start in range(0, 600, 200):
        rows = slice(start, start + 200)
        by_slices.partial_fit(X[rows], y[rows], classes=range(10))
    assert by_blocks.n_epochs_ == 3
    np.testing.assert_array_equal(
        by_blocks.predict_proba(X), by_slices.predict_proba(X)
    )


def test_each_worker_is_left_a_device_of_its_own(client):
    guide = (ROOT / "docs" / "guide" / "scaling-out.md").read_text()
    code = next(part for part in guide.split("```python\n") if "WorkerPlugin" in part)
    shown = {"__name__": "__main__"}
    exec(code.partition("```")[0], shown)
    client.register_plugin(shown["OneDevice"](), name="one device")
    try:
        for _ in range(2):
            told = client.run(os.getenv, "CUDA_VISIBLE_DEVICES").values()
            assert sorted(told) == ["0", "1"]
            grown = client.run(os.getenv, "TF_FORCE_GPU_ALLOW_GROWTH").values()
            assert set(grown) == {"true"}
            # Also of those that are started in place of others.
            client.restart()
    finally:
        client.unregister_worker_plugin("one device")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dask_search", "{'learning_rate': 0.00"),
        ("dask_blocks", "accuracy on the training images: 0."),
    ],
)
def test_example(name, said, tmp_path):
    run = subprocess.run(
        [sys.executable, ROOT / "examples" / f"{name}.py"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert said in run.stdout
