"""Weights of rows through what stands around a classifier, with routing and without.

Each is compared with a classifier that was given the weights by hand, bit for bit.
"""

import numpy as np
import pytest
import sklearn
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.exceptions import UnsetMetadataPassedError
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    HalvingGridSearchCV,
    KFold,
    RandomizedSearchCV,
    cross_validate,
)
from sklearn.pipeline import Pipeline

from helpers.classifiers import make_cnn, make_keras, make_mlp
from skfashion import PixelScaler

FOLDS = KFold(2)
SEARCHES = {
    "grid": GridSearchCV,
    "random": lambda pipe, grid, **kw: RandomizedSearchCV(pipe, grid, n_iter=1, **kw),
    "halving": lambda pipe, grid, **kw: HalvingGridSearchCV(
        pipe, grid, min_resources="exhaust", max_resources=120, **kw
    ),
}


@pytest.fixture(params=[make_mlp, make_cnn, make_keras], ids=["mlp", "cnn", "own"])
def clf(request):
    return request.param(epochs=1)


@pytest.fixture
def mlp():
    return make_mlp(epochs=1)


@pytest.fixture
def data(sample):
    """120 raw images, their numbers, and weights that make a difference."""
    X, y = sample[0][:120], sample[1][:120]
    return X, y, np.where(y < 5, 9.0, 0.5)


@pytest.fixture
def routing():
    with sklearn.config_context(enable_metadata_routing=True):
        yield


def asking(clf):
    """A pipeline that asks for weights, to train and to score with."""
    clf = clone(clf).set_fit_request(sample_weight=True)
    return pipeline(clf.set_score_request(sample_weight=True))


def pipeline(clf):
    return Pipeline([("scale", PixelScaler()), ("clf", clf)])


def by_hand(clf, X, y, weights):
    scaled = PixelScaler().fit_transform(X)
    return clone(clf).fit(scaled, y, sample_weight=weights)


def same(pipe, clf, X, y, weights):
    """Assert that a pipeline is what weights make of its classifier, and only they."""
    scaled = PixelScaler().fit_transform(X)
    found = pipe.predict_proba(X)
    weighted = by_hand(clf, X, y, weights).predict_proba(scaled)
    np.testing.assert_array_equal(found, weighted)
    assert (found != by_hand(clf, X, y, None).predict_proba(scaled)).any()


# With metadata routing: whoever wants the weights asks for them.


def test_a_pipeline(clf, data, routing):
    X, y, weights = data
    pipe = asking(clf).fit(X, y, sample_weight=weights)
    same(pipe, clf, X, y, weights)
    right = pipe.predict(X) == y
    weighted = pipe.score(X, y, sample_weight=weights)
    assert weighted == pytest.approx(np.average(right, weights=weights))
    assert weighted != pytest.approx(right.mean())


def test_cross_validation(clf, data, routing):
    X, y, weights = data
    found = cross_validate(
        asking(clf),
        X,
        y,
        cv=FOLDS,
        params={"sample_weight": weights},
        return_estimator=True,
    )
    for n, (rows, held_out) in enumerate(FOLDS.split(X)):
        pipe = found["estimator"][n]
        same(pipe, clf, X[rows], y[rows], weights[rows])
        score = pipe.score(X[held_out], y[held_out], sample_weight=weights[held_out])
        assert found["test_score"][n] == score


@pytest.mark.parametrize("make_search", SEARCHES.values(), ids=SEARCHES)
def test_a_search(make_search, mlp, data, routing):
    X, y, weights = data
    search = make_search(
        asking(mlp), {"clf__alpha": [0.01]}, cv=FOLDS, error_score="raise"
    )
    search.fit(X, y, sample_weight=weights)
    clf = clone(mlp).set_params(alpha=0.01)
    same(search.best_estimator_, clf, X, y, weights)


def test_each_fold_of_a_search(mlp, data, routing):
    X, y, weights = data
    search = GridSearchCV(asking(mlp), {"clf__alpha": [0.01]}, cv=FOLDS)
    search.fit(X, y, sample_weight=weights)
    clf = clone(mlp).set_params(alpha=0.01)
    scaled = PixelScaler().fit_transform(X)
    for n, (rows, held_out) in enumerate(FOLDS.split(X)):
        score = by_hand(clf, X[rows], y[rows], weights[rows]).score(
            scaled[held_out], y[held_out], sample_weight=weights[held_out]
        )
        assert search.cv_results_[f"split{n}_test_score"][0] == score


def test_calibration(mlp, data, routing):
    X, y, weights = data
    calibrated = CalibratedClassifierCV(asking(mlp), cv=FOLDS)
    calibrated.fit(X, y, sample_weight=weights)
    for one, (rows, _) in zip(
        calibrated.calibrated_classifiers_, FOLDS.split(X), strict=True
    ):
        same(one.estimator, mlp, X[rows], y[rows], weights[rows])


@pytest.mark.parametrize("kind", [StackingClassifier, VotingClassifier])
def test_some_of_several(kind, mlp, data, routing):
    X, y, weights = data
    refusing = clone(mlp).set_fit_request(sample_weight=False)
    parts = [("weighted", asking(mlp)), ("not", pipeline(refusing))]
    if kind is StackingClassifier:
        last = LogisticRegression(max_iter=1000).set_fit_request(sample_weight=False)
        both = StackingClassifier(parts, last, cv=FOLDS)
    else:
        both = VotingClassifier(parts)
    both.fit(X, y, sample_weight=weights)
    weighted, unweighted = both.estimators_
    same(weighted, mlp, X, y, weights)
    plain = by_hand(mlp, X, y, None)
    scaled = PixelScaler().fit_transform(X)
    np.testing.assert_array_equal(
        unweighted.predict_proba(X), plain.predict_proba(scaled)
    )


def test_one_inside_another(mlp, data, routing):
    X, y, weights = data
    calibrated = CalibratedClassifierCV(asking(mlp), cv=FOLDS)
    # It takes weights itself, and asks for them as a classifier does.
    calibrated.set_fit_request(sample_weight=True)
    calibrated.set_score_request(sample_weight=True)
    search = GridSearchCV(
        calibrated, {"estimator__clf__alpha": [0.01]}, cv=FOLDS, error_score="raise"
    )
    search.fit(X, y, sample_weight=weights)
    clf = clone(mlp).set_params(alpha=0.01)
    rows, _ = next(FOLDS.split(X))
    inner = search.best_estimator_.calibrated_classifiers_[0].estimator
    same(inner, clf, X[rows], y[rows], weights[rows])


def test_weights_that_nobody_asked_for_are_not_dropped(mlp, data, routing):
    X, y, weights = data
    told = "explicitly set as req.*FashionMLPClassifier.set_fit_request"
    with pytest.raises(UnsetMetadataPassedError, match=told):
        pipeline(mlp).fit(X, y, sample_weight=weights)
    with pytest.raises(UnsetMetadataPassedError, match=told):
        cross_validate(
            pipeline(mlp), X, y, params={"sample_weight": weights}, error_score="raise"
        )


# Without: a pipeline's step is named, and others pass the weights to what they hold.


def test_a_pipeline_without_routing(clf, data):
    X, y, weights = data
    pipe = pipeline(clf).fit(X, y, clf__sample_weight=weights)
    same(pipe, clf, X, y, weights)


def test_cross_validation_without_routing(mlp, data):
    X, y, weights = data
    params = {"clf__sample_weight": weights}
    found = cross_validate(
        pipeline(mlp), X, y, cv=FOLDS, params=params, return_estimator=True
    )
    for pipe, (rows, _) in zip(found["estimator"], FOLDS.split(X), strict=True):
        same(pipe, mlp, X[rows], y[rows], weights[rows])


@pytest.mark.parametrize("make_search", SEARCHES.values(), ids=SEARCHES)
def test_a_search_without_routing(make_search, mlp, data):
    X, y, weights = data
    search = make_search(
        pipeline(mlp), {"clf__alpha": [0.01]}, cv=FOLDS, error_score="raise"
    )
    search.fit(X, y, clf__sample_weight=weights)
    clf = clone(mlp).set_params(alpha=0.01)
    same(search.best_estimator_, clf, X, y, weights)


def test_calibration_without_routing(mlp, data):
    X, y, weights = data
    scaled = PixelScaler().fit_transform(X)
    calibrated = CalibratedClassifierCV(mlp, cv=FOLDS)
    calibrated.fit(scaled, y, sample_weight=weights)
    for one, (rows, _) in zip(
        calibrated.calibrated_classifiers_, FOLDS.split(X), strict=True
    ):
        found = one.estimator.predict_proba(scaled)
        weighted = by_hand(mlp, X[rows], y[rows], weights[rows])
        np.testing.assert_array_equal(found, weighted.predict_proba(scaled))


def test_stacking_without_routing(mlp, data):
    X, y, weights = data
    scaled = PixelScaler().fit_transform(X)
    last = LogisticRegression(max_iter=1000)
    stack = StackingClassifier([("clf", mlp)], last, cv=FOLDS)
    stack.fit(scaled, y, sample_weight=weights)
    weighted = by_hand(mlp, X, y, weights).predict_proba(scaled)
    np.testing.assert_array_equal(stack.estimators_[0].predict_proba(scaled), weighted)
