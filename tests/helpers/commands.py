"""What the tests of several commands do, and the sample in place of the full data."""

import dataclasses

import pytest

from helpers.classifiers import make_cnn, make_mlp
from skfashion import load_fashion_sample
from skfashion._cli import compare, fetch, shared
from skfashion.recipes import RECIPES


def check_in_browser(open_page, path):
    """A page is whole on a large screen, on a phone and at night."""
    for width, scheme in ((1280, "light"), (360, "dark")):
        window = open_page(path, width=width, scheme=scheme)
        images = window.images()
        assert len(images) > 5
        assert all(natural_width > 0 for natural_width, _ in images)
        assert window.overflow() <= 0
        assert window.console() == []


def interrupt(monkeypatch, module, name, *, at_call):
    """Have a function be interrupted the so many-th time it is called."""
    function = getattr(module, name)
    calls = []

    def interrupted(*args, **kwargs):
        calls.append(args)
        if len(calls) == at_call:
            raise KeyboardInterrupt
        return function(*args, **kwargs)

    monkeypatch.setattr(module, name, interrupted)


@pytest.fixture(name="sampled")
def fixture_sampled(monkeypatch):
    """Have the commands use the sample, and wide enough a screen."""

    def load(*, subset, data_home):
        assert data_home is None
        return load_fashion_sample(subset=subset)

    for module in (shared, fetch):
        monkeypatch.setattr(module, "fetch_fashion_mnist", load)
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture(name="unsaved")
def fixture_unsaved(monkeypatch):
    """Have figures be drawn on and not turned into pixels, which takes longest."""
    name = "matplotlib.figure.Figure.savefig"
    monkeypatch.setattr(name, lambda self, file, **settings: None)


@pytest.fixture(name="small")
def fixture_small(sampled, monkeypatch):
    """Have ``compare`` use small networks and two baselines."""
    monkeypatch.setattr(shared, "_QUICK", {"train": 500, "test": 200})
    for name, make in (
        ("FashionMLPClassifier", make_mlp),
        ("FashionCNNClassifier", make_cnn),
    ):
        monkeypatch.setattr(compare, name, lambda random_state, make=make: make())
    baselines = compare.make_baselines
    monkeypatch.setattr(
        compare, "make_baselines", lambda seed: dict(list(baselines(seed).items())[:2])
    )


@pytest.fixture(name="short")
def fixture_short(sampled, monkeypatch):
    """Have ``reproduce`` hold out a part of the sample, for one epoch or two."""
    for name, recipe in list(RECIPES.items()):
        held = recipe.validation and slice(0, 200)
        parameters = {**recipe.parameters, "epochs": 1 + (name == "dense-32")}
        changed = dataclasses.replace(recipe, validation=held, parameters=parameters)
        monkeypatch.setitem(RECIPES, name, changed)
