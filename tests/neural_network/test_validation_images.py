"""Validation images through pipelines, cross-validation and searches."""

import warnings

import numpy as np
import pytest
from sklearn import config_context
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import BaggingClassifier
from sklearn.model_selection import GridSearchCV, KFold, cross_validate
from sklearn.pipeline import Pipeline, make_pipeline

from helpers.classifiers import make_mlp
from skfashion import PixelScaler
from skfashion.exceptions import CutValidationWarning, DataError

FOLDS = KFold(2)
HOW_GIVEN = {"arrays": lambda a: a, "tuples of one": lambda a: (a,)}
STEPS = "scale", "clf"


@pytest.fixture
def routed():
    with config_context(enable_metadata_routing=True):
        yield


@pytest.fixture(params=["named", "by default"])
def pipeline(request, routed, monkeypatch):
    """A pipeline whose validation images pass its steps."""
    options = {"transform_input": ["X_val"]}
    if request.param == "by default":
        # As scikit-learn's development version has it.
        default = {**Pipeline.__init__.__kwdefaults__, "transform_input": ("X_val",)}
        monkeypatch.setattr(Pipeline.__init__, "__kwdefaults__", default)
        kinds = {**Pipeline._parameter_constraints, "transform_input": [tuple]}
        monkeypatch.setattr(Pipeline, "_parameter_constraints", kinds)
        options = {}
    clf = make_mlp(epochs=1).set_fit_request(X_val=True, y_val=True)
    steps = zip(STEPS, (PixelScaler(), clf), strict=True)
    return Pipeline(list(steps), **options)


@pytest.fixture
def images(sample):
    """Of raw pixels: 300 to train on, 300 others to validate on."""
    X, y = sample
    return X[:300], y[:300], X[300:600], y[300:600]


def by_hand(X, y, X_val, y_val, **params):
    scaler = PixelScaler()
    clf = make_mlp(epochs=1, **params)
    X = scaler.fit_transform(X)
    return clf.fit(X, y, X_val=scaler.transform(X_val), y_val=y_val).history_


@pytest.mark.parametrize("given", HOW_GIVEN.values(), ids=HOW_GIVEN)
def test_alone(given, pipeline, images):
    X, y, X_val, y_val = images
    with warnings.catch_warnings():
        warnings.simplefilter("error", CutValidationWarning)
        pipeline.fit(X, y, X_val=given(X_val), y_val=given(y_val))
    assert pipeline["clf"].history_ == by_hand(X, y, X_val, y_val)


@pytest.mark.parametrize("given", HOW_GIVEN.values(), ids=HOW_GIVEN)
def test_in_cross_validation(given, pipeline, images):
    X, y, X_val, y_val = images
    X_val, y_val = X_val[:200], y_val[:200]
    params = {"X_val": given(X_val), "y_val": given(y_val)}
    found = cross_validate(
        pipeline, X, y, cv=FOLDS, params=params, return_estimator=True
    )
    for (rows, _), fitted in zip(FOLDS.split(X), found["estimator"], strict=True):
        assert fitted["clf"].history_ == by_hand(X[rows], y[rows], X_val, y_val)


@pytest.mark.parametrize("given", HOW_GIVEN.values(), ids=HOW_GIVEN)
def test_in_a_search(given, pipeline, images):
    X, y, X_val, y_val = images
    X_val, y_val = X_val[:200], y_val[:200]
    grid = {"clf__alpha": [1.0]}
    search = GridSearchCV(pipeline, grid, cv=FOLDS, error_score="raise")
    search.fit(X, y, X_val=given(X_val), y_val=given(y_val))
    found = search.best_estimator_["clf"].history_
    assert found == by_hand(X, y, X_val, y_val, alpha=1.0)


def test_without_validation_images_nothing_is_asked_for(pipeline, images):
    X, y, *_ = images
    assert pipeline.fit(X, y)["clf"].validation_scores_ is None


def test_what_is_as_long_as_x_is_cut_and_told(pipeline, images):
    X, y, X_val, y_val = images
    with pytest.warns(CutValidationWarning, match="as many rows as X, 150, and came"):
        found = cross_validate(
            pipeline,
            X,
            y,
            cv=FOLDS,
            params={"X_val": X_val, "y_val": y_val},
            return_estimator=True,
        )
    rows, _ = next(FOLDS.split(X))
    part = by_hand(X[rows], y[rows], X_val[rows], y_val[rows])
    assert found["estimator"][0]["clf"].history_ == part


def test_what_is_as_long_as_x_goes_through_whole_in_a_tuple(pipeline, images):
    X, y, X_val, y_val = images
    params = {"X_val": (X_val,), "y_val": (y_val,)}
    with warnings.catch_warnings():
        warnings.simplefilter("error", CutValidationWarning)
        found = cross_validate(
            pipeline, X, y, cv=FOLDS, params=params, return_estimator=True
        )
        search = GridSearchCV(pipeline, {"clf__alpha": [0.0]}, cv=FOLDS)
        search.fit(X, y, **params)
    for (rows, _), fitted in zip(FOLDS.split(X), found["estimator"], strict=True):
        assert fitted["clf"].history_ == by_hand(X[rows], y[rows], X_val, y_val)
    whole = by_hand(X, y, X_val, y_val)
    assert search.best_estimator_["clf"].history_ == whole


def test_a_search_tells_where_it_fits_the_best_again(pipeline, images):
    X, y, X_val, y_val = images
    grid = {"clf__alpha": [0.0]}
    search = GridSearchCV(pipeline, grid, cv=FOLDS, error_score="raise")
    with pytest.warns(CutValidationWarning, match="as many rows as X, 300, and came"):
        search.fit(X, y, X_val=X_val, y_val=y_val)


@pytest.mark.parametrize(
    "around",
    [
        lambda clf: CalibratedClassifierCV(clf, cv=FOLDS),
        lambda clf: BaggingClassifier(clf, n_estimators=1),
    ],
    ids=["calibration", "bagging"],
)
def test_other_estimators_that_cut_are_known(around, routed, images):
    X, y, X_val, y_val = images
    clf = make_mlp(epochs=1, rescale=1 / 255).set_fit_request(X_val=True, y_val=True)
    with pytest.warns(CutValidationWarning):
        around(clf).fit(X, y, X_val=X_val, y_val=y_val)


# Without metadata routing: images scaled by hand, and the step named.


def test_alone_without_routing(images):
    X, y, X_val, y_val = images
    pipe = make_pipeline(PixelScaler(), make_mlp(epochs=1))
    scaled = PixelScaler().fit(X).transform(X_val)
    name = "fashionmlpclassifier"
    pipe.fit(X, y, **{f"{name}__X_val": scaled, f"{name}__y_val": y_val})
    assert pipe[-1].history_ == by_hand(X, y, X_val, y_val)


@pytest.mark.parametrize("given", HOW_GIVEN.values(), ids=HOW_GIVEN)
def test_in_a_search_without_routing(given, images):
    X, y, X_val, y_val = images
    pipe = Pipeline([("scale", PixelScaler()), ("clf", make_mlp(epochs=1))])
    scaled = PixelScaler().fit(X).transform(X_val)
    search = GridSearchCV(pipe, {"clf__alpha": [0.0]}, cv=FOLDS, error_score="raise")
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        search.fit(X, y, clf__X_val=given(scaled), clf__y_val=given(y_val))
    cut = [one for one in told if one.category is CutValidationWarning]
    assert bool(cut) == (given is HOW_GIVEN["arrays"])
    whole = by_hand(X, y, X_val, y_val)
    assert search.best_estimator_["clf"].history_ == whole


# What fit takes for a tuple of one.


def test_both_are_in_tuples_or_neither(images):
    X, y, X_val, y_val = images
    clf = make_mlp(epochs=1, rescale=1 / 255)
    with pytest.raises(DataError, match=r"^y_val alone is a tuple .* \(X_val,\) and"):
        clf.fit(X, y, X_val=X_val, y_val=(y_val,))
    with pytest.raises(DataError, match=r"^X_val alone is a tuple of one array"):
        clf.fit(X, y, X_val=(X_val,), y_val=y_val)
    with pytest.raises(DataError, match="must be given together"):
        clf.fit(X, y, X_val=(X_val,))


def test_a_tuple_of_one_image_and_its_label_is_what_it_was(images):
    X, y, X_val, y_val = images
    image = X_val[0].reshape(28, 28)
    clf = make_mlp(epochs=1, rescale=1 / 255)
    one = clf.fit(X, y, X_val=(image,), y_val=(y_val[0],)).history_
    again = clf.fit(X, y, X_val=image[np.newaxis], y_val=y_val[:1]).history_
    assert one == again
