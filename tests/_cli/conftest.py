"""The bundled sample in place of the full data, and small models."""

import dataclasses

import pytest

from helpers.classifiers import make_cnn, make_mlp
from skfashion import load_fashion_sample
from skfashion._cli import compare, fetch, shared
from skfashion.recipes import RECIPES


@pytest.fixture
def sampled(monkeypatch):
    """Have the commands use the sample, and wide enough a screen."""

    def load(*, subset, data_home):
        assert data_home is None
        return load_fashion_sample(subset=subset)

    for module in (shared, fetch):
        monkeypatch.setattr(module, "fetch_fashion_mnist", load)
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def small(sampled, monkeypatch):
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


@pytest.fixture
def short(sampled, monkeypatch):
    """Have ``reproduce`` hold out a part of the sample, for one epoch or two."""
    for name, recipe in list(RECIPES.items()):
        held = recipe.validation and slice(0, 200)
        parameters = {**recipe.parameters, "epochs": 1 + (name == "dense-32")}
        changed = dataclasses.replace(recipe, validation=held, parameters=parameters)
        monkeypatch.setitem(RECIPES, name, changed)
