"""Every estimator of scikit-learn that is given another one, around a classifier."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import (
    AdaBoostClassifier,
    BaggingClassifier,
    GradientBoostingClassifier,
    RandomForestClassifier,
    StackingClassifier,
    VotingClassifier,
)
from sklearn.experimental import (
    enable_halving_search_cv,  # noqa: F401
    enable_iterative_imputer,  # noqa: F401
)
from sklearn.feature_selection import (
    RFE,
    RFECV,
    SelectFromModel,
    SequentialFeatureSelector,
)
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import (
    FixedThresholdClassifier,
    GridSearchCV,
    HalvingGridSearchCV,
    HalvingRandomSearchCV,
    RandomizedSearchCV,
    TunedThresholdClassifierCV,
)
from sklearn.multiclass import (
    OneVsOneClassifier,
    OneVsRestClassifier,
    OutputCodeClassifier,
)
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.semi_supervised import SelfTrainingClassifier
from sklearn.utils._param_validation import HasMethods
from sklearn.utils.discovery import all_estimators

from helpers.classifiers import make_cnn, make_mlp
from skfashion import CLASS_NAMES, PixelScaler, load_fashion_sample

SEED = {"random_state": 0}
GRID = {"alpha": [0.0, 0.01]}
SEARCH = {"cv": 2, "error_score": "raise"}


def pixel_weights(mlp):
    """What SelectFromModel and the like rank pixels by."""
    return np.abs(mlp.coefs_[0]).sum(axis=1)


def first(selector, clf):
    """A selector has pixels to choose, not labels to predict: a step before."""
    return make_pipeline(selector, clone(clf))


def four(X):
    """A few pixels of an image, for a selector that tries each of them."""
    return X[:, 200:600:100]


def beside(clf):
    """A pipeline, and a forest that takes the same images as rows."""
    forest = RandomForestClassifier(5, **SEED)
    rows = make_pipeline(PixelScaler(flatten=True), forest)
    return [("network", Pipeline([("clf", clf)])), ("forest", rows)]


# How each is put around a classifier.
AROUND = {
    "AdaBoostClassifier": lambda clf: AdaBoostClassifier(clf, n_estimators=2, **SEED),
    "BaggingClassifier": lambda clf: BaggingClassifier(clf, n_estimators=2, **SEED),
    "CalibratedClassifierCV": lambda clf: CalibratedClassifierCV(clf, cv=2),
    "ClassifierChain": lambda clf: ClassifierChain(clf),
    "FixedThresholdClassifier": lambda clf: FixedThresholdClassifier(clf),
    "FrozenEstimator": lambda clf: FrozenEstimator(clf),
    "GradientBoostingClassifier": lambda clf: GradientBoostingClassifier(
        init=clf, n_estimators=2, max_features=10, **SEED
    ),
    "GridSearchCV": lambda clf: GridSearchCV(clf, GRID, **SEARCH),
    "HalvingGridSearchCV": lambda clf: HalvingGridSearchCV(
        clf, GRID, min_resources=60, **SEARCH, **SEED
    ),
    "HalvingRandomSearchCV": lambda clf: HalvingRandomSearchCV(
        clf, GRID, n_candidates=2, min_resources=60, **SEARCH, **SEED
    ),
    "MultiOutputClassifier": lambda clf: MultiOutputClassifier(clf),
    "OneVsOneClassifier": lambda clf: OneVsOneClassifier(clf),
    "OneVsRestClassifier": lambda clf: OneVsRestClassifier(clf),
    "OutputCodeClassifier": lambda clf: OutputCodeClassifier(clf, **SEED),
    "Pipeline": lambda clf: Pipeline([("scale", PixelScaler()), ("clf", clf)]),
    "RandomizedSearchCV": lambda clf: RandomizedSearchCV(
        clf, GRID, n_iter=2, **SEARCH, **SEED
    ),
    "RFE": lambda clf: RFE(
        clf, n_features_to_select=400, step=200, importance_getter=pixel_weights
    ),
    "RFECV": lambda clf: RFECV(
        clf, step=400, cv=2, importance_getter=pixel_weights, min_features_to_select=384
    ),
    "SelectFromModel": lambda clf: first(
        SelectFromModel(clf, importance_getter=pixel_weights), clf
    ),
    "SelfTrainingClassifier": lambda clf: SelfTrainingClassifier(clf, max_iter=2),
    "SequentialFeatureSelector": lambda clf: first(
        make_pipeline(
            FunctionTransformer(four),
            SequentialFeatureSelector(clf, n_features_to_select=3, cv=2),
        ),
        clf,
    ),
    "StackingClassifier": lambda clf: StackingClassifier(beside(clf), cv=2),
    "TunedThresholdClassifierCV": lambda clf: TunedThresholdClassifierCV(clf, cv=2),
    "VotingClassifier": lambda clf: VotingClassifier(beside(clf), voting="soft"),
}
# What is given estimators of another kind, and which.
OTHERS = {
    "AdaBoostRegressor": "regressors",
    "BaggingRegressor": "regressors",
    "ColumnTransformer": "transformers",
    "FeatureUnion": "transformers",
    "GradientBoostingRegressor": "regressors",
    "IterativeImputer": "regressors",
    "LinearDiscriminantAnalysis": "estimators of covariance",
    "MultiOutputRegressor": "regressors",
    "QuadraticDiscriminantAnalysis": "estimators of covariance",
    "RANSACRegressor": "regressors",
    "RegressorChain": "regressors",
    "StackingRegressor": "regressors",
    "TransformedTargetRegressor": "regressors",
    "VotingRegressor": "regressors",
}
# What takes images as (n, height, width); the others ask for rows.
WHOLE = {
    "AdaBoostClassifier",
    "CalibratedClassifierCV",
    "FixedThresholdClassifier",
    "FrozenEstimator",
    "GridSearchCV",
    "HalvingGridSearchCV",
    "HalvingRandomSearchCV",
    "MultiOutputClassifier",
    "OneVsRestClassifier",
    "Pipeline",
    "RandomizedSearchCV",
    "StackingClassifier",
    "TunedThresholdClassifierCV",
    "VotingClassifier",
}
# Trousers, sneakers and bags: images that a short fit tells apart.
CLASSES = (1, 7, 8)


def labels_of(name, y):
    """Labels of the sort that an estimator is for."""
    trousers, sneakers = y == CLASSES[0], y == CLASSES[1]
    if name == "ClassifierChain":
        return np.column_stack([trousers, sneakers]).astype(int)
    if name == "MultiOutputClassifier":
        return np.column_stack([y, sneakers])
    if name == "SelfTrainingClassifier":
        return y
    names = np.array(CLASS_NAMES)[y]
    return np.where(trousers, names, "others") if "Threshold" in name else names


def images(subset, n):
    X, y = load_fashion_sample(subset=subset, return_X_y=True)
    rows = np.flatnonzero(np.isin(y, CLASSES))[:n]
    return PixelScaler().fit_transform(X[rows]), y[rows]


@pytest.fixture(scope="module")
def train():
    return images("train", 120)


@pytest.fixture(scope="module")
def test():
    return images("test", 60)


@pytest.fixture
def mlp():
    return make_mlp(hidden_layer_sizes=(8,), epochs=4, learning_rate=0.01)


@pytest.fixture
def cnn():
    return make_cnn(filters=(4,), dense_sizes=(), learning_rate=0.01)


def takes_estimators(kind):
    """Whether a parameter is an estimator, by its name or by what it has to have."""
    constraints = getattr(kind, "_parameter_constraints", {})
    for name in inspect.signature(kind).parameters:
        if re.fullmatch(r"(?!n_).*(estimator|classifier|regressor)s?|steps", name):
            return True
        if name.startswith("transformer"):
            return True
        allowed = constraints.get(name)
        if isinstance(allowed, list) and any(
            isinstance(one, HasMethods) and "fit" in one.methods for one in allowed
        ):
            return True
    return False


def test_every_one_of_scikit_learn_is_here():
    found = {name for name, kind in all_estimators() if takes_estimators(kind)}
    assert found == AROUND.keys() | OTHERS.keys()
    assert not AROUND.keys() & OTHERS.keys()
    assert AROUND.keys() > WHOLE


def test_the_page_names_each():
    page = (Path(__file__).parents[2] / "docs" / "ecosystem.md").read_text()
    table = page.partition("| take |")[2].partition("\n\n")[0]
    of = dict(row.strip("|").split(" | ") for row in table.splitlines()[2:])
    named = {what: set(re.findall(r"`([A-Z]\w+)`", row)) for what, row in of.items()}
    whole, rows, *others = named.values()
    assert whole == WHOLE
    assert rows == AROUND.keys() - WHOLE
    assert set().union(*others) == OTHERS.keys()


def learns(name, clf, train, test):
    """Fit, predict, score and clone one around a classifier."""
    X, y = train[0], labels_of(name, train[1])
    X_test, y_test = test[0], labels_of(name, test[1])
    around = AROUND[name](fitted(name, clf, X, y))
    if name == "SelfTrainingClassifier":
        y = np.where(np.arange(len(y)) % 3, y, -1)
    around.fit(X, y)
    predicted = around.predict(X_test)
    assert predicted.shape == y_test.shape
    assert set(np.unique(predicted)) <= set(np.unique(y_test))
    assert around.score(X_test, y_test) > 0.7
    again = clone(around).fit(X, y)
    np.testing.assert_array_equal(again.predict(X_test), predicted)
    if hasattr(around, "predict_proba") and predicted.ndim == 1:
        proba = around.predict_proba(X_test)
        assert proba.shape == (len(X_test), len(around.classes_))
        np.testing.assert_allclose(proba.sum(axis=1), 1, rtol=1e-5)


def fitted(name, clf, X, y):
    return clf.fit(X, y) if name == "FrozenEstimator" else clf


@pytest.mark.parametrize("name", AROUND)
def test_around_an_mlp(name, mlp, train, test):
    learns(name, mlp, train, test)


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_around_a_cnn_and_images(name, cnn, train, test):
    shape = (-1, 28, 28)
    train, test = ((X.reshape(shape), y) for X, y in (train, test))
    learns(name, cnn, train, test)


@pytest.mark.parametrize("name", sorted(AROUND.keys() - WHOLE))
def test_the_others_ask_for_rows(name, mlp, train):
    X, y = train
    with pytest.raises(ValueError, match="Found array with dim 3"):
        AROUND[name](mlp).fit(X.reshape(-1, 28, 28), labels_of(name, y))
