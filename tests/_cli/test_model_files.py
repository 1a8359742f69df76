"""MODEL: told apart by what is in the file, and run only where that was asked for."""

import os
import pickle

import joblib
import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline

from helpers.classifiers import make_cnn, make_mlp
from skfashion import PixelScaler, __main__, save


@pytest.fixture(scope="module")
def fitted(train):
    """A pipeline that was fitted on bytes."""
    X, y = (train[0] * 255).astype(np.uint8), train[1]
    return make_pipeline(PixelScaler(), make_mlp(epochs=1)).fit(X, y)


@pytest.fixture
def image(sample, tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(sample[0][0].reshape(28, 28)).save(path)
    return str(path)


def complaint(capsys, *arguments):
    """Run the command, which has to fail with one sentence and no more."""
    assert __main__.main(["predict", *map(str, arguments)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 1
    return captured.err


class Evil:
    """Leaves a file behind where it is unpickled."""

    def __init__(self, trace):
        self.trace = trace

    def __reduce__(self):
        return (os.mkdir, (str(self.trace),))


@pytest.mark.parametrize("name", ["evil.skfashion", "evil.pkl", "evil.joblib", "evil"])
@pytest.mark.parametrize("protocol", [0, 2, 5, "joblib", "zlib"])
def test_a_pickle_is_not_read_unasked(name, protocol, image, capsys, tmp_path):
    path, trace = tmp_path / name, tmp_path / "trace"
    if isinstance(protocol, int):
        path.write_bytes(pickle.dumps(Evil(trace), protocol))
    else:
        joblib.dump(Evil(trace), path, compress=3 if protocol == "zlib" else 0)
    said = complaint(capsys, path, image)
    assert "--unsafe-pickle" in said
    assert "runs whatever code" in said
    assert not trace.exists()


def test_a_pickle_with_a_saved_file_before_or_after_is_not_read(
    fitted, image, capsys, tmp_path
):
    trace, path = tmp_path / "trace", tmp_path / "both"
    parts = save(fitted, tmp_path / "m").read_bytes(), pickle.dumps(Evil(trace))
    for content in (b"".join(parts), b"".join(parts[::-1])):
        path.write_bytes(content)
        complaint(capsys, path, image)
    path.write_bytes(b"".join(parts))
    complaint(capsys, path, image, "--unsafe-pickle")
    assert not trace.exists()


@pytest.mark.parametrize("name", ["model.joblib", "model.skfashion"])
def test_a_pickle_is_read_where_that_is_asked_for(
    name, fitted, image, capsys, tmp_path
):
    path = tmp_path / name
    joblib.dump(fitted, path)
    assert __main__.main(["predict", "--unsafe-pickle", str(path), image]) == 0
    pickled = capsys.readouterr().out
    saved = save(fitted, tmp_path / "saved.pkl")
    assert __main__.main(["predict", "--unsafe-pickle", str(saved), image]) == 0
    assert capsys.readouterr().out == pickled


def test_an_image_as_model_is_told(image, fitted, capsys, tmp_path):
    for suffix in ("png", "jpg", "gif", "webp", "bmp"):
        path = tmp_path / f"b.{suffix}"
        Image.open(image).save(path)
        assert "is an image; it must be a model" in complaint(capsys, path, image)
        assert "is an image" in complaint(capsys, path, image, "--unsafe-pickle")
    model = save(fitted, tmp_path / "model")
    assert f"as {str(model)!r} is: MODEL comes" in complaint(capsys, image, model)


def damaged(path, fitted):
    joblib.dump(fitted, path)
    path.write_bytes(path.read_bytes()[:500])


def rows_of_pixels(path, fitted):
    X = np.random.default_rng(0).random((20, 60), dtype=np.float32)
    save(make_mlp(epochs=1, image_shape=(1, 60)).fit(X, np.arange(20) % 2), path)


def two_channels(path, fitted):
    X = np.random.default_rng(0).random((20, 6, 5, 2), dtype=np.float32)
    save(make_cnn(epochs=1).fit(X, np.arange(20) % 2), path)


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (lambda path, fitted: None, "cannot be read (No such file or directory)"),
        (lambda path, fitted: path.mkdir(), "is a folder"),
        (lambda path, fitted: path.touch(), "is empty"),
        (lambda path, fitted: os.mkfifo(path), "is a device or a pipe"),
        (lambda path, fitted: path.write_text("hello"), "cannot be read"),
        (damaged, "cannot be read"),
        (lambda path, fitted: joblib.dump([1], path), "holds an object of list"),
        (lambda path, fitted: joblib.dump(fitted[-1], path), "its PixelScaler"),
        (lambda path, fitted: joblib.dump(RidgeClassifier(), path), "predict_proba"),
        (lambda path, fitted: joblib.dump(make_cnn(), path), "must be a fitted"),
        (rows_of_pixels, "takes rows of 60 pixels and does not say how high"),
        (two_channels, "takes images of 2 channels"),
    ],
    ids=[str(number) for number in range(12)],
)
def test_a_bad_model_is_a_sentence(write, sentence, fitted, image, capsys, tmp_path):
    path = tmp_path / "bad.joblib"
    write(path, fitted)
    said = complaint(capsys, "--unsafe-pickle", path, image)
    assert f"MODEL {str(path)!r}" in said
    assert sentence in said


def test_a_damaged_file_of_save_s_is_a_sentence(fitted, image, capsys, tmp_path):
    path = save(fitted, tmp_path / "bad")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert f"{path} is not a file" in complaint(capsys, path, image)


def test_what_an_error_of_an_unpickler_says_is_escaped(image, capsys, tmp_path):
    path = tmp_path / "bad"
    path.write_bytes(b"cbuiltins\n\x1b[2J\n.")
    assert "\x1b" not in complaint(capsys, "--unsafe-pickle", path, image)
