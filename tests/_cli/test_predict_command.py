"""``python -m skfashion predict`` on files as a user would have them."""

import numpy as np
import pytest
from PIL import Image
from sklearn.pipeline import make_pipeline

from helpers.classifiers import make_cnn
from skfashion import CLASS_NAMES, PixelScaler, __main__, save
from skfashion.preprocessing import read_photo


@pytest.fixture(scope="module")
def fitted(sample):
    """A pipeline that was fitted on the sample's bytes."""
    return make_pipeline(PixelScaler(), make_cnn(epochs=6)).fit(*sample)


@pytest.fixture
def model(fitted, tmp_path):
    return str(save(fitted, tmp_path / "model", class_names=CLASS_NAMES))


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


def rows(out):
    """What the table has beneath its headings, without spaces."""
    return [" ".join(line.split()) for line in out.split("\n\n")[1].splitlines()[1:]]


def expected(fitted, path, names=CLASS_NAMES):
    row = fitted.predict_proba(read_photo(path).reshape(1, -1))[0]
    best = np.argsort(-row)[:3]
    cells = [text for i in best for text in (names[i], f"{row[i]:.1%}")]
    return " ".join([path, *cells])


def test_the_three_best_are_told(model, fitted, photo, capsys):
    paths = [photo("Trouser", "a.webp"), photo("Ankle boot", "b.jpg")]
    assert __main__.main(["predict", model, *paths]) == 0
    told = rows(capsys.readouterr().out)
    assert told == [expected(fitted, path) for path in paths]
    for row, category in zip(told, ("Trouser", "Ankle boot"), strict=True):
        assert category in row.split("%")[0]


def test_what_was_done_to_each_is_told(model, photo, capsys):
    path = photo("Trouser", "a.png")
    assert __main__.main(["predict", model, path]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{path}: 640x480 RGB -> 28x28 grey"
    assert "as Fashion-MNIST's images were" in lines[1]
    assert "--prepare photo" in lines[1]


def test_each_is_answered_in_order(model, fitted, photo, capsys, monkeypatch, tmp_path):
    photo("Trouser", "a.png")
    photo("Bag", "b.png")
    monkeypatch.chdir(tmp_path)
    given = ["a.png", "./a.png", "b.png", "a.png", f"{tmp_path}/a.png"]
    assert __main__.main(["predict", model, *given]) == 0
    captured = capsys.readouterr()
    assert rows(captured.out) == [expected(fitted, path) for path in given]
    assert captured.err == ""


def test_more_than_are_in_memory_at_once(model, photo, capsys, monkeypatch):
    from skfashion._cli import predict

    monkeypatch.setattr(predict, "_AT_ONCE", 2)
    paths = [photo("Bag", f"{number}.png") for number in range(5)]
    given = [*paths[:2], "no.png", "neither.png", *paths[2:]]
    assert __main__.main(["predict", model, *given]) == 1
    captured = capsys.readouterr()
    assert [row.split()[0] for row in rows(captured.out)] == paths
    assert len(captured.err.splitlines()) == 2


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
    photos = [photo("Trouser", r"$\bad$[b].png"), photo("Bag", "b.png")]
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


@pytest.mark.parametrize(
    "name",
    ["shirt [blue].png", "[bold red].png", ":smile:.png", "\x1b[2J.png", "\udcff.png"],
)
def test_a_name_of_any_letters_is_shown(name, model, photo, capsys, tmp_path):
    good = photo("Bag", "good.png")
    (tmp_path / name).write_bytes((tmp_path / "good.png").read_bytes())
    bad = tmp_path / f"bad{name}"
    bad.write_text("not an image")
    given = [str(tmp_path / name), str(bad), good]
    assert __main__.main(["predict", model, *given]) == 1
    captured = capsys.readouterr()
    shown = ascii(name)[1:-1]
    assert captured.out.count(shown) == 2
    assert shown in captured.err
    assert "\x1b" not in captured.out + captured.err


# Class names


def test_without_names_labels_are_shown(fitted, photo, capsys, tmp_path):
    path, image = save(fitted, tmp_path / "model"), photo("Trouser", "a.png")
    assert __main__.main(["predict", str(path), image]) == 0
    assert rows(capsys.readouterr().out) == [expected(fitted, image, "0123456789")]


def test_digits_are_no_clothes(sample, capsys, tmp_path):
    digits = make_pipeline(PixelScaler(), make_cnn(epochs=1)).fit(*sample)
    path = save(digits, tmp_path / "digits")
    Image.fromarray(sample[0][0].reshape(28, 28)).save(tmp_path / "a.png")
    assert __main__.main(["predict", str(path), str(tmp_path / "a.png")]) == 0
    out = capsys.readouterr().out
    assert not any(name in out for name in CLASS_NAMES)


def test_text_labels_are_names(sample, photo, capsys, tmp_path):
    y = np.where(sample[1] == 1, "trousers [blue]", "else")
    fitted = make_pipeline(PixelScaler(), make_cnn()).fit(sample[0], y)
    path, image = save(fitted, tmp_path / "two"), photo("Trouser", "a.png")
    assert __main__.main(["predict", str(path), image, "--prepare", "photo"]) == 0
    (row,) = rows(capsys.readouterr().out)
    assert row.split(" ", 1)[1].startswith("trousers [blue] ")
    assert " else " in row


def test_names_are_given(model, fitted, photo, capsys):
    image = photo("Trouser", "a.png")
    option = 'a,"b, c",[d],$e$,f g,h,i,j,k,l'
    arguments = ["predict", model, image, "--class-names", option]
    assert __main__.main(arguments) == 0
    names = ["a", "b, c", "[d]", "$e$", "f g", *"hijkl"]
    assert rows(capsys.readouterr().out) == [expected(fitted, image, names)]


@pytest.mark.parametrize("option", ["a,b", "", "a,b,c,d,e,f,g,h,i,i"])
def test_names_that_do_not_fit_are_a_sentence(option, model, photo, capsys):
    arguments = ["predict", model, photo("Bag", "a.png"), "--class-names", option]
    assert __main__.main(arguments) == 1
    assert "--class-names=" in capsys.readouterr().err
