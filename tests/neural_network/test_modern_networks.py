"""Estimators with norms, residual sums and several convolutions a stage."""

import pickle

import numpy as np
import pytest
from sklearn.frozen import FrozenEstimator

import skfashion
from helpers.classifiers import make_cnn, make_mlp
from skfashion.displays import FirstLayerDisplay
from skfashion.exceptions import ParameterError
from skfashion.inspection import Embedding, saliency

MODERN = {
    "mlp": (
        make_mlp,
        {"hidden_layer_sizes": (16, 16), "residual": True, "batch_normalization": True},
    ),
    "cnn": (
        make_cnn,
        {
            "filters": (4, 6),
            "stem_filters": 3,
            "convolutions": 2,
            "padding": "same",
            "residual": True,
            "batch_normalization": True,
            "pooling": "average",
            "dense_sizes": (8,),
            "logit_scale": 0.5,
        },
    ),
}


@pytest.fixture(scope="module", name="few")
def fixture_few(train):
    """300 images: nine batches, and a smaller one."""
    return train[0][:300], train[1][:300]


@pytest.fixture(scope="module", params=MODERN)
def kind(request):
    return request.param


@pytest.fixture(scope="module", name="make_modern")
def fixture_make_modern(kind):
    make, params = MODERN[kind]
    return lambda **more: make(**{**params, "dropout": 0.2, "epochs": 2, **more})


@pytest.fixture(scope="module", name="fitted")
def fixture_fitted(make_modern, few):
    return make_modern().fit(*few)


def same(one, other, X):
    np.testing.assert_array_equal(one.predict_proba(X), other.predict_proba(X))


def test_it_goes_through_files_and_copies(fitted, few, tmp_path):
    import keras

    X, _ = few
    same(pickle.loads(pickle.dumps(fitted)), fitted, X)
    same(skfashion.load(skfashion.save(fitted, tmp_path / "m")), fitted, X)
    skfashion.export_keras(fitted, tmp_path / "m.keras")
    exported = keras.models.load_model(tmp_path / "m.keras")
    kinds = {type(layer).__module__.split(".")[0] for layer in exported.layers}
    assert kinds == {"keras"}
    for model in (exported, fitted.model_):
        theirs = model.predict(X, verbose=0)
        np.testing.assert_allclose(theirs, fitted.predict_proba(X), atol=1e-5)
    same(pickle.loads(pickle.dumps(fitted)), fitted, X)


def test_bits_are_the_same_however_it_is_fitted(make_modern, fitted, few, tmp_path):
    import keras

    X, y = few
    batches = keras.callbacks.LambdaCallback()
    batches.on_train_batch_end = lambda batch, logs=None: None
    same(make_modern(callbacks=[batches]).fit(X, y), fitted, X)
    parts = make_modern()
    for epoch in range(2):
        parts.partial_fit(X, y, classes=np.unique(y))
        if epoch == 0:
            parts = skfashion.load(skfashion.save(parts, tmp_path / "m"))
    same(parts, fitted, X)


def test_keras_s_own_fit_gives_the_same(make_modern, few):
    import keras

    class OfOurOwn(keras.optimizers.SGD):
        pass

    X, y = few
    options = {"dropout": 0.0, "learning_rate": 0.01, "epochs": 1}
    chunks = make_modern(optimizer="sgd", **options).fit(X, y)
    by_keras = make_modern(optimizer=OfOurOwn(), **options).fit(X, y)
    np.testing.assert_allclose(
        chunks.predict_proba(X), by_keras.predict_proba(X), rtol=1e-2, atol=1e-4
    )
    assert chunks.loss_curve_ == pytest.approx(by_keras.loss_curve_, rel=1e-3)


def test_bfloat16_is_near_float32(make_modern, fitted, few):
    X, y = few
    half = make_modern(dtype_policy="mixed_bfloat16").fit(X, y)
    assert np.abs(half.predict_proba(X) - fitted.predict_proba(X)).mean() < 0.05
    # Keras's own goes through more operations, each of which rounds.
    theirs = half.model_.predict(X, verbose=0)
    np.testing.assert_allclose(half.predict_proba(X), theirs, atol=2e-2)


def test_it_can_be_looked_into(kind, fitted, few):
    X, _ = few
    width = {"mlp": 16, "cnn": 8}[kind]
    embedding = Embedding(FrozenEstimator(fitted)).fit(X)
    assert embedding.transform(X[:3]).shape == (3, width)
    maps = saliency(fitted, X[:2])
    assert maps.shape == (2, 28, 28)
    assert maps.max() == 1
    shape = FirstLayerDisplay.from_estimator(fitted).weights.shape
    assert shape == {"mlp": (16, 28, 28), "cnn": (3, 3, 3)}[kind]


def test_coefficients_are_those_of_prediction(few):
    make, params = MODERN["mlp"]
    X, y = few
    clf = make(**params, epochs=1).fit(X, y)
    (first, second, last), (a, b, c) = clf.coefs_, clf.intercepts_
    hidden = np.maximum(X @ first + a, 0)
    hidden = np.maximum(hidden @ second + b + hidden, 0)
    logits = hidden @ last + c
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    expected = powers / powers.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(clf.predict_proba(X), expected, rtol=1e-3, atol=1e-5)


def test_variances_of_a_file_are_positive(fitted):
    from skfashion.persistence._estimators import _matching

    network = fitted._fitted_network
    values = [value.copy() for value in network.values]
    assert _matching(network.config, values) is values
    names = [weight.name for weight in network.config.weights()]
    values[names.index("moving_variance")][0] = -1
    with pytest.raises(ValueError, match="variances"):
        _matching(network.config, values)


def test_residual_networks_that_cannot_be_are_refused(few):
    with pytest.raises(ParameterError, match=r"residual=True.*convolutions=2\."):
        make_cnn(residual=True).fit(*few)


@pytest.mark.parametrize("pooling", ["flatten", "max", "average"])
def test_channels_are_last_whatever_keras_has_for_default(pooling, train):
    import keras

    X, y = train[0][:40], train[1][:40]
    clf = make_cnn(pooling=pooling, epochs=1).fit(X, y)
    expected = clf.predict_proba(X)
    keras.config.set_image_data_format("channels_first")
    try:
        given = clf.model_.predict(X, verbose=0)
    finally:
        keras.config.set_image_data_format("channels_last")
    np.testing.assert_allclose(given, expected, atol=1e-6)
