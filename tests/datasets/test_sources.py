"""Which copy of a file is taken, that only sound ones are, and how they are kept."""

import gzip
import hashlib
import threading
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import sklearn.datasets

from helpers.data_sources import (  # noqa: F401
    NAMES,
    SPOIL,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    altered,
    assert_right,
    fixture_alone,
    fixture_blobs,
    fixture_cache,
    fixture_serve,
    fixture_system,
    held,
    idx,
    only,
    put,
)
from skfashion.datasets import _fashion_mnist, _sources, fetch_fashion_mnist
from skfashion.exceptions import DownloadError

# The order


def test_cache_comes_before_system_folder(blobs, cache, system):
    put(cache, blobs)
    put(system, dict.fromkeys(NAMES, b"never read"))
    assert_right(fetch_fashion_mnist())
    assert held(cache) == blobs


def test_system_folder_comes_before_mirrors_and_is_used_in_place(
    blobs, serve, cache, system
):
    mirror = serve(blobs)
    put(system, blobs)
    assert_right(fetch_fashion_mnist())
    assert mirror.asked == []
    assert not cache.parent.exists()


def test_without_download_nobody_is_asked(blobs, serve, cache, system):
    mirror = serve(blobs)
    with pytest.raises(OSError, match="download_if_missing=False") as caught:
        fetch_fashion_mnist(download_if_missing=False)
    assert isinstance(caught.value, DownloadError)
    assert str(cache) in str(caught.value)
    assert str(system) in str(caught.value)
    assert mirror.asked == []
    assert not cache.parent.exists()


@pytest.mark.parametrize("data_home", [None, "~/data", "given"])
@pytest.mark.parametrize("variable", [None, "set"])
def test_cache_lies_where_scikit_learn_keeps_its_data(
    monkeypatch, tmp_path, data_home, variable
):
    empty = tmp_path / "tmp"
    monkeypatch.chdir(empty)
    monkeypatch.setenv("HOME", str(empty))
    if variable:
        monkeypatch.setenv("SCIKIT_LEARN_DATA", variable)
    folder = _fashion_mnist._cache_folder(data_home)
    assert not any(empty.iterdir())
    assert folder == Path(sklearn.datasets.get_data_home(data_home), "fashion-mnist")


def test_data_home_may_be_given(blobs, serve, tmp_path):
    serve(blobs)
    fetch_fashion_mnist(subset="all", data_home=tmp_path / "other")
    assert held(tmp_path / "other" / "fashion-mnist") == blobs
    assert not (tmp_path / "home").exists()


# Verification


@pytest.mark.parametrize("spoil", SPOIL.values(), ids=SPOIL)
@pytest.mark.parametrize("source", ["mirror", "system"])
def test_bad_cached_file_is_replaced(blobs, serve, cache, system, spoil, source):
    put(cache, {**blobs, TRAIN_IMAGES: spoil(blobs[TRAIN_IMAGES])})
    with pytest.raises(DownloadError):
        fetch_fashion_mnist(download_if_missing=False)
    mirror = serve(blobs)
    if source == "system":
        put(system, blobs)
    assert_right(fetch_fashion_mnist(subset="all"), "all")
    assert held(cache) == blobs
    assert mirror.asked == ([TRAIN_IMAGES] if source == "mirror" else [])


def test_bad_system_file_is_passed_over(blobs, serve, cache, system):
    bad = {**blobs, TRAIN_LABELS: altered(blobs[TRAIN_LABELS])}
    put(system, bad)
    mirror = serve(blobs)
    assert_right(fetch_fashion_mnist())
    assert mirror.asked == [TRAIN_LABELS]
    assert held(cache) == only(blobs, TRAIN_LABELS)
    assert held(system) == bad


def test_cached_file_may_have_any_gzip_header(blobs, cache):
    again = {
        name: gzip.compress(gzip.decompress(blob), compresslevel=1, mtime=0)
        for name, blob in blobs.items()
    }
    assert again != blobs
    put(cache, again)
    assert_right(fetch_fashion_mnist())


@pytest.mark.parametrize("shape", [(2, 4, 3), (24,), (2, 3, 5)])
def test_decode_checks_the_header(shape):
    payload = idx(np.zeros((2, 3, 4)))
    digest = hashlib.sha256(payload).hexdigest()
    blob = gzip.compress(payload)
    right = _sources.IdxFile("right", (2, 3, 4), digest)
    assert _sources.decode(blob, right).shape == (2, 3, 4)
    with pytest.raises(DownloadError):
        _sources.decode(blob, _sources.IdxFile("wrong", shape, digest))


def test_decode_inflates_no_more_than_it_needs():
    file = _sources.IdxFile("small", (10, 28, 28), "0" * 64)
    bomb = gzip.compress(bytes(50_000_000))
    tracemalloc.start()
    with pytest.raises(DownloadError, match="longer than 7,856 bytes"):
        _sources.decode(bomb, file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


# Keeping


@pytest.mark.parametrize("stop", [KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize(
    ("owner", "method"), [(_sources._Bounded, "write"), (Path, "replace")]
)
def test_interruption_leaves_nothing_behind(
    blobs, serve, cache, tmp_path, monkeypatch, stop, owner, method
):
    def interrupted(*args):
        raise stop

    serve(blobs)
    with monkeypatch.context() as patch:
        patch.setattr(owner, method, interrupted)
        with pytest.raises(stop):
            fetch_fashion_mnist()
    assert held(cache) == {}
    assert not any((tmp_path / "tmp").iterdir())
    assert_right(fetch_fashion_mnist())


def test_cache_that_cannot_be_written_costs_a_warning_only(blobs, serve, cache):
    # A file where the folder should be stops root as well.
    put(cache.parent.parent, {cache.parent.name: b"in the way"})
    serve(blobs)
    with pytest.warns(UserWarning, match="cannot be kept") as caught:
        assert_right(fetch_fashion_mnist())
    assert {warning.filename for warning in caught} == {__file__}
    assert str(cache) in str(caught[0].message)


def test_many_may_fetch_at_once(blobs, serve, cache):
    serve(blobs)
    got = []
    threads = [
        threading.Thread(target=lambda: got.append(fetch_fashion_mnist()))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 4
    for bunch in got:
        assert_right(bunch)
    assert held(cache) == only(blobs, TRAIN_IMAGES, TRAIN_LABELS)
