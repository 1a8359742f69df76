import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline

mpl.use("Agg")

from helpers.classifiers import make_mlp
from skfashion import PixelScaler
from skfashion.displays import PredictionGridDisplay
from skfashion.exceptions import DataError, ParameterError
from skfashion.inspection import suspect_labels


@pytest.fixture(scope="module")
def planted(sample):
    """The sample with 20 of its labels changed, and which they are."""
    X, y = sample
    rng = np.random.default_rng(0)
    rows = rng.choice(len(y), 20, replace=False)
    y = y.copy()
    y[rows] = (y[rows] + rng.integers(1, 10, 20)) % 10
    return X, y, rows


@pytest.mark.parametrize(
    ("estimator", "cv"),
    [
        (make_pipeline(PixelScaler(), make_mlp(epochs=8)), 5),
        (RandomForestClassifier(40, random_state=0), 3),
    ],
    ids=["mlp", "forest"],
)
def test_planted_labels_come_first(planted, estimator, cv):
    X, y, rows = planted
    table = suspect_labels(estimator, X, y, cv=cv)
    # By chance less than one of them would be among 40, and one among 100.
    assert np.isin(table["row"][:40], rows).sum() >= 12
    assert np.isin(table["row"][:100], rows).sum() >= 15
    suspect = table.set_index("row")["suspect"]
    assert suspect[rows].mean() >= 0.4
    assert suspect.mean() < 0.15
    assert not hasattr(estimator, "classes_")


def test_figures_are_those_of_the_folds_that_were_not_seen(train, names):
    X, y = train[0], names[train[1]]
    weights = np.linspace(0, 1, len(y))
    options = {"cv": StratifiedKFold(3, shuffle=True, random_state=0)}
    options["params"] = {"sample_weight": weights}
    table = suspect_labels(make_mlp(epochs=1), X, pd.Series(y), **options)
    expected = cross_val_predict(
        make_mlp(epochs=1), X, y, method="predict_proba", **options
    )
    classes = np.unique(y)
    assert sorted(table["row"]) == list(range(600))
    assert table["self_confidence"].is_monotonic_increasing
    rows = table["row"].to_numpy()
    np.testing.assert_array_equal(table["label"], y[rows])
    np.testing.assert_array_equal(
        table["predicted"], classes[expected[rows].argmax(axis=1)]
    )
    np.testing.assert_array_equal(
        table["predicted_confidence"], expected[rows].max(axis=1)
    )
    np.testing.assert_array_equal(
        table["self_confidence"], expected[rows, np.searchsorted(classes, y[rows])]
    )


class Told(GaussianNB):
    """Gives the probabilities that stand in X."""

    def predict_proba(self, X):
        return np.asarray(X)


def test_suspects_are_those_that_reach_another_class():
    X = [[0.9, 0.1], [0.7, 0.3], [0.45, 0.55], [0.15, 0.85], [0.2, 0.8], [0.85, 0.15]]
    y = ["a", "a", "a", "b", "b", "b"]
    table = suspect_labels(Told(), X, y, cv=3).set_index("row").sort_index()
    # The means are 0.68 and 0.6: the third reaches neither, the sixth that of "a".
    assert table["suspect"].tolist() == [False] * 5 + [True]
    assert table["predicted"].tolist() == ["a", "a", "b", "b", "b", "a"]


def test_they_can_be_drawn(planted):
    X, y, _ = planted
    table = suspect_labels(GaussianNB(), X, y, cv=2)[:6]
    display = PredictionGridDisplay.from_predictions(
        X[table["row"]], table["label"], table["predicted"]
    )
    assert display.actual == [str(label) for label in table["label"]]


def test_what_is_refused(train, names):
    X, y = train[0][:60], names[np.arange(60) % 3]
    y = np.where(np.arange(60) < 2, "rare", y)
    sentence = "y has 2 rows of class 'rare', but cv=5 needs 5 of each class"
    with pytest.raises(DataError, match=sentence):
        suspect_labels(GaussianNB(), X, y)
    with pytest.raises(DataError, match=r"y has shape \(59,\), but X has 60 rows"):
        suspect_labels(GaussianNB(), X, y[1:])
    with pytest.raises(ParameterError, match="has no predict_proba"):
        suspect_labels(RidgeClassifier(), X, y)
    with pytest.raises(ValueError, match="Unknown label type"):
        suspect_labels(GaussianNB(), X, np.linspace(0, 1, 60))
    gaps = [None, *y[1:-1], None]
    with pytest.raises(DataError, match=r"y has None in row 0, .* out the 2 rows"):
        suspect_labels(GaussianNB(), X, gaps)
    with pytest.raises(DataError, match=r"y has np.float64\(nan\) in row 5"):
        suspect_labels(GaussianNB(), X, np.where(np.arange(60) == 5, np.nan, 1.0))
