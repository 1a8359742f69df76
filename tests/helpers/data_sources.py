"""What the tests of the data share: small files and places to take them from.

A test file imports the fixtures that it needs, and always `fixture_alone`. They
are called otherwise than in the tests, or the linter would take each argument
for a second definition.
"""

import gzip
import hashlib
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from skfashion.datasets import _sources, load_fashion_sample

NAMES = [file.name for pair in _sources.FILES.values() for file in pair]
TRAIN_IMAGES, TRAIN_LABELS, *_ = NAMES
SIZES = {"train": 40, "test": 15}


@pytest.fixture(name="alone", autouse=True)
def fixture_alone(monkeypatch, tmp_path):
    """Cut every test of a file off from all real sources and folders."""
    for name in ("bin", "tmp"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(_sources, "SYSTEM_FOLDER", tmp_path / "system")
    monkeypatch.setattr(_sources, "MIRRORS", ())
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.delenv("SCIKIT_LEARN_DATA", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture(name="cache")
def fixture_cache(tmp_path):
    return tmp_path / "home" / "scikit_learn_data" / "fashion-mnist"


@pytest.fixture(name="system")
def fixture_system(alone, tmp_path):
    # Spelt out: were it not patched, a test would write to the real folder.
    return tmp_path / "system"


@pytest.fixture(name="blobs")
def fixture_blobs(alone, monkeypatch):
    """Four small real files, which the package takes for the whole data set."""
    blobs = {}
    for subset, size in SIZES.items():
        sample = load_fashion_sample(subset=subset)
        arrays = sample.images[:size], sample.target[:size]
        pair = []
        for file, array in zip(_sources.FILES[subset], arrays, strict=True):
            payload = idx(array)
            blobs[file.name] = gzip.compress(payload)
            digest = hashlib.sha256(payload).hexdigest()
            pair.append(replace(file, shape=array.shape, sha256=digest))
        # In place, since more than one module holds the table.
        monkeypatch.setitem(_sources.FILES, subset, tuple(pair))
    return blobs


@pytest.fixture(name="serve")
def fixture_serve(alone, monkeypatch):
    """Start a mirror and put it last in the list of mirrors."""
    mirrors = []

    def start(answers):
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


class Mirror(ThreadingHTTPServer):
    """Serves `answers[name]`, a body or a function, and notes what was asked for."""

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers
        self.asked = []
        self.address = f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.lstrip("/")
        self.server.asked.append(name)
        answer = self.server.answers.get(name)
        if callable(answer):
            answer(self)
        elif answer is None:
            self.send_error(404)
        else:
            self.reply(answer, len(answer))

    def reply(self, body, length):
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def idx(array):
    """Write IDX by the format's description, not by the package's code."""
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    return header + array.astype(np.uint8).tobytes()


def altered(blob):
    """Flip one bit of the content inside an otherwise sound gzip file."""
    payload = bytearray(gzip.decompress(blob))
    payload[-1] ^= 1
    return gzip.compress(bytes(payload))


# Ways to make a file unsound.
SPOIL = {
    "cut short": lambda blob: blob[: len(blob) // 2],
    "cut short by one byte": lambda blob: blob[:-1],
    "flipped bit": lambda blob: blob[:30] + bytes([blob[30] ^ 4]) + blob[31:],
    "altered pixel": altered,
    "one byte more": lambda blob: gzip.compress(gzip.decompress(blob) + b"\0"),
    "bomb": lambda blob: gzip.compress(bytes(10_000_000)),
    "endless": lambda blob: bytes(1_000_000),
    "not compressed": gzip.decompress,
    "a login page": lambda blob: b"<html>Welcome to this hotel</html>",
    "empty": lambda blob: b"",
}


def put(folder, blobs):
    folder.mkdir(parents=True, exist_ok=True)
    for name, blob in blobs.items():
        (folder / name).write_bytes(blob)


def held(folder):
    """Every file in `folder`, hidden ones too; a folder not made holds none."""
    paths = folder.iterdir() if folder.exists() else ()
    return {path.name: path.read_bytes() for path in paths}


def only(blobs, *names):
    return {name: blobs[name] for name in names}


def assert_right(bunch, subset="train"):
    """Compare with the part of the sample that `blobs` are made of."""
    parts = SIZES if subset == "all" else [subset]
    for key in ("data", "target"):
        wanted = [load_fashion_sample(subset=p)[key][: SIZES[p]] for p in parts]
        np.testing.assert_array_equal(bunch[key], np.concatenate(wanted))
