"""The command that compares, on the bundled sample in place of the full data."""

from collections import Counter

import pytest
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import make_pipeline

from helpers.commands import check_in_browser, interrupt
from skfashion import CLASS_NAMES, __main__, load_fashion_sample
from skfashion._cli import compare, shared
from skfashion.persistence import load


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


def test_compare_writes_a_page_and_the_networks(small, capsys, tmp_path, open_page):
    folder = tmp_path / "new" / "folder"
    assert __main__.main(["compare", "--quick", "--out", str(folder)]) == 0
    out = capsys.readouterr().out
    page = folder / "compare.html"
    assert f"Page: {page}" in out
    text = page.read_text()
    for model in ("Logistic regression", "Linear SVM", "FashionMLPCl", "FashionCNNCl"):
        assert model in text
    assert all(name in text for name in CLASS_NAMES)
    check_in_browser(open_page, page)
    for name in ("FashionMLPClassifier", "FashionCNNClassifier"):
        model = load(folder / f"{name}.skfashion")
        assert model[-1].callbacks is None
        assert model[-1].class_names_ == list(CLASS_NAMES)
        X, y = load_fashion_sample(return_X_y=True)
        assert model.score(X, y) > 0.5
    assert len(list(folder.iterdir())) == 3


class Counting(DummyClassifier):
    """Guesses one class, and counts the images of each kind of prediction."""

    def __init__(self, constant=0):
        super().__init__(strategy="constant", constant=constant)

    def fit(self, X, y):
        self.counts_ = Counter()
        return super().fit(X, y)

    def predict(self, X):
        self.counts_["predict"] += len(X)
        return super().predict(X)

    def predict_proba(self, X):
        self.counts_["predict_proba"] += len(X)
        return super().predict_proba(X)


@pytest.mark.parametrize("out", [False, True])
def test_compare_predicts_the_test_images_once(
    small, unsaved, capsys, monkeypatch, tmp_path, out
):
    models = {name: make_pipeline(Counting()) for name in ("one", "other")}
    monkeypatch.setattr(compare, "_estimators", lambda seed: models)
    arguments = ["--out", str(tmp_path)] if out else []
    assert __main__.main(["compare", "--quick", *arguments]) == 0
    assert (tmp_path / "compare.html").exists() == out
    for model in models.values():
        assert model[-1].counts_ == {"predict": 200, "predict_proba": 200}


def test_the_best_model_is_reported(small, capsys, monkeypatch):
    rare = load_fashion_sample(subset="test")
    rare.target[:100] = 0
    monkeypatch.setattr(shared, "fetch_fashion_mnist", lambda **_: rare)
    models = {"bad": make_pipeline(Counting(3)), "good": make_pipeline(Counting(0))}
    monkeypatch.setattr(compare, "_estimators", lambda seed: models)
    assert __main__.main(["compare"]) == 0
    out = capsys.readouterr().out
    assert out.rindex(" good ") < out.rindex(" bad ")
    assert "good, by category" in out


def test_an_interrupted_comparison_shows_what_it_has(
    small, unsaved, capsys, monkeypatch, tmp_path
):
    interrupt(monkeypatch, compare, "evaluate", at_call=2)
    assert __main__.main(["compare", "--out", str(tmp_path)]) == 130
    out = capsys.readouterr().out
    assert "2,000 training images, 500 test images" in out
    assert "Logistic regression, by category" in out
    assert "Logistic regression" in (tmp_path / "compare.html").read_text()
