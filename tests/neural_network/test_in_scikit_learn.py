"""Where scikit-learn users put classifiers, on real images."""

import subprocess
import sys

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone, is_classifier
from sklearn.metrics import classification_report
from sklearn.model_selection import (
    GridSearchCV,
    StratifiedKFold,
    check_cv,
    cross_val_score,
    learning_curve,
)
from sklearn.pipeline import Pipeline
from sklearn.utils import estimator_html_repr

from helpers.classifiers import make_cnn, make_mlp
from skfashion import CLASS_NAMES, PixelScaler, load_fashion_sample


@pytest.fixture
def pipe(make):
    return Pipeline([("scale", PixelScaler()), ("clf", make())])


@pytest.fixture(scope="module")
def raw(sample, names):
    """600 images as bytes, and their names."""
    return sample[0][:600], names[sample[1][:600]]


def test_pipeline_and_report(pipe, sample, names):
    X, y = sample
    X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
    assert pipe.fit(X, names[y]) is pipe
    assert pipe.score(X_test, names[y_test]) > 0.6
    report = classification_report(names[y_test], pipe.predict(X_test))
    assert all(name in report for name in CLASS_NAMES)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_grid_search(raw, n_jobs):
    pipe = Pipeline([("scale", PixelScaler()), ("clf", make_mlp(epochs=2))])
    grid = {
        "clf__hidden_layer_sizes": [(8,), (32, 16)],
        "clf__learning_rate": [1e-6, 1e-2],
    }
    search = GridSearchCV(pipe, grid, cv=2, n_jobs=n_jobs, error_score="raise")
    search.fit(*raw)
    assert search.best_params_["clf__learning_rate"] == 1e-2
    assert search.best_estimator_["clf"].learning_rate == 1e-2
    assert search.predict(raw[0][:3]).shape == (3,)


def test_grid_search_over_the_networks_of_a_cnn(raw):
    pipe = Pipeline([("scale", PixelScaler()), ("clf", make_cnn(epochs=1))])
    grid = {"clf__filters": [(4,), (4, 8)], "clf__kernel_size": [3, 5]}
    search = GridSearchCV(pipe, grid, cv=2, error_score="raise").fit(*raw)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


def test_cross_validation_is_stratified(pipe, raw):
    assert is_classifier(pipe["clf"])
    assert isinstance(
        check_cv(3, raw[1], classifier=is_classifier(pipe)), StratifiedKFold
    )
    # Sorted by label, unstratified folds would be tested on classes never seen.
    order = np.argsort(raw[1])
    scores = cross_val_score(pipe, raw[0][order], raw[1][order], cv=3)
    assert (scores > 0.4).all()


def test_learning_curve(raw):
    pipe = Pipeline([("scale", PixelScaler()), ("clf", make_mlp())])
    sizes, _, held_out = learning_curve(
        pipe, *raw, train_sizes=[40, 300], cv=2, error_score="raise"
    )
    assert list(sizes) == [40, 300]
    assert held_out[1].mean() > held_out[0].mean()


def test_clone(make, raw, train):
    fitted = make(epochs=1).fit(*train)
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    assert not hasattr(copy, "model_")
    assert not hasattr(copy, "classes_")


def test_clone_with_keras_objects(make, train):
    import keras

    original = make(
        optimizer=keras.optimizers.SGD(0.1, momentum=0.9),
        callbacks=[keras.callbacks.EarlyStopping("loss")],
        epochs=1,
    ).fit(*train)
    copy = clone(original).fit(*train)
    np.testing.assert_array_equal(
        copy.predict_proba(train[0]), original.predict_proba(train[0])
    )


FRESH = """
import sys, joblib, numpy as np
assert "tensorflow" not in sys.modules
X = np.load("X.npy")
for name in ("mlp", "cnn"):
    pipe = joblib.load(name + ".joblib")
    np.save(name + ".npy", pipe.predict_proba(X))
    scaled, y = pipe[:-1].transform(X), pipe.predict(X)
    pipe[-1].set_params(early_stopping=False).partial_fit(scaled, y)
"""


def test_joblib_in_a_fresh_process(raw, tmp_path):
    pipes = {}
    for name, make in (("mlp", make_mlp), ("cnn", make_cnn)):
        clf = make(dropout=0.3, early_stopping=True)
        pipes[name] = Pipeline([("scale", PixelScaler()), ("clf", clf)]).fit(*raw)
        joblib.dump(pipes[name], tmp_path / f"{name}.joblib")
    np.save(tmp_path / "X.npy", raw[0])
    subprocess.run([sys.executable, "-c", FRESH], cwd=tmp_path, check=True)
    for name, pipe in pipes.items():
        path = tmp_path / f"{name}.joblib"
        there = np.load(tmp_path / f"{name}.npy")
        np.testing.assert_array_equal(there, pipe.predict_proba(raw[0]))
        again = joblib.load(path)["clf"]
        assert again.history_ == pipe["clf"].history_
        assert again.n_iter_ == pipe["clf"].n_iter_
        weights = sum(w.nbytes for w in pipe["clf"].model_.get_weights())
        assert path.stat().st_size < weights + 40_000


def test_training_goes_on_after_joblib_as_if_it_had_not_stopped(make, train, tmp_path):
    X, y = train
    whole = make(epochs=4, dropout=0.3).fit(X, y)
    half = make(epochs=2, dropout=0.3, warm_start=True).fit(X, y)
    joblib.dump(half, tmp_path / "half.joblib")
    rest = joblib.load(tmp_path / "half.joblib").fit(X, y)
    np.testing.assert_array_equal(whole.predict_proba(X), rest.predict_proba(X))


def test_pandas_columns_are_checked_at_predict(pipe, sample):
    bunch = load_fashion_sample(as_frame=True)
    pipe.set_output(transform="pandas").fit(bunch.data[:300], bunch.target[:300])
    clf = pipe["clf"]
    assert list(clf.feature_names_in_) == bunch.feature_names
    X = pipe["scale"].transform(bunch.data[:5])
    assert clf.predict_proba(X).shape == (5, 10)
    with pytest.raises(ValueError, match="in the same order"):
        clf.predict(X[X.columns[::-1]])
    with pytest.raises(ValueError, match="should match those"):
        clf.predict(X.rename(columns={"pixel_0_0": "corner"}))
    assert isinstance(bunch.target, pd.Series)


def test_html_repr(make, train):
    for estimator in (make(), make(epochs=1).fit(*train)):
        html = estimator_html_repr(estimator)
        assert type(estimator).__name__ in html
        assert "learning_rate" in html
        assert estimator._repr_mimebundle_()["text/html"]
