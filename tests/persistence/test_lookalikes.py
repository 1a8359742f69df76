"""What only looks like a network is no network to compare."""

import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import Pipeline

from helpers.classifiers import make_mlp
from skfashion import FashionMLPClassifier, compare_models
from skfashion.exceptions import ParameterError


class Foreign(ClassifierMixin, BaseEstimator):
    """An estimator of someone else's, fitted, with an attribute of that name."""

    _network = "a"
    classes_ = (0, 1)

    def fit(self, X, y):
        return self


class HasSteps:
    steps = 3


class HasStepsOnly:
    steps = (("clf", FashionMLPClassifier()),)


LOOKALIKES = {
    "another estimator": Foreign(),
    "its class": Foreign,
    "our class": FashionMLPClassifier,
    "the class of pipelines": Pipeline,
    "a number of steps": HasSteps(),
    "a class with steps": HasSteps,
    "steps and no more": HasStepsOnly(),
    "a pipeline of another": Pipeline([("clf", Foreign())]),
    "an empty pipeline": Pipeline([]),
}


@pytest.fixture(scope="module")
def mlp(train):
    return make_mlp(epochs=1).fit(*train)


@pytest.mark.parametrize("other", LOOKALIKES.values(), ids=LOOKALIKES)
@pytest.mark.parametrize("comes", ["a", "b"])
def test_what_only_looks_like_a_network_is_told(mlp, other, comes):
    pair = (other, mlp) if comes == "a" else (mlp, other)
    with pytest.raises(ParameterError, match=rf"^{comes}=.* must be a fitted class"):
        compare_models(*pair)
