import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import RidgeClassifier
from sklearn.metrics import accuracy_score, f1_score, log_loss
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from helpers.classifiers import make_mlp
from skfashion import PixelScaler, load_fashion_sample
from skfashion.comparison import compare, evaluate, make_baselines


@pytest.fixture(scope="module")
def data(sample, names):
    """Bytes and names: 600 to train on, 500 to test on."""
    X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
    return sample[0][:600], names[sample[1][:600]], X_test, names[y_test]


def test_figures_are_scikit_learns(data):
    estimator = make_pipeline(PixelScaler(), make_mlp())
    result = evaluate(estimator, *data)
    figures = result.figures
    X, y = data[2:]
    proba = estimator.predict_proba(X)
    assert result.estimator is estimator
    np.testing.assert_array_equal(result.predicted, estimator.predict(X))
    np.testing.assert_array_equal(result.probabilities, proba)
    assert figures["accuracy"] == accuracy_score(y, estimator.predict(X))
    assert figures["macro_f1"] == f1_score(y, estimator.predict(X), average="macro")
    assert figures["log_loss"] == log_loss(y, proba)
    assert figures["fit_s"] > 0
    assert figures["predict_us"] > 0


def test_table_of_any_classifiers(data):
    estimators = {
        "ridge": make_pipeline(PixelScaler(), RidgeClassifier()),
        "weak": make_pipeline(PixelScaler(), make_mlp(learning_rate=1e-9)),
    }
    table = compare(estimators, *data)
    assert list(table.index) == ["ridge", "weak"]
    assert table.index.name == "model"
    assert np.isnan(table.loc["ridge", "log_loss"])
    assert evaluate(estimators["ridge"], *data).probabilities is None
    assert table.loc["weak", "log_loss"] > 1
    assert estimators["ridge"].score(*data[2:]) == table.loc["ridge", "accuracy"]


@pytest.mark.parametrize("name", make_baselines())
def test_every_baseline_learns_and_is_seeded(data, name):
    # Threads of two tests at a time would spin, each waiting for the other's.
    with threadpool_limits(1):
        first, again = (
            make_baselines(random_state=0)[name].fit(*data[:2]) for _ in "12"
        )
    assert first.score(*data[2:]) > 0.7
    np.testing.assert_array_equal(first.predict(data[2]), again.predict(data[2]))


@pytest.mark.parametrize("name", make_baselines())
def test_every_baseline_takes_images_of_few_pixels_and_few_of_them(name):
    X, y = load_digits(return_X_y=True)
    X, y = X[:40].reshape(-1, 8, 8), y[:40]
    with threadpool_limits(1):
        assert make_baselines(random_state=0)[name].fit(X, y).score(X, y) > 0.2
