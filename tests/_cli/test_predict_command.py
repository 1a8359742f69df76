"""``python -m skfashion predict`` on files as a user would have them."""

import joblib
import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline

from helpers.classifiers import make_cnn
from skfashion import CLASS_NAMES, PixelScaler, __main__, save


@pytest.fixture(scope="module")
def fitted(sample):
    """A pipeline that was fitted on the sample's bytes."""
    return make_pipeline(PixelScaler(), make_cnn(epochs=6)).fit(*sample)


@pytest.fixture(params=["joblib", "skfashion"])
def model(fitted, tmp_path, request):
    path = tmp_path / "model"
    {"joblib": joblib.dump, "skfashion": save}[request.param](fitted, path)
    return str(path)


@pytest.fixture
def photo(sample, tmp_path):
    """Write an image of a category as a photograph on white; return its path."""

    def write(category, file):
        number = CLASS_NAMES.index(category)
        pixels = sample[0][sample[1] == number][0].reshape(28, 28)
        large = Image.fromarray(255 - pixels).resize(
            (420, 420), Image.Resampling.BICUBIC
        )
        page = Image.new("RGB", (640, 480), "white")
        page.paste(large, (100, 30))
        page.save(tmp_path / file)
        return str(tmp_path / file)

    return write


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")


def test_the_three_best_are_told(model, fitted, photo, capsys):
    from skfashion.preprocessing import read_photo

    paths = [photo("Trouser", "a.png"), photo("Ankle boot", "b.jpg")]
    assert __main__.main(["predict", model, *paths]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    for path, line, category in zip(
        paths, lines, ("Trouser", "Ankle boot"), strict=True
    ):
        row = fitted.predict_proba(read_photo(path).reshape(1, -1))[0]
        best = np.argsort(-row)[:3]
        assert CLASS_NAMES[best[0]] == category
        expected = [text for i in best for text in (CLASS_NAMES[i], f"{row[i]:.1%}")]
        assert " ".join(line.split()) == " ".join([path, *expected])


def test_bad_files_are_told_and_the_others_classified(model, photo, capsys, tmp_path):
    text = tmp_path / "text.png"
    text.write_text("not an image")
    missing = tmp_path / "missing.png"
    good = photo("Trouser", "good.png")
    assert __main__.main(["predict", model, str(text), good, str(missing)]) == 1
    captured = capsys.readouterr()
    assert "good.png" in captured.out
    assert "Trouser" in captured.out
    errors = captured.err.splitlines()
    assert len(errors) == 2
    for error, path in zip(errors, (text, missing), strict=True):
        assert error.startswith("skfashion: ")
        assert str(path) in error


def test_the_figure_goes_to_a_file(model, photo, capsys, tmp_path, monkeypatch):
    path = tmp_path / "figure.png"
    photos = [photo("Trouser", "a.png"), photo("Bag", "b.png")]
    assert __main__.main(["predict", model, *photos, "--plot-to", str(path)]) == 0
    assert f"Figure: {path}" in capsys.readouterr().out
    with Image.open(path) as image:
        assert image.width > 200
    # Without a screen, --plot has nowhere else to go.
    monkeypatch.chdir(tmp_path)
    assert __main__.main(["predict", model, *photos, "--plot"]) == 0
    assert "Figure: predictions.png" in capsys.readouterr().out
    assert (tmp_path / "predictions.png").exists()


@pytest.mark.parametrize("name", ["figure.docx", "missing/figure.png"])
def test_a_figure_that_cannot_be_written_is_a_sentence(
    name, model, photo, capsys, tmp_path
):
    path = tmp_path / name
    arguments = ["predict", model, photo("Bag", "a.png"), "--plot-to", str(path)]
    assert __main__.main(arguments) == 1
    captured = capsys.readouterr()
    assert "Bag" in captured.out
    assert str(path) in captured.err
    assert len(captured.err.splitlines()) == 1


def damaged(path, fitted):
    joblib.dump(fitted, path)
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize(
    ("write", "sentence"),
    [
        (lambda path, fitted: None, "is not a file"),
        (lambda path, fitted: path.write_text("hello"), "cannot be read"),
        (damaged, "cannot be read"),
        (lambda path, fitted: joblib.dump([1], path), "holds an object of list"),
        (lambda path, fitted: joblib.dump(fitted[-1], path), "its PixelScaler"),
        (lambda path, fitted: joblib.dump(RidgeClassifier(), path), "predict_proba"),
        (lambda path, fitted: joblib.dump(make_cnn(), path), "must be a fitted"),
        (
            lambda path, fitted: joblib.dump(
                make_cnn(epochs=1).fit(np.eye(9, dtype=np.float32), range(9)), path
            ),
            "does not take images of 28x28",
        ),
    ],
    ids=["missing", "text", "cut", "list", "unscaled", "ridge", "unfitted", "small"],
)
def test_a_bad_model_is_a_sentence(write, sentence, fitted, photo, capsys, tmp_path):
    path = tmp_path / "bad.joblib"
    write(path, fitted)
    assert __main__.main(["predict", str(path), photo("Bag", "a.png")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"MODEL {str(path)!r}" in captured.err
    assert sentence in captured.err
    assert len(captured.err.splitlines()) == 1


def test_a_damaged_file_of_save_s_is_a_sentence(fitted, photo, capsys, tmp_path):
    path = save(fitted, tmp_path / "bad")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert __main__.main(["predict", str(path), photo("Bag", "a.png")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"{path} is not a file" in captured.err
    assert len(captured.err.splitlines()) == 1


def test_other_classes_go_by_their_labels(sample, photo, capsys, tmp_path):
    y = np.where(sample[1] == 1, "trousers", "else")
    path = tmp_path / "two.joblib"
    joblib.dump(make_pipeline(PixelScaler(), make_cnn()).fit(sample[0], y), path)
    assert __main__.main(["predict", str(path), photo("Trouser", "a.png")]) == 0
    row = capsys.readouterr().out.splitlines()[1].split()
    assert row[1::2] == ["trousers", "else"]
