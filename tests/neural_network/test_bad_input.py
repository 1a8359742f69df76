"""Bad input gets one clear sentence, and a fitted estimator stays as it was."""

import os
import subprocess
import sys

import numpy as np
import pytest
import scipy.sparse
from sklearn.exceptions import ConvergenceWarning, NotFittedError

import skfashion
from helpers.classifiers import make_cnn, make_mlp
from skfashion.exceptions import (
    DataError,
    ParameterError,
    SkfashionError,
    UnscaledPixelsWarning,
)


def spoiled(X, value):
    X = X.copy()
    X[3, 5] = value
    return X


class SGD:
    """What passes for an optimizer until Keras looks, as Keras's classes do."""

    def apply_gradients(self):
        """Do nothing."""

    def get_config(self):
        """Do nothing."""

    def __call__(self):
        """Do nothing."""


Decay = SGD


class History:
    """What passes for a callback."""

    def on_epoch_end(self):
        """Do nothing."""

    def set_model(self):
        """Do nothing."""


BAD_DATA = {
    "nan": (lambda X, y: (spoiled(X, np.nan), y), "contains NaN"),
    "infinity": (lambda X, y: (spoiled(X, np.inf), y), "contains infinity"),
    "sparse": (lambda X, y: (scipy.sparse.csr_array(X), y), "[Ss]parse data"),
    "empty": (lambda X, y: (X[:0], y[:0]), r"0 sample\(s\).*minimum of 1"),
    "no pixels": (lambda X, y: (X[:, :0], y), r"0 feature\(s\).*minimum of 1"),
    "one row": (lambda X, y: (X[:1], y[:1]), r"one class, \[\d\].*two or more"),
    "one class": (lambda X, y: (X, y * 0), r"one class, \[0\].*two or more"),
    "short y": (
        lambda X, y: (X, y[:-1]),
        r"inconsistent numbers of samples: \[600, 599\]",
    ),
    "no y": (lambda X, y: (X, None), "requires y to be passed"),
    "y of numbers": (lambda X, y: (X, y + 0.5), "Unknown label type: continuous"),
    "one pixel row": (lambda X, y: (X[0], y), "Expected 2D array, got 1D array"),
    "text": (lambda X, y: (X.astype(str) + "x", y), "could not convert string"),
    "five dimensions": (
        lambda X, y: (X.reshape(600, 1, 28, 28, 1), y),
        r"X has 5 dimensions.*\(n, height, width\)",
    ),
}


@pytest.mark.parametrize("name", BAD_DATA)
def test_bad_data_at_fit(make, train, name):
    spoil, message = BAD_DATA[name]
    with pytest.raises((ValueError, TypeError), match=message):
        make().fit(*spoil(*train))


ODD_LABELS = {
    "none": ([None, "a"], "None among text such as 'a'"),
    "nan": (["a", np.nan], "nan among text such as 'a'"),
    "number": ([1, "a"], "1 among text such as 'a'"),
    "numbers and none": ([1, None], "None"),
}


@pytest.mark.parametrize("as_given", [list, tuple, lambda y: np.array(y, object)])
@pytest.mark.parametrize("name", ODD_LABELS)
def test_labels_of_several_sorts(make, train, name, as_given):
    y, message = ODD_LABELS[name]
    X, y = train[0][:4], as_given(y * 2)
    with pytest.raises(DataError, match=f"y holds {message}; labels are of one sort"):
        make().fit(X, y)
    with pytest.raises(DataError, match=f"y holds {message}; labels are of one sort"):
        make().partial_fit(X, y, classes=["a", "b"])


@pytest.mark.parametrize("name", ["nan", "infinity", "sparse", "empty"])
def test_bad_data_at_predict(make, train, name):
    spoil, message = BAD_DATA[name]
    fitted = make(epochs=1).fit(*train)
    with pytest.raises((ValueError, TypeError), match=message):
        fitted.predict(spoil(*train)[0])


BAD_PARAMETERS = [
    ({"epochs": 0}, r"'epochs'.*int in the range \[1, inf\).*Got 0"),
    ({"batch_size": 2.5}, r"'batch_size'.*int in the range \[1, inf\).*Got 2\.5"),
    ({"dropout": 1.0}, r"'dropout'.*range \[0\.?0?, 1\.?0?\).*Got 1\.0"),
    ({"alpha": -1}, r"'alpha'.*Got -1"),
    ({"learning_rate": 0}, r"'learning_rate'.*Got 0"),
    ({"optimizer": 3}, r"'optimizer'.*Got 3"),
    ({"optimizer": "adamm"}, r"optimizer='adamm' is not known.*adam, .*sgd"),
    ({"activation": "rellu"}, r"activation='rellu' is not known.*relu"),
    ({"class_weight": "even"}, r"'class_weight'.*'balanced'.*Got 'even'"),
    ({"class_weight": {99: 1.0}}, "class"),
    ({"class_weight": {9: -5.0}}, r"class_weight={9: -5.0} holds a negative weight"),
    ({"activation": "glu"}, r"activation='glu' is not known"),
    ({"activation": "threshold"}, r"activation='threshold' is not known"),
    ({"optimizer": SGD}, r"optimizer=<class .*SGD'> must be a name or an object"),
    (
        {"learning_rate": Decay},
        r"learning_rate=<class .* must be a number or an object",
    ),
    ({"validation_fraction": 1.5}, r"'validation_fraction'.*Got 1\.5"),
    ({"n_iter_no_change": 0}, r"'n_iter_no_change'.*Got 0"),
    ({"random_state": "zero"}, r"'random_state'.*Got 'zero'"),
    ({"callbacks": History}, r"callbacks holds <class .*History'>, which is not a"),
    ({"callbacks": ["stop"]}, r"callbacks holds 'stop'.*keras.callbacks.Callback"),
    ({"image_shape": (28, 0)}, r"image_shape=\(28, 0\) must be"),
    ({"image_shape": (28,)}, r"image_shape=\(28,\) must be"),
    ({"image_shape": (28, 25)}, r"needs 700 pixels a row, but X has 784; .*\(28, 28\)"),
]


@pytest.mark.parametrize(("params", "message"), BAD_PARAMETERS, ids=str)
def test_bad_parameters(make, train, params, message):
    with pytest.raises(ValueError, match=message):
        make(**params).fit(*train)


@pytest.mark.parametrize("sizes", [(300, -1), (0,), (2.5,), -3, "300", None, (True,)])
def test_bad_layer_sizes(train, sizes):
    message = r"must be an integer of 1 or more, or a sequence"
    for estimator, name in [
        (make_mlp(hidden_layer_sizes=sizes), "hidden_layer_sizes"),
        (make_cnn(filters=sizes), "filters"),
        (make_cnn(dense_sizes=sizes), "dense_sizes"),
    ]:
        with pytest.raises(ParameterError, match=f"{name}=.*{message}") as caught:
            estimator.fit(*train)
        assert repr(sizes) in str(caught.value)


def test_a_cnn_needs_a_convolution(train):
    with pytest.raises(ParameterError, match=r"filters=\(\) must be .* at least one"):
        make_cnn(filters=()).fit(*train)


@pytest.mark.parametrize(
    ("columns", "shapes"),
    [
        (700, r"\(25, 28\), \(20, 35\).*\(1, 700\)"),
        (7, r": \(1, 7\)"),
        (12, r": \(2, 2, 3\)"),
    ],
)
def test_shapes_that_would_fit_are_named(make, train, columns, shapes):
    X, y = train
    with pytest.raises(
        DataError, match=f"X has {columns}; shapes that would fit.*{shapes}"
    ):
        make(image_shape=(28, 28)).fit(X[:, :columns], y)


def test_images_of_another_shape_than_the_parameter(make, train):
    X, y = train
    with pytest.raises(DataError, match=r"image_shape=\(28, 28\).*\(14, 56\)"):
        make(image_shape=(28, 28)).fit(X.reshape(-1, 14, 56), y)


def test_images_of_another_shape_at_predict(make, train):
    fitted = make(epochs=1).fit(*train)
    with pytest.raises(DataError, match=r"\(14, 56\), but .*\(28, 28, 1\)"):
        fitted.predict(train[0].reshape(-1, 14, 56))
    with pytest.raises(ValueError, match=r"700 features.*expecting 784"):
        fitted.predict(train[0][:, :700])


@pytest.mark.parametrize("fraction", [0.001, 0.999])
def test_validation_fraction_that_leaves_a_class_out(make, train, fraction):
    message = (
        f"validation_fraction={fraction} of 600 rows leaves a class with no sample"
    )
    with pytest.raises(DataError, match=message):
        make(early_stopping=True, validation_fraction=fraction).fit(*train)


def test_validation_needs_two_rows_of_each_class(make, train):
    X, y = train
    rows = np.r_[np.flatnonzero(y != 4), np.flatnonzero(y == 4)[:1]]
    with pytest.raises(DataError, match=r"\(class 4 has 1\)"):
        make(early_stopping=True).fit(X[rows], y[rows])


def test_validation_data(make, train):
    X, y = train
    with pytest.raises(DataError, match="X_val and y_val must be given together"):
        make().fit(X, y, X_val=X)
    with pytest.raises(
        DataError, match=r"y_val holds labels .* 77; its classes are 0, 1"
    ):
        make().fit(X, y, X_val=X[:2], y_val=[0, 77])


@pytest.mark.parametrize(
    ("weights", "message"),
    [(-1.0, "[Nn]egative"), (0.0, "zero|0 for every row"), (np.nan, "NaN")],
)
def test_bad_weights(make, train, weights, message):
    X, y = train
    with pytest.raises(ValueError, match=message):
        make().fit(X, y, sample_weight=np.full(len(y), weights))


def test_weights_that_cancel(make, train):
    X, y = train
    balanced = make(class_weight={label: float(label == 0) for label in range(10)})
    with pytest.raises(DataError, match="0 for every row"):
        balanced.fit(X, y, sample_weight=(y > 0).astype(float))


def test_partial_fit(make, train):
    X, y = train
    parts = make()
    with pytest.raises(DataError, match=r"classes=None at the first call"):
        parts.partial_fit(X, y)
    parts.partial_fit(X, y, classes=range(10))
    with pytest.raises(
        DataError, match=r"y holds labels .* 10, 11; its classes are 0,"
    ):
        parts.partial_fit(X[:2], [10, 11])
    with pytest.raises(
        DataError, match=r"classes=.* differs from those of the first call"
    ):
        parts.partial_fit(X, y, classes=range(11))


@pytest.mark.parametrize(
    "params", [{"early_stopping": True}, {"class_weight": "balanced"}], ids=str
)
def test_partial_fit_refuses_what_needs_all_the_data(make, train, params):
    (name,) = params
    with pytest.raises(ParameterError, match=f"{name}=.* does not go with partial_fit"):
        make(**params).partial_fit(*train, classes=range(10))


def test_raw_validation_images_are_warned_about(make, sample, train):
    X, y = sample
    message = r"was given X_val of raw pixels from 0 to 255.*scaler\.transform\(X_val\)"
    with pytest.warns(UnscaledPixelsWarning, match=message):
        make(epochs=1).fit(*train, X_val=X[:50], y_val=y[:50])


def test_warm_start_with_other_labels(make, train, names):
    X, y = train
    warm = make(epochs=1, warm_start=True).fit(X, y)
    with pytest.raises(DataError, match="labels of the previous fit"):
        warm.fit(X, names[y])


@pytest.mark.parametrize("method", ["predict", "predict_proba", "score"])
def test_before_fit(make, train, method):
    with pytest.raises(NotFittedError, match="not fitted yet"):
        getattr(make(), method)(*train[: 2 if method == "score" else 1])


@pytest.mark.parametrize(
    "attribute",
    ["model_", "coefs_", "intercepts_", "loss_curve_", "validation_scores_"],
)
def test_attributes_before_fit(attribute):
    assert not hasattr(make_mlp(), attribute)


def test_raw_pixels_are_warned_about(make, sample, train):
    X, y = sample
    message = "raw pixels from 0 to 255.*skfashion.PixelScaler"
    with pytest.warns(UnscaledPixelsWarning, match=message):
        raw = make(epochs=1).fit(X[:600], y[:600])
    raw.predict(X[:5])
    scaled = make(epochs=1).fit(*train)
    with pytest.warns(UnscaledPixelsWarning, match=message):
        scaled.predict(X[:5])
    scaled.predict(train[0][:1] * 0)


def test_failed_fit_leaves_the_estimator_as_it_was(make, train):
    X, y = train
    fitted = make(epochs=1).fit(X, y)
    before = fitted.predict_proba(X)
    state = dict(vars(fitted))
    for bad in ((X[:, :100], y * 0), (spoiled(X, np.nan), y), (X[:, :4], y[:-1])):
        with pytest.raises(ValueError, match=r"class|NaN|inconsistent"):
            fitted.fit(*bad)
        assert vars(fitted) == state
    with pytest.raises(DataError):
        fitted.partial_fit(X, y + 5)
    np.testing.assert_array_equal(fitted.predict_proba(X), before)
    fresh = make(optimizer="adamm")
    with pytest.raises(SkfashionError):
        fresh.fit(X, y)
    assert not hasattr(fresh, "n_features_in_")


def test_training_that_fails_midway_is_undone(make, train):
    import keras

    def fail(epoch, logs):
        if epoch >= 2:
            raise RuntimeError("midway")

    X, y = train
    callback = keras.callbacks.LambdaCallback(on_epoch_end=fail)
    warm = make(epochs=2, warm_start=True, dropout=0.3, callbacks=[callback]).fit(X, y)
    before = warm.predict_proba(X)
    for go_on in (warm.fit, warm.partial_fit):
        with pytest.raises(RuntimeError, match="midway"):
            go_on(X, y)
    assert callback.model is None
    assert warm.n_iter_ == 2
    np.testing.assert_array_equal(warm.predict_proba(X), before)
    warm.set_params(callbacks=None).fit(X, y)
    whole = make(epochs=4, dropout=0.3).fit(X, y)
    np.testing.assert_array_equal(warm.predict_proba(X), whole.predict_proba(X))


def test_an_optimizer_forgets_what_failed(make, train, tmp_path):
    import keras

    def fail(epoch, logs):
        raise RuntimeError("midway")

    path = skfashion.save(make(dropout=0.3).fit(*train), tmp_path / "clf")
    # Its optimizer is not built: it was not saved.
    once, again = skfashion.load(path), skfashion.load(path)
    once.set_params(callbacks=keras.callbacks.LambdaCallback(on_epoch_end=fail))
    with pytest.raises(RuntimeError, match="midway"):
        once.partial_fit(*train)
    for clf in (once, again):
        clf.set_params(callbacks=None).partial_fit(*train)
    np.testing.assert_array_equal(
        once.predict_proba(train[0]), again.predict_proba(train[0])
    )


def test_sizes_may_be_small_integers_of_numpy(make, train):
    plain = make(epochs=1, batch_size=32).fit(*train)
    small = make(epochs=np.uint8(1), batch_size=np.uint8(32)).fit(*train)
    np.testing.assert_array_equal(
        plain.predict_proba(train[0]), small.predict_proba(train[0])
    )


def test_training_that_diverges_is_warned_about(make, train):
    X, y = train
    wild = make(optimizer="sgd", learning_rate=1e30, activation="linear", epochs=2)
    with pytest.warns(ConvergenceWarning, match=r"epoch 2 is nan; .*now 1e\+30"):
        wild.fit(X, y)
    assert np.isnan(wild.loss_curve_[-1])


def test_weights_that_diverge_in_the_last_step_are_warned_about(train):
    wild = make_mlp(optimizer="sgd", learning_rate=1e30, alpha=1e30, epochs=1)
    X, y = train
    with pytest.warns(ConvergenceWarning, match="after epoch 1 not all weights are fi"):
        wild.set_params(batch_size=len(X)).fit(X, y)
    assert np.isfinite(wild.loss_curve_).all()


@pytest.mark.filterwarnings("error::sklearn.exceptions.ConvergenceWarning")
def test_a_warning_made_an_error_leaves_a_warm_start_as_it_was(train):
    warm = make_mlp(warm_start=True, optimizer="sgd", learning_rate=0.01).fit(*train)
    before = warm.predict_proba(train[0])
    with pytest.raises(ConvergenceWarning):
        warm.set_params(learning_rate=1e30).fit(*train)
    assert warm.n_iter_ == len(warm.loss_curve_) == 3
    np.testing.assert_array_equal(warm.predict_proba(train[0]), before)


def test_another_backend_of_keras():
    code = "import skfashion._backend.trainer"
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "KERAS_BACKEND": "jax"},
        check=False,
        capture_output=True,
        text=True,
    )
    last = run.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: skfashion trains on TensorFlow")
    assert "'jax': unset KERAS_BACKEND" in last
