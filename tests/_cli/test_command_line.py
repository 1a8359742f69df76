"""The commands, on the bundled sample in place of the full data."""

import errno
import io
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

import skfashion
from helpers.classifiers import board_scalars
from helpers.commands import check_in_browser, interrupt
from skfashion import (
    CLASS_NAMES,
    FashionMLPClassifier,
    __main__,
    load_fashion_sample,
    save,
)
from skfashion._cli import compare, fetch, reproduce, shared
from skfashion.exceptions import DownloadError
from skfashion.persistence import load
from skfashion.recipes import PUBLISHED, RECIPES, get_recipe

ROOT = Path(__file__).parents[2]


def test_reproduce_predicts_test_images_once(
    short, unsaved, capsys, monkeypatch, tmp_path
):
    counts = Counter()
    for name in ("predict", "predict_proba"):
        count(monkeypatch, FashionMLPClassifier, name, counts)
    arguments = ["dense-32", "--epochs", "1", "--out", str(tmp_path)]
    assert __main__.main(["reproduce", *arguments]) == 0
    assert (tmp_path / "reproduce.html").exists()
    assert counts == {"predict_proba": 500}


def count(monkeypatch, owner, name, counts):
    """Count the images that a method is given."""
    method = getattr(owner, name)

    def counted(self, X):
        counts[name] += len(X)
        return method(self, X)

    monkeypatch.setattr(owner, name, counted)


def test_reproduce_all(short, capsys, tmp_path, open_page):
    folder = tmp_path / "out"
    assert __main__.main(["reproduce", "--seeds", "2", "--out", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "cnn-fast" not in out
    for name in PUBLISHED:
        recipe = get_recipe(name)
        assert f"{name}, seed 1" in out
        rows = out[out.rindex(f"\n  {name} ") :]
        for number in recipe.published:
            assert number.quantity in rows
            assert number.printed in rows
    page = (folder / "reproduce.html").read_text()
    for recipe in map(get_recipe, PUBLISHED):
        for number in recipe.published:
            assert number.printed.replace("&", "&amp;") in page
        for chosen in recipe.unsaid.values():
            assert chosen.replace("'", "&#39;") in page
    check_in_browser(open_page, folder / "reproduce.html")
    for name in PUBLISHED:
        model = load(folder / f"{name}.skfashion")
        assert model["clf"].random_state == 0
        assert model["clf"].class_names_ == list(CLASS_NAMES)
        assert model.predict(load_fashion_sample().data[:2]).shape == (2,)


def test_reproduce_a_set_up_of_our_own(short, monkeypatch, capsys, tmp_path):
    recipe = get_recipe("cnn-fast")
    parameters = {**recipe.parameters, "filters": (4, 4, 4)}
    monkeypatch.setitem(RECIPES, "cnn-fast", replace(recipe, parameters=parameters))
    assert __main__.main(["reproduce", "cnn-fast", "--out", str(tmp_path)]) == 0
    assert "published" not in capsys.readouterr().out
    page = (tmp_path / "reproduce.html").read_text()
    assert "1 named set-up," in page
    assert "Published and measured" not in page


def test_reproduce_some_for_fewer_epochs(short, capsys):
    assert __main__.main(["reproduce", "dense-32", "--epochs", "1"]) == 0
    out = capsys.readouterr().out
    assert "25,450" in out
    assert "train loss, epoch 5" in out
    assert "Not trained for 2 epochs, as in the report." in " ".join(out.split())
    assert "cnn" not in out


def test_reproduce_writes_a_log_of_each_epoch(short, capsys, tmp_path):
    arguments = ["reproduce", "sgd-300-100", "dense-32", "--tensorboard"]
    assert __main__.main([*arguments, str(tmp_path)]) == 0
    dense = board_scalars(tmp_path / "dense-32" / "seed-0")
    assert dense["train", "epoch_loss"].shape == (2,)
    assert ("validation", "epoch_loss") not in dense
    sgd = board_scalars(tmp_path / "sgd-300-100" / "seed-0")
    assert sgd["validation", "epoch_accuracy"].shape == (1,)


def test_an_interrupted_reproduction_writes_what_it_has(
    short, unsaved, capsys, monkeypatch, tmp_path
):
    interrupt(monkeypatch, reproduce, "run_recipe", at_call=3)
    assert __main__.main(["reproduce", "--out", str(tmp_path)]) == 130
    out = capsys.readouterr().out
    assert "sgd-300-100" in out
    assert "25,450" not in out
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "dropout.skfashion",
        "reproduce.html",
        "sgd-300-100.skfashion",
    ]


@pytest.mark.parametrize("command", ["reproduce", "compare"])
def test_what_is_fitted_outlives_an_interrupted_page(
    command, short, small, capsys, monkeypatch, tmp_path
):
    interrupt(monkeypatch, shared.report, "write", at_call=1)
    arguments = {"reproduce": ["dense-32"], "compare": ["--quick"]}[command]
    assert __main__.main([command, *arguments, "--out", str(tmp_path)]) == 130
    models = {path.stem for path in tmp_path.iterdir()}
    assert (
        models
        == {
            "reproduce": {"dense-32"},
            "compare": {"FashionMLPClassifier", "FashionCNNClassifier"},
        }[command]
    )
    assert capsys.readouterr().err == "skfashion: interrupted\n"


def test_recipes_are_listed_without_training(capsys, monkeypatch):
    monkeypatch.delattr(reproduce, "run_recipe")
    assert __main__.main(["reproduce", "--list"]) == 0
    out = capsys.readouterr().out
    for name in RECIPES:
        assert f"{name}: {get_recipe(name).network}" in out


def test_an_unknown_recipe_is_a_sentence(capsys):
    assert __main__.main(["reproduce", "dense32"]) == 1
    assert "'dense32' is not a recipe; it must be" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("reproduce", "--out"),
        ("reproduce", "--tensorboard"),
        ("compare", "--out"),
    ],
)
def test_where_nothing_can_be_written_nothing_is_trained(
    command, option, sampled, capsys, tmp_path, monkeypatch
):
    monkeypatch.delattr(reproduce, "run_recipe")
    monkeypatch.delattr(compare, "evaluate")
    file = tmp_path / "file"
    file.write_text("mine")
    assert __main__.main([command, option, str(file)]) == 1
    error = capsys.readouterr().err
    assert f"{option} {file}" in error
    assert "it must be a" in error
    assert file.read_text() == "mine"


def test_fetch(sampled, capsys):
    assert __main__.main(["fetch"]) == 0
    out = capsys.readouterr().out
    assert "2,500 images of 28x28 pixels" in out
    assert "Ankle boot   250" in out


def test_an_error_is_a_sentence_and_a_status(capsys, monkeypatch):
    def fail(**kwargs):
        raise DownloadError("no [source] answered")

    monkeypatch.setattr(fetch, "fetch_fashion_mnist", fail)
    assert __main__.main(["fetch"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "skfashion: no [source] answered\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fetch", "--nothing"],
        ["sew"],
        ["compare", "--seed", "-1"],
        ["reproduce", "--seeds", "0"],
        ["reproduce", "--epochs", "many"],
        ["predict", "model.joblib"],
    ],
    ids=str,
)
def test_bad_arguments(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        __main__.main(arguments)
    assert caught.value.code == 2
    assert "usage: skfashion" in capsys.readouterr().err


def test_runs_as_a_module():
    run = subprocess.run(
        [sys.executable, "-m", "skfashion", "--help"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.startswith("usage: python -m skfashion ")
    for command in ("fetch", "compare", "reproduce", "predict"):
        assert command in run.stdout
    assert run.stderr == ""


def test_runs_as_an_installed_command():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    module, _, function = project["scripts"]["skfashion"].partition(":")
    # As installers write it.
    script = f"import sys\nfrom {module} import {function}\nsys.exit({function}())"
    outcomes = []
    for arguments in (["--help"], ["--version"], ["sew"]):
        run = subprocess.run(
            [sys.executable, "-c", script, *arguments], capture_output=True, text=True
        )
        outcomes.append((run.returncode, run.stdout, run.stderr))
    (_, usage, _), version, (failed, _, complaint) = outcomes
    assert usage.startswith("usage: skfashion [-h] [--version] COMMAND")
    assert version == (0, f"skfashion {skfashion.__version__}\n", "")
    assert failed == 2
    assert complaint.startswith("usage: skfashion ")


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit) as caught:
        __main__.main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"skfashion {skfashion.__version__}\n"


def test_help_says_which_images_are_read(capsys):
    with pytest.raises(SystemExit):
        __main__.main(["predict", "--help"])
    out = capsys.readouterr().out
    for word in ("PNG", "JPEG", "GIF", "WebP", "BMP", "any size", "grey", "inverted"):
        assert word in out


@pytest.mark.parametrize("argument", ["\x1b[2J", "a\nb", "\udcff"])
def test_arguments_that_are_not_known_are_escaped(argument, capsys):
    with pytest.raises(SystemExit):
        __main__.main(["fetch", argument])
    assert ascii(argument)[1:-1] in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("on_a_terminal", [True, False])
def test_progress_is_shown_on_a_terminal_only(
    on_a_terminal, sampled, monkeypatch, tmp_path
):
    screen = io.StringIO()
    screen.isatty = lambda: on_a_terminal
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm")
    X, y = load_fashion_sample(return_X_y=True)
    clf = FashionMLPClassifier(4, epochs=1, rescale=1 / 255).fit(X[:50], y[:50])
    path = save(clf, tmp_path / "model")
    picture = tmp_path / "a.png"
    Image.fromarray(X[0].reshape(28, 28)).save(picture)
    assert __main__.main(["predict", str(path), str(picture)]) == 0
    told = screen.getvalue()
    assert ("Pictures" in told) == on_a_terminal
    assert ("\x1b" in told) == on_a_terminal


@pytest.mark.parametrize("on_a_terminal", [True, False])
def test_a_download_shows_its_progress_on_a_terminal_only(on_a_terminal, monkeypatch):
    import pooch

    from skfashion.datasets import _sources

    asked = []

    def downloader(*, progressbar, **settings):
        asked.append(progressbar)
        return lambda *where: None

    screen = io.StringIO()
    screen.isatty = lambda: on_a_terminal
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(pooch, "HTTPDownloader", downloader)
    _sources._read_mirror("http://localhost/", _sources.FILES["test"][0])
    assert asked == [on_a_terminal]


def test_a_full_disk_is_a_sentence(capsys, monkeypatch):
    class Full(io.StringIO):
        def write(self, text):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    assert __main__.main(["reproduce", "--list"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("skfashion: ")
    assert said.endswith("No space left on device\n")
    assert len(said.splitlines()) == 1
