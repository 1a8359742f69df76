import inspect
import re

from skfashion import (
    FashionCNNClassifier,
    FashionMLPClassifier,
    KerasImageClassifier,
)

ESTIMATORS = (FashionMLPClassifier, FashionCNNClassifier, KerasImageClassifier)
# What a seed decides, and what a rescaled pixel goes to, differ with the network.
OWN = {"random_state", "rescale", "image_shape"}


def parameters(estimator):
    """What a docstring says on each parameter: its type, without default, and text."""
    section = inspect.getdoc(estimator).split("Parameters\n----------\n")[1]
    section = section.split("\n\nAttributes\n")[0]
    entries = re.findall(r"^(\w+) : (.*)\n((?:    .*\n?)+)", section, re.M)
    return {
        name: (kind.split(", default=")[0], " ".join(text.split()))
        for name, kind, text in entries
    }


def test_every_parameter_is_described():
    for estimator in ESTIMATORS:
        assert list(parameters(estimator)) == list(
            inspect.signature(estimator).parameters
        )


def test_parameters_of_both_classifiers_are_described_alike():
    mlp, cnn = parameters(FashionMLPClassifier), parameters(FashionCNNClassifier)
    shared = mlp.keys() & cnn.keys()
    assert len(shared) > 15
    assert {name: mlp[name] for name in shared} == {name: cnn[name] for name in shared}


def test_parameters_of_the_third_are_described_as_those_of_the_cnn():
    cnn, keras = parameters(FashionCNNClassifier), parameters(KerasImageClassifier)
    shared = cnn.keys() & keras.keys() - OWN
    assert len(shared) >= 12
    assert {k: cnn[k] for k in shared} == {k: keras[k] for k in shared}
