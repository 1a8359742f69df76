"""What users of other packages type, and what they are told to write instead."""

import re

import keras
import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from skfashion.exceptions import ParameterError

NOT_NUMBERS = ["constant", "adaptive", "invscaling", "cosine", "exponential"]


def told(make, train, **params):
    with pytest.raises(ParameterError) as error:
        make(**params).fit(*train)
    text = str(error.value)
    [name] = params
    assert text.startswith(f"{name}={params[name]!r}")
    assert "\n" not in text
    return text


def written(text):
    """Evaluate what the sentence says to write, as keyword arguments."""
    code = re.search(r"write (.*?)(, where|, which|, or|\.$)", text).group(1)
    code = code.replace(" and callbacks", ", callbacks")
    return eval(f"dict({code})", {"keras": keras, "decay_steps": 19 * 3})


@pytest.mark.parametrize("rate", [*NOT_NUMBERS, "Cosine", "0.01", "[red]"])
def test_a_schedule_by_name_is_told_how_to_write_it(rate, make, train):
    params = written(told(make, train, learning_rate=rate))
    clf = make(epochs=3, **params).fit(*train)
    assert clf.loss_curve_[-1] < clf.loss_curve_[0]


def test_an_adaptive_rate_falls_to_a_fifth(make, train):
    params = written(told(make, train, learning_rate="adaptive"))
    # Of steps so small the loss does not fall, two epochs after the first.
    clf = make(epochs=3, **{**params, "learning_rate": 1e-12}).fit(*train)
    assert float(clf.model_.optimizer.learning_rate) == pytest.approx(0.2e-12)


def test_a_decay_over_all_steps_ends_at_nothing(make, train):
    params = written(told(make, train, learning_rate="cosine"))
    # 600 rows in batches of 32, three epochs.
    schedule = params["learning_rate"]
    assert float(schedule(19 * 3)) == pytest.approx(0, abs=1e-9)
    assert float(schedule(0)) == pytest.approx(0.001)


def test_an_automatic_batch_size_is_that_of_scikit_learn(make, train):
    params = written(told(make, train, batch_size="auto"))
    assert params == {"batch_size": 200}
    assert make(epochs=1, **params).fit(*train).n_iter_ == 1
    assert MLPClassifier().batch_size == "auto"


@pytest.mark.parametrize("name", ["lbfgs", "LBFGS"])
def test_lbfgs_is_sent_to_scikit_learn(name, make, train):
    text = told(make, train, optimizer=name)
    assert "MLPClassifier(solver='lbfgs')" in text
    assert make(epochs=1, **written(text)).fit(*train).n_iter_ == 1


def test_what_means_the_same_is_taken(train):
    from helpers.classifiers import make_mlp

    for activation in ("identity", "logistic", "tanh", "relu"):
        params = {"hidden_layer_sizes": 10, "activation": activation}
        clf = make_mlp(epochs=1, **params).fit(*train)
        assert [w.shape for w in clf.coefs_] == [(784, 10), (10, 10)]
        MLPClassifier(**params)._validate_params()
    assert np.isfinite(clf.loss_curve_).all()
