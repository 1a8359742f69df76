"""The example that serves a model, asked over HTTP."""

import json
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from contextlib import closing
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.pipeline import make_pipeline

import skfashion
from helpers.classifiers import make_mlp
from skfashion import CLASS_NAMES, PixelScaler

EXAMPLE = Path(__file__).parent.parent / "examples" / "serve.py"


@pytest.fixture(scope="module")
def pipe(sample):
    X, y = sample[0].reshape(-1, 28, 28), sample[1]
    return make_pipeline(PixelScaler(), make_mlp(epochs=2)).fit(X[:600], y[:600])


@pytest.fixture(scope="module")
def server(pipe, tmp_path_factory):
    """The process and its address; it chooses a port that is free."""
    path = tmp_path_factory.mktemp("served") / "clothes.skfashion"
    skfashion.save(pipe, path, class_names=CLASS_NAMES)
    command = [sys.executable, EXAMPLE, path, "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.terminate()


def post(server, content):
    request = urllib.request.Request(server[1], content)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def as_png(image):
    written = BytesIO()
    Image.fromarray(image).save(written, "PNG")
    return written.getvalue()


def test_it_tells_what_an_image_shows(server, pipe, sample):
    image = sample[0][0].reshape(28, 28)
    status, content = post(server, as_png(image))
    answer = json.loads(content)
    wanted = pipe.predict_proba(image[np.newaxis])[0]
    assert status == 200
    assert answer["label"] == CLASS_NAMES[wanted.argmax()]
    given = [answer["probabilities"][name] for name in CLASS_NAMES]
    np.testing.assert_allclose(given, wanted, rtol=1e-6)


def test_what_is_too_large_is_refused(server):
    assert post(server, bytes(2_000_001))[0] == 413


def test_what_is_far_too_large_is_refused_unread(server):
    # By its head alone: who sends the rest may find the connection closed.
    at = urllib.parse.urlsplit(server[1])
    with closing(HTTPConnection(at.hostname, at.port, timeout=60)) as connection:
        connection.putrequest("POST", at.path)
        connection.putheader("Content-Length", "20000001")
        connection.endheaders()
        assert connection.getresponse().status == 413


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no image",
        as_png(np.zeros((40, 40), np.uint8)),
        as_png(np.eye(30, dtype=np.uint8))[:60],
    ],
    ids=["nothing", "text", "all black", "cut short"],
)
def test_what_is_no_photograph_is_refused_in_a_sentence(content, server):
    status, answer = post(server, content)
    assert status == 400
    assert "/" not in json.loads(answer)["error"]


def test_a_small_file_of_too_many_pixels_is_refused(server):
    bomb = as_png(np.zeros((5000, 5000), np.uint8))
    assert len(bomb) < 100_000
    status, answer = post(server, bomb)
    assert status == 400
    assert "more pixels" in json.loads(answer)["error"]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_no_tensorflow_was_loaded(server):
    maps = Path(f"/proc/{server[0].pid}/maps").read_text()
    assert "numpy" in maps
    assert "tensorflow" not in maps
