"""The data: where they come from, and that only sound copies are used or kept."""

import functools
import gzip
import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn.datasets

from skfashion import _debian, _sources, datasets
from skfashion.data import draw_sample
from skfashion.datasets import CLASS_NAMES, fetch_fashion_mnist, load_fashion_sample
from skfashion.exceptions import DownloadError, ParameterError

NAMES = [file.name for pair in _sources.FILES.values() for file in pair]
TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = NAMES
SIZES = {"train": 40, "test": 15}


def idx(array: np.ndarray) -> bytes:
    """Write IDX by the format's description, not by the package's code."""
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return header + array.astype(np.uint8).tobytes()


class Mirror(ThreadingHTTPServer):
    """Serves `answers[name]`, a body or a function, and notes who was asked for."""

    daemon_threads = True

    def __init__(self, answers: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers
        self.asked: list[str] = []
        self.address = f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        name = self.path.lstrip("/")
        self.server.asked.append(name)
        answer = self.server.answers.get(name)
        if callable(answer):
            answer(self)
        elif answer is None:
            self.send_error(404)
        else:
            self.reply(answer, len(answer))

    def reply(self, body: bytes, length: int | str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """Stand in for the system's folder; a test writes here, never to the real one."""
    return tmp_path / "system"


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: Path) -> None:
    """Cut a test off from every real source and folder.

    `blobs` asks for this, so that small files cannot reach a real folder.
    """
    monkeypatch.setattr(_sources, "SYSTEM_FOLDER", system)
    monkeypatch.setattr(_sources, "MIRRORS", ())
    (tmp_path / "tmp").mkdir()
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path / "home"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def blobs(alone: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Four small real files, which the package takes for the whole data set."""
    blobs = {}
    for subset, size in SIZES.items():
        sample = load_fashion_sample(subset=subset)
        pair = []
        for official, array in zip(
            _sources.FILES[subset], (sample.images, sample.target), strict=True
        ):
            payload = idx(array[:size])
            blobs[official.name] = gzip.compress(payload)
            digest = hashlib.sha256(payload).hexdigest()
            shape = (size, *official.shape[1:])
            pair.append(_sources.IdxFile(official.name, shape, digest))
        # In place, since more than one module holds the table.
        monkeypatch.setitem(_sources.FILES, subset, tuple(pair))
    return blobs


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "home" / "fashion-mnist"


@pytest.fixture
def serve(
    alone: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[dict[str, Any]], Mirror]]:
    """Start a mirror and put it last in the list of mirrors."""
    mirrors = []

    def start(answers: dict[str, Any]) -> Mirror:
        mirror = Mirror(answers)
        threading.Thread(target=mirror.serve_forever, args=(0.01,)).start()
        mirrors.append(mirror)
        listed = (*_sources.MIRRORS, mirror.address)
        monkeypatch.setattr(_sources, "MIRRORS", listed)
        return mirror

    yield start
    for mirror in mirrors:
        mirror.shutdown()
        mirror.server_close()


def put(folder: Path, blobs: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, blob in blobs.items():
        (folder / name).write_bytes(blob)


def held(folder: Path) -> dict[str, bytes]:
    """Every file in `folder`, hidden ones too; a folder not made holds none."""
    paths = folder.iterdir() if folder.exists() else ()
    return {path.name: path.read_bytes() for path in paths}


def assert_right(bunch: Any, *subsets: str) -> None:
    parts = [load_fashion_sample(subset=subset) for subset in subsets]
    sizes = [SIZES[subset] for subset in subsets]
    pairs = list(zip(parts, sizes, strict=True))
    wanted = np.concatenate([part.data[:size] for part, size in pairs])
    np.testing.assert_array_equal(bunch.data, wanted)
    wanted = np.concatenate([part.target[:size] for part, size in pairs])
    np.testing.assert_array_equal(bunch.target, wanted)


# What the loaders return


@pytest.fixture(params=["fetched", "sample"])
def loader(request: pytest.FixtureRequest) -> Callable[..., Any]:
    if request.param == "sample":
        return load_fashion_sample
    small = request.getfixturevalue("blobs")
    put(request.getfixturevalue("system"), small)
    return fetch_fashion_mnist


@pytest.mark.parametrize("subset", ["train", "test", "all"])
def test_bunch(loader: Callable[..., Any], subset: str) -> None:
    bunch = loader(subset=subset)
    n = len(bunch.data)
    assert bunch.data.shape == (n, 784)
    assert bunch.data.dtype == np.uint8
    assert bunch.images.shape == (n, 28, 28)
    assert np.shares_memory(bunch.data, bunch.images)
    np.testing.assert_array_equal(bunch.images.reshape(n, 784), bunch.data)
    assert bunch.data.flags.writeable
    assert bunch.data.flags.c_contiguous
    assert bunch.target.shape == (n,)
    assert bunch.target.dtype == np.int64
    assert bunch.target_names == list(CLASS_NAMES)
    assert bunch.frame is None
    assert len(bunch.feature_names) == 784
    assert bunch.feature_names[28 * 3 + 5] == "pixel_3_5"
    for fact in ("Fashion-MNIST", "60,000", "10,000", "MIT", "1708.07747", "9 Ankle"):
        assert fact in bunch.DESCR
    X, y = loader(subset=subset, return_X_y=True)
    np.testing.assert_array_equal(X, bunch.data)
    np.testing.assert_array_equal(y, bunch.target)


def test_default_subset_is_train_and_all_is_train_then_test(
    loader: Callable[..., Any],
) -> None:
    train, test, both = (loader(subset=name) for name in ("train", "test", "all"))
    np.testing.assert_array_equal(loader().data, train.data)
    np.testing.assert_array_equal(both.data, np.concatenate([train.data, test.data]))
    np.testing.assert_array_equal(
        both.target, np.concatenate([train.target, test.target])
    )


def test_as_frame(loader: Callable[..., Any]) -> None:
    plain, framed = loader(subset="test"), loader(subset="test", as_frame=True)
    assert isinstance(framed.data, pd.DataFrame)
    assert isinstance(framed.target, pd.Series)
    assert framed.target.name == "target"
    assert list(framed.data.columns) == plain.feature_names
    assert set(framed.data.dtypes) == {np.dtype(np.uint8)}
    assert list(framed.frame.columns) == [*plain.feature_names, "target"]
    np.testing.assert_array_equal(framed.data, plain.data)
    np.testing.assert_array_equal(framed.frame["target"], plain.target)
    np.testing.assert_array_equal(framed.images, plain.images)
    X, y = loader(subset="test", as_frame=True, return_X_y=True)
    pd.testing.assert_frame_equal(X, framed.data)
    pd.testing.assert_series_equal(y, framed.target)


@pytest.mark.parametrize("subset", ["training", "Test", "", None, 1, ["train"], {}])
def test_wrong_subset(loader: Callable[..., Any], subset: Any) -> None:
    with pytest.raises(ParameterError, match="'train', 'test' or 'all'") as caught:
        loader(subset=subset)
    assert str(caught.value).startswith("subset ")
    assert repr(subset) in str(caught.value)


@pytest.mark.parametrize("data_home", [3, b"folder", ["folder"], True])
def test_wrong_data_home(data_home: Any) -> None:
    with pytest.raises(ParameterError, match=r"data_home must be .*path") as caught:
        fetch_fashion_mnist(data_home=data_home, download_if_missing=False)
    assert repr(data_home) in str(caught.value)


# The sample


@pytest.mark.parametrize(("subset", "per_class"), [("train", 200), ("test", 50)])
def test_sample_is_balanced_and_shuffled(subset: str, per_class: int) -> None:
    sample = load_fashion_sample(subset=subset)
    assert np.bincount(sample.target).tolist() == [per_class] * 10
    assert len(np.unique(sample.target[:100])) == 10
    assert "sample" in sample.DESCR
    assert "seed 0" in sample.DESCR


def test_sample_is_small_and_carries_its_licence() -> None:
    folder = resources.files("skfashion.data")
    assert len((folder / "fashion_sample.npz").read_bytes()) <= 1_200_000
    notice = (folder / "LICENSE-fashion-mnist.txt").read_text()
    assert "Copyright (c) 2017 Zalando SE, https://tech.zalando.com" in notice
    assert "Permission is hereby granted, free of charge" in notice
    assert 'THE SOFTWARE IS PROVIDED "AS IS"' in notice


def full_data_are_here() -> bool:
    try:
        fetch_fashion_mnist(subset="all", download_if_missing=False)
    except DownloadError:
        return False
    return True


needs_full_data = pytest.mark.skipif(
    not full_data_are_here(),
    reason="compares with all 70,000 images, which are not on this machine; "
    "fetch_fashion_mnist(subset='all') brings them",
)


@needs_full_data
@pytest.mark.parametrize("subset", ["train", "test"])
def test_sample_rows_are_rows_of_the_full_data(subset: str) -> None:
    full = fetch_fashion_mnist(subset=subset, download_if_missing=False)
    known = {
        (row.tobytes(), label)
        for row, label in zip(full.data, full.target, strict=True)
    }
    sample = load_fashion_sample(subset=subset)
    rows = [
        (row.tobytes(), label)
        for row, label in zip(sample.data, sample.target, strict=True)
    ]
    assert known.issuperset(rows)


@needs_full_data
def test_drawing_the_sample_again_gives_equal_arrays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    local = functools.partial(fetch_fashion_mnist, download_if_missing=False)
    monkeypatch.setattr(draw_sample, "fetch_fashion_mnist", local)
    path = resources.files("skfashion.data") / "fashion_sample.npz"
    drawn = draw_sample.draw()
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
        assert sorted(kept) == sorted(drawn)
        for name, array in drawn.items():
            assert array.dtype == kept[name].dtype == np.uint8
            np.testing.assert_array_equal(array, kept[name])


# Sources that work


def test_mirror_then_cache(blobs: dict, serve: Callable, cache: Path) -> None:
    mirror = serve(blobs)
    assert_right(fetch_fashion_mnist(subset="all"), "train", "test")
    assert mirror.asked == NAMES
    assert held(cache) == blobs
    assert_right(fetch_fashion_mnist(subset="all"), "train", "test")
    assert_right(fetch_fashion_mnist(download_if_missing=False), "train")
    assert mirror.asked == NAMES


@pytest.mark.parametrize(
    ("subset", "names"), [("train", NAMES[:2]), ("test", NAMES[2:])]
)
def test_one_subset_needs_its_two_files_only(
    blobs: dict, serve: Callable, cache: Path, subset: str, names: list[str]
) -> None:
    mirror = serve({name: blobs[name] for name in names})
    assert_right(fetch_fashion_mnist(subset=subset), subset)
    assert mirror.asked == sorted(held(cache)) == names


def test_cached_file_may_have_any_gzip_header(blobs: dict, cache: Path) -> None:
    again = {
        name: gzip.compress(gzip.decompress(blob), compresslevel=1, mtime=0)
        for name, blob in blobs.items()
    }
    assert again != blobs
    put(cache, again)
    assert_right(fetch_fashion_mnist(), "train")


def test_system_folder_comes_before_mirrors_and_is_used_in_place(
    blobs: dict, serve: Callable, cache: Path, system: Path
) -> None:
    mirror = serve(blobs)
    put(system, blobs)
    assert_right(fetch_fashion_mnist(), "train")
    assert mirror.asked == []
    assert not cache.parent.exists()


def test_cache_comes_before_system_folder(
    blobs: dict, cache: Path, system: Path
) -> None:
    put(cache, blobs)
    put(system, dict.fromkeys(NAMES, b"never read"))
    assert_right(fetch_fashion_mnist(), "train")
    assert held(cache) == blobs


def test_first_mirror_comes_before_second(blobs: dict, serve: Callable) -> None:
    first, second = serve(blobs), serve(blobs)
    fetch_fashion_mnist()
    assert first.asked == NAMES[:2]
    assert second.asked == []


def test_data_home_may_be_given(blobs: dict, serve: Callable, tmp_path: Path) -> None:
    serve(blobs)
    fetch_fashion_mnist(subset="all", data_home=tmp_path / "other")
    assert held(tmp_path / "other" / "fashion-mnist") == blobs
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("data_home", [None, "~/data", "given"])
@pytest.mark.parametrize("variable", [None, "set"])
def test_cache_lies_where_scikit_learn_keeps_its_data(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    data_home: str | None,
    variable: str | None,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SCIKIT_LEARN_DATA", raising=False)
    if variable:
        monkeypatch.setenv("SCIKIT_LEARN_DATA", variable)
    folder = datasets._cache_folder(data_home)
    assert not any(tmp_path.iterdir())
    assert folder == Path(sklearn.datasets.get_data_home(data_home), "fashion-mnist")


# Sources that do not


def altered(blob: bytes) -> bytes:
    """Flip one pixel inside an otherwise sound gzip file."""
    payload = bytearray(gzip.decompress(blob))
    payload[-1] ^= 1
    return gzip.compress(bytes(payload))


BAD: dict[str, Callable[[bytes], Any]] = {
    "cut short": lambda blob: blob[: len(blob) // 2],
    "cut short by one byte": lambda blob: blob[:-1],
    "breaks off": lambda blob: lambda h: h.reply(blob[: len(blob) // 2], len(blob)),
    "flipped bit": lambda blob: blob[:30] + bytes([blob[30] ^ 4]) + blob[31:],
    "altered pixel": altered,
    "one byte more": lambda blob: gzip.compress(gzip.decompress(blob) + b"\0"),
    "bomb": lambda blob: gzip.compress(bytes(10_000_000)),
    "endless": lambda blob: bytes(1_000_000),
    "not compressed": gzip.decompress,
    "a login page": lambda blob: b"<html>Welcome to this hotel</html>",
    "empty": lambda blob: b"",
    "404": lambda blob: None,
    "500": lambda blob: lambda h: h.send_error(500),
    "hangs up": lambda blob: lambda h: h.connection.shutdown(socket.SHUT_RDWR),
    "absurd length": lambda blob: lambda h: h.reply(blob, "many"),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("name", [TRAIN_IMAGES, TRAIN_LABELS])
def test_bad_mirror_is_never_used_or_kept(
    blobs: dict, serve: Callable, cache: Path, name: str, kind: str
) -> None:
    bad = serve({**blobs, name: BAD[kind](blobs[name])})
    with pytest.raises(DownloadError, match=name) as caught:
        fetch_fashion_mnist()
    assert bad.address in str(caught.value)
    # The images are asked for first: where the labels are bad, they are kept.
    sound = [] if name == TRAIN_IMAGES else [TRAIN_IMAGES]
    assert held(cache) == {each: blobs[each] for each in sound}

    good = serve(blobs)
    assert_right(fetch_fashion_mnist(), "train")
    assert name in good.asked
    assert held(cache) == {each: blobs[each] for each in NAMES[:2]}


@pytest.mark.parametrize("kind", ["cut short", "flipped bit", "altered pixel", "empty"])
@pytest.mark.parametrize("source", ["mirror", "system"])
def test_bad_cached_file_is_replaced(
    blobs: dict, serve: Callable, cache: Path, system: Path, kind: str, source: str
) -> None:
    put(cache, {**blobs, TRAIN_IMAGES: BAD[kind](blobs[TRAIN_IMAGES])})
    with pytest.raises(DownloadError):
        fetch_fashion_mnist(download_if_missing=False)
    mirror = serve(blobs)
    if source == "system":
        put(system, blobs)
    assert_right(fetch_fashion_mnist(subset="all"), "train", "test")
    assert held(cache) == blobs
    assert mirror.asked == ([TRAIN_IMAGES] if source == "mirror" else [])


def test_bad_system_file_is_passed_over(
    blobs: dict, serve: Callable, cache: Path, system: Path
) -> None:
    bad = {**blobs, TRAIN_LABELS: altered(blobs[TRAIN_LABELS])}
    put(system, bad)
    mirror = serve(blobs)
    assert_right(fetch_fashion_mnist(), "train")
    assert mirror.asked == [TRAIN_LABELS]
    assert held(cache) == {TRAIN_LABELS: blobs[TRAIN_LABELS]}
    assert held(system) == bad


@pytest.mark.parametrize("kind", ["hangs up", "breaks off", "stalls"])
def test_mirror_without_an_answer_is_asked_once(
    blobs: dict, serve: Callable, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    if kind == "stalls":
        monkeypatch.setattr(_sources, "MIRROR_TIMEOUT", (5, 1))
        dead = serve(dict.fromkeys(NAMES, lambda h: time.sleep(3)))
    else:
        dead = serve({name: BAD[kind](blob) for name, blob in blobs.items()})
    serve(blobs)
    assert_right(fetch_fashion_mnist(subset="all"), "train", "test")
    assert dead.asked == [TRAIN_IMAGES]


def test_without_download_nobody_is_asked(
    blobs: dict, serve: Callable, cache: Path, system: Path
) -> None:
    mirror = serve(blobs)
    with pytest.raises(OSError, match="download_if_missing=False") as caught:
        fetch_fashion_mnist(download_if_missing=False)
    assert isinstance(caught.value, DownloadError)
    assert str(cache) in str(caught.value)
    assert str(system) in str(caught.value)
    assert mirror.asked == []
    assert not cache.parent.exists()


def test_error_lists_every_source_and_the_way_by_hand(
    blobs: dict,
    serve: Callable,
    cache: Path,
    system: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        refused = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    monkeypatch.setattr(_sources, "MIRRORS", (refused,))
    mirror = serve({TRAIN_IMAGES: altered(blobs[TRAIN_IMAGES])})
    put(cache, {TRAIN_IMAGES: b"rubbish"})
    with pytest.raises(DownloadError) as caught:
        fetch_fashion_mnist()
    first, *middle, last = str(caught.value).split("\n")
    assert TRAIN_IMAGES in first
    told = dict(line.strip().split(": ", 1) for line in middle)
    assert "gzip" in told[str(cache)]
    assert told[str(system)] == "No such file or directory"
    assert "refused" in told[refused]
    assert "SHA-256" in told[mirror.address]
    assert told["Debian package dataset-fashion-mnist"].startswith("apt-get is not")
    assert str(cache) in last
    assert all(name in last for name in NAMES)


def test_decode_inflates_no_more_than_it_needs() -> None:
    file = _sources.IdxFile("small", (10, 28, 28), "0" * 64)
    bomb = gzip.compress(bytes(50_000_000))
    tracemalloc.start()
    with pytest.raises(DownloadError, match="longer than 7,856 bytes"):
        _sources.decode(bomb, file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_download_is_cut_off_where_no_honest_copy_is_as_long(
    blobs: dict, serve: Callable
) -> None:
    serve({TRAIN_IMAGES: bytes(1_000_000)})
    with pytest.raises(DownloadError, match=r"it sent more than [\d,]+ bytes"):
        fetch_fashion_mnist()


@pytest.mark.parametrize("shape", [(2, 4, 3), (24,), (2, 3, 5)])
def test_decode_checks_the_header(shape: tuple[int, ...]) -> None:
    payload = idx(np.zeros((2, 3, 4)))
    digest = hashlib.sha256(payload).hexdigest()
    blob = gzip.compress(payload)
    right = _sources.IdxFile("right", (2, 3, 4), digest)
    assert _sources.decode(blob, right).shape == (2, 3, 4)
    with pytest.raises(DownloadError):
        _sources.decode(blob, _sources.IdxFile("wrong", shape, digest))


# Keeping


@pytest.mark.parametrize("stop", [KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("where", ["download", "replace"])
def test_interruption_leaves_nothing_behind(
    blobs: dict,
    serve: Callable,
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stop: type[BaseException],
    where: str,
) -> None:
    def interrupted(*args: Any) -> None:
        raise stop

    serve(blobs)
    with monkeypatch.context() as patch:
        if where == "download":
            patch.setattr(_sources._Bounded, "write", interrupted)
        else:
            patch.setattr(Path, "replace", interrupted)
        with pytest.raises(stop):
            fetch_fashion_mnist()
    assert held(cache) == {}
    assert not any((tmp_path / "tmp").iterdir())
    assert_right(fetch_fashion_mnist(), "train")


def test_cache_that_cannot_be_written_costs_a_warning_only(
    blobs: dict, serve: Callable, tmp_path: Path
) -> None:
    # A file where the folder should be stops root as well.
    (tmp_path / "home").write_bytes(b"in the way")
    serve(blobs)
    with pytest.warns(UserWarning, match="cannot be kept") as caught:
        assert_right(fetch_fashion_mnist(), "train")
    assert {warning.filename for warning in caught} == {__file__}
    assert str(tmp_path / "home") in str(caught[0].message)


def test_many_may_fetch_at_once(blobs: dict, serve: Callable, cache: Path) -> None:
    serve(blobs)
    got: list[Any] = []
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
        assert_right(bunch, "train")
    assert held(cache) == {name: blobs[name] for name in NAMES[:2]}


# The Debian package

APT_GET = """#!/bin/sh
PATH=/usr/bin:/bin
echo "$@" >> "{tmp}/asked"
own=no; task=none
for word in "$@"; do
    case "$word" in
        Dir::State::lists=*) own="${{word#*=}}" ;;
        download | update) task=$word ;;
        */apt.conf) test -f "$word" || exit 9 ;;
    esac
done
case $task in
    update) test "$own" != no && touch "$own/fresh" ;;
    download)
        if test {lists} = system || test -f "$own/fresh"; then
            echo package > dataset-fashion-mnist_1_all.deb
        else
            echo "W: a warning" >&2
            echo "E: Unable to locate package $(pwd)" >&2
            exit 100
        fi ;;
esac
"""
DPKG_DEB = """#!/bin/sh
PATH=/usr/bin:/bin
test "$1" = -x && test "$(cat "$2")" = package || exit 2
mkdir -p "$3/usr/share/datasets/fashion-mnist"
cp "{tmp}"/package/* "$3/usr/share/datasets/fashion-mnist/"
"""


@pytest.fixture
def debian(tmp_path: Path) -> Callable[..., Path]:
    """Put a false apt-get and dpkg-deb on the PATH; return the package's folder."""

    def install(*, lists: str = "system", **scripts: str) -> Path:
        both = {"apt-get": APT_GET, "dpkg-deb": DPKG_DEB, **scripts}
        for name, script in both.items():
            path = tmp_path / "bin" / name
            path.write_text(script.format(tmp=tmp_path, lists=lists))
            path.chmod(0o755)
        return tmp_path / "package"

    return install


def asked_of_apt(tmp_path: Path) -> list[str]:
    lines = (tmp_path / "asked").read_text().splitlines()
    return [word for line in lines for word in line.split() if word in TASKS]


TASKS = ("download", "update")


def test_package_comes_last_and_is_fetched_once(
    blobs: dict, serve: Callable, debian: Callable, cache: Path, tmp_path: Path
) -> None:
    put(debian(), blobs)
    mirror = serve({TRAIN_IMAGES: blobs[TRAIN_IMAGES]})
    assert_right(fetch_fashion_mnist(subset="all"), "train", "test")
    assert mirror.asked == NAMES
    assert asked_of_apt(tmp_path) == ["download"]
    assert held(cache) == blobs
    assert not any((tmp_path / "tmp").iterdir())


def test_package_after_an_update_of_private_lists(
    blobs: dict, debian: Callable, cache: Path, tmp_path: Path
) -> None:
    put(debian(lists="empty"), blobs)
    assert_right(fetch_fashion_mnist(), "train")
    assert asked_of_apt(tmp_path) == ["download", "update", "download"]
    update = (tmp_path / "asked").read_text().splitlines()[1].split()
    for option in ("Dir::State=", "Dir::State::lists="):
        (value,) = (word for word in update if word.startswith(option))
        assert value.removeprefix(option).startswith(str(tmp_path / "tmp"))
    assert held(cache) == {name: blobs[name] for name in NAMES[:2]}
    assert not any((tmp_path / "tmp").iterdir())


def test_altered_package_is_not_used(
    blobs: dict, debian: Callable, cache: Path
) -> None:
    put(debian(), {**blobs, TRAIN_LABELS: altered(blobs[TRAIN_LABELS])})
    with pytest.raises(DownloadError, match=r"Debian package [\w-]+: .*SHA-256"):
        fetch_fashion_mnist()
    assert held(cache) == {TRAIN_IMAGES: blobs[TRAIN_IMAGES]}


@pytest.mark.parametrize(
    ("scripts", "said"),
    [
        ({"apt-get": "#!/bin/sh\necho E: no network >&2; exit 100\n"}, "no network"),
        ({"apt-get": "#!/bin/sh\necho strange >&2; exit 1\n"}, "apt-get: strange"),
        ({"apt-get": "#!/bin/sh\nexec /bin/sleep 20\n"}, "took longer than 0.2 s"),
        ({"dpkg-deb": "#!/bin/sh\necho bad archive >&2; exit 2\n"}, "bad archive"),
        ({"dpkg-deb": "#!/bin/sh\nexit 0\n"}, "No such file"),
    ],
)
def test_package_that_fails_is_told(
    blobs: dict,
    debian: Callable,
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    scripts: dict[str, str],
    said: str,
) -> None:
    debian(**scripts)
    if "longer" in said:
        monkeypatch.setattr(_debian, "APT_TIMEOUT", 0.2)
    with pytest.raises(DownloadError) as caught:
        fetch_fashion_mnist()
    (line,) = (each for each in str(caught.value).split("\n") if "Debian" in each)
    assert said in line
    assert held(cache) == {}
    assert not any((tmp_path / "tmp").iterdir())


# Imports


def test_import_is_light() -> None:
    heavy = ["tensorflow", "keras", "matplotlib", "pandas", "pooch", "scikeras"]
    code = (
        "import sys, skfashion.datasets\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(datasets.__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert done.stdout.strip() == "[]"
