import tomllib
from pathlib import Path

import pytest
from sklearn.base import BaseEstimator
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_html_repr

import skfashion
from skfashion import FashionMLPClassifier, KerasImageClassifier, PixelScaler
from skfashion._utils.documentation import SITE
from skfashion.inspection import Embedding

PROJECT = Path(__file__).parent.parent.parent / "pyproject.toml"
MADE = [
    skfashion.Augmentation(),
    skfashion.FashionCNNClassifier(),
    FashionMLPClassifier(),
    KerasImageClassifier(network=None),
    PixelScaler(),
    Embedding(FashionMLPClassifier()),
]


def page(estimator):
    folder = type(estimator).__module__.split("._")[0]
    return f"{SITE}api/generated/{folder}.{type(estimator).__name__}.html"


@pytest.mark.parametrize("estimator", MADE, ids=lambda made: type(made).__name__)
def test_the_html_of_an_estimator_links_to_its_page(estimator):
    assert f'href="{page(estimator)}"' in estimator_html_repr(estimator)


def test_each_step_of_a_pipeline_links_to_its_own_site():
    pipe = make_pipeline(PixelScaler(), FashionMLPClassifier())
    shown = estimator_html_repr(pipe)
    for step in pipe:
        assert f'href="{page(step)}"' in shown
    assert "scikit-learn.org" in shown


def test_every_public_estimator_is_tried_here():
    folders = (getattr(skfashion, name) for name in skfashion.__all__)
    modules = [folder for folder in folders if hasattr(folder, "__all__")]
    public = [getattr(module, name) for module in modules for name in module.__all__]
    kinds = {kind for kind in public if isinstance(kind, type)}
    assert {kind for kind in kinds if issubclass(kind, BaseEstimator)} == {
        type(made) for made in MADE
    }


def test_the_site_is_the_one_that_the_project_names():
    project = tomllib.loads(PROJECT.read_text())["project"]
    assert project["urls"]["Documentation"] == SITE
