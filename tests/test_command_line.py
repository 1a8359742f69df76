"""The commands, on the bundled sample in place of the full data."""

import subprocess
import sys

import pytest

from conftest import make_cnn, make_mlp
from skfashion import CLASS_NAMES, __main__, load_fashion_sample
from skfashion.exceptions import DownloadError


@pytest.fixture
def small(monkeypatch):
    """Have the commands use the sample, small networks and two baselines."""

    def fetch(*, subset, data_home):
        assert data_home is None
        return load_fashion_sample(subset=subset)

    def networks(module, make):
        return monkeypatch.setattr(
            __main__, module, lambda random_state: make(random_state=random_state)
        )

    monkeypatch.setattr(__main__, "fetch_fashion_mnist", fetch)
    monkeypatch.setattr(__main__, "_QUICK", {"train": 500, "test": 200})
    networks("FashionMLPClassifier", make_mlp)
    networks("FashionCNNClassifier", make_cnn)
    baselines = __main__.make_baselines
    monkeypatch.setattr(
        __main__,
        "make_baselines",
        lambda seed: dict(list(baselines(seed).items())[:2]),
    )


def test_compare_quick(small, capsys):
    assert __main__.main(["compare", "--quick"]) == 0
    out = capsys.readouterr().out
    assert "500 training images, 200 test images" in out
    for model in ("Logistic regression", "Linear SVM", "FashionMLPCl", "FashionCNNCl"):
        lines = [line for line in out.splitlines() if model in line]
        # When it finishes, in the table, and at most over the report.
        assert 2 <= len(lines) <= 3
        assert "test accuracy 0." in lines[0]
    assert all(head in out for head in ("macro", "log", "seconds", "µs/image"))
    report = out[out.index("by category") :]
    assert all(name in report for name in CLASS_NAMES)
    assert "weighted avg" in report


def test_the_best_model_is_reported(small, capsys, monkeypatch):
    given = {"good": 0.9, "bad": 0.1}
    monkeypatch.setattr(__main__, "_estimators", lambda seed: dict.fromkeys(given))
    shown = {}

    def show(results, estimators, test, console):
        shown.update(results)

    figures = iter(given.values())
    monkeypatch.setattr(__main__, "_evaluate", lambda *_: {"accuracy": next(figures)})
    monkeypatch.setattr(__main__, "_report", show)
    assert __main__.main(["compare"]) == 0
    assert shown == {name: {"accuracy": value} for name, value in given.items()}


def test_an_interrupted_comparison_shows_what_it_has(small, capsys, monkeypatch):
    evaluate = __main__.evaluate
    calls = []

    def interrupted(*args):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return evaluate(*args)

    monkeypatch.setattr(__main__, "evaluate", interrupted)
    assert __main__.main(["compare"]) == 130
    out = capsys.readouterr().out
    assert "2,000 training images, 500 test images" in out
    assert "Logistic regression, by category" in out


def test_fetch(small, capsys):
    assert __main__.main(["fetch"]) == 0
    out = capsys.readouterr().out
    assert "2,500 images of 28x28 pixels" in out
    assert "Ankle boot   250" in out


def test_an_error_is_a_sentence_and_a_status(capsys, monkeypatch):
    def fail(**kwargs):
        raise DownloadError("no [source] answered")

    monkeypatch.setattr(__main__, "fetch_fashion_mnist", fail)
    assert __main__.main(["fetch"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "skfashion: no [source] answered\n"


@pytest.mark.parametrize(
    "arguments", [[], ["fetch", "--nothing"], ["sew"], ["compare", "--seed", "-1"]]
)
def test_bad_arguments(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        __main__.main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m skfashion" in capsys.readouterr().err


def test_runs_as_a_module():
    run = subprocess.run(
        [sys.executable, "-m", "skfashion", "--help"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "compare" in run.stdout
    assert run.stderr == ""
