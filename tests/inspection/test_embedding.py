import copy
import pickle
import random

import joblib
import numpy as np
import pytest
import sklearn
from scipy.special import softmax
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from helpers.classifiers import make_cnn, make_mlp
from helpers.networks import NETWORKS, Subclassed
from helpers.outcomes import is_as_it_was, state_of
from skfashion import FashionMLPClassifier, KerasImageClassifier, PixelScaler
from skfashion._backend.global_state import keras_state
from skfashion._backend.probe import Probe
from skfashion.exceptions import DataError, ParameterError
from skfashion.inspection import Embedding, near_duplicates, saliency

SHORT = {"epochs": 2, "batch_size": 32, "dropout": 0.0, "random_state": 0}

REASONS = {
    "check_methods_sample_order_invariance": (
        "The place of a row among others decides the last digit of float32, which the "
        "check's 1e-7 is too narrow for: see test_order_of_the_rows_does_not_matter."
    )
}


def embed(fitted, X):
    return Embedding(FrozenEstimator(fitted)).fit_transform(X)


@pytest.mark.filterwarnings("ignore::skfashion.exceptions.UnscaledPixelsWarning")
@parametrize_with_checks(
    [Embedding(FashionMLPClassifier((8,), **SHORT))],
    expected_failed_checks=lambda _: REASONS,
    # On some processors it passes.
    xfail_strict=False,
)
def test_check_estimator(estimator, check):
    check(estimator)


def test_order_of_the_rows_does_not_matter(make, train):
    X, y = train
    fitted = make(epochs=1).fit(X, y)
    order = np.random.default_rng(0).permutation(len(X))
    np.testing.assert_allclose(
        embed(fitted, X[order]), embed(fitted, X)[order], rtol=1e-5, atol=1e-5
    )


def decided(values, fitted):
    """What the output layer, the last of the weights, makes of an embedding."""
    kernel, bias = fitted._fitted_network.values[-2:]
    return softmax(values @ kernel.reshape(-1, len(bias)) + bias, axis=1)


@pytest.mark.parametrize(
    ("policy", "digits"), [("float32", 2e-3), ("mixed_bfloat16", 5e-3)]
)
def test_the_output_layer_decides_by_the_embedding(make, train, policy, digits):
    X, y = train
    fitted = make(dtype_policy=policy, dropout=0.2, epochs=1).fit(X, y)
    values = embed(fitted, X)
    assert (values.dtype, values.shape) == (np.float32, (600, 32))
    expected = fitted.predict_proba(X)
    np.testing.assert_allclose(decided(values, fitted), expected, atol=digits)


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_of_ones_own(train, name):
    X, y = train
    network, from_logits = NETWORKS[name]
    own = KerasImageClassifier(
        network, from_logits=from_logits, epochs=1, random_state=0
    ).fit(X, y)
    values = embed(own, X)
    np.testing.assert_allclose(decided(values, own), own.predict_proba(X), atol=1e-5)
    maps = saliency(own, X[:4])
    assert maps.shape == (4, 28, 28)
    assert maps.max() == 1


def test_layers_that_are_in_no_graph_are_heard(train):
    images = train[0][:5].reshape(-1, 28, 28, 1)
    model = Subclassed(10)
    expected = model(images).numpy()
    kernel, bias = model.output_layer.get_weights()
    probe = Probe(model, images[:1])
    values = softmax(probe.embed(images) @ kernel + bias, axis=1)
    np.testing.assert_allclose(values, expected, atol=1e-5)
    maps = probe.grad_cam(images, None, (28, 28))
    assert maps.shape == (5, 28, 28)
    assert maps.max() > 0


def test_without_hidden_layers_it_is_the_pixels(train):
    X, y = train
    fitted = make_mlp(hidden_layer_sizes=()).fit(X, y)
    np.testing.assert_array_equal(embed(fitted, X), X)


def test_a_pipeline_scales_what_it_embeds(sample, train, make):
    X, y = sample[0][:600], sample[1][:600]
    pipe = make_pipeline(PixelScaler(), make(epochs=1, image_shape=(28, 28)))
    pipe.fit(X, y)
    expected = embed(pipe[-1], train[0])
    raw = make(epochs=1, rescale=1 / 255).fit(X, y)
    for inner in (pipe, make_pipeline(PixelScaler(), FrozenEstimator(pipe[-1]))):
        frozen = inner if inner is not pipe else FrozenEstimator(pipe)
        got = Embedding(frozen).fit(X).transform(X.reshape(-1, 28, 28))
        np.testing.assert_array_equal(got, expected)
    np.testing.assert_allclose(embed(raw, X), expected, atol=1e-3)


def test_it_is_fitted_on_the_training_folds_only(train, monkeypatch):
    X = train[0][:300]
    # Labels at random: only what has seen those of the test fold can know them.
    y = np.random.default_rng(0).integers(0, 4, len(X))
    seen = []
    fit = FashionMLPClassifier.fit

    def noted(self, X, y, *args, **kwargs):
        seen.append(len(X))
        return fit(self, X, y, *args, **kwargs)

    monkeypatch.setattr(FashionMLPClassifier, "fit", noted)
    embedding = Embedding(make_mlp(epochs=15))
    pipe = make_pipeline(embedding, LogisticRegression(max_iter=100))
    scores = cross_val_score(pipe, X, y, cv=3)
    assert seen == [200] * 3
    assert not hasattr(embedding, "estimator_")
    # The same network on images that it has seen.
    leaking = make_pipeline(
        Embedding(FrozenEstimator(make_mlp(epochs=15).fit(X, y))),
        LogisticRegression(max_iter=100),
    )
    assert scores.mean() < 0.35
    assert cross_val_score(leaking, X, y, cv=3).mean() > 0.5


def test_fit_leaves_the_estimator_and_frozen_ones_stay(train):
    X, y = train
    mlp = make_mlp(epochs=1)
    embedding = Embedding(mlp).fit(X, y)
    assert not hasattr(mlp, "classes_")
    fitted = embedding.estimator_
    frozen = Embedding(FrozenEstimator(fitted)).fit(X)
    assert clone(frozen).fit(X[:9]).estimator_.estimator is fitted
    np.testing.assert_array_equal(frozen.transform(X), embedding.transform(X))


def test_copies_and_files(train, tmp_path):
    X, y = train
    embedding = Embedding(make_mlp(epochs=1)).fit(X, y)
    joblib.dump(embedding, tmp_path / "e.joblib")
    for again in (
        copy.deepcopy(embedding),
        pickle.loads(pickle.dumps(embedding)),
        joblib.load(tmp_path / "e.joblib"),
    ):
        np.testing.assert_array_equal(again.transform(X), embedding.transform(X))


def test_names_of_the_columns(train):
    X, y = train
    embedding = Embedding(make_mlp(epochs=1)).set_output(transform="pandas")
    frame = embedding.fit_transform(X, y)
    assert list(frame)[:2] == ["embedding0", "embedding1"]
    assert list(embedding.get_feature_names_out()) == list(frame)
    assert frame.shape == (600, 32)


def test_metadata_is_passed_on(train):
    X, y = train[0][:200], train[1][:200]
    weights = np.where(y < 5, 0.0, 1.0)
    plain = Embedding(make_mlp(epochs=1)).fit(X, y, sample_weight=weights)
    with sklearn.config_context(enable_metadata_routing=True):
        mlp = make_mlp(epochs=1).set_fit_request(sample_weight=True)
        pipe = make_pipeline(Embedding(mlp), GaussianNB())
        pipe[-1].set_fit_request(sample_weight=False)
        routed = pipe.fit(X, y, sample_weight=weights)[0]
    np.testing.assert_array_equal(routed.transform(X), plain.transform(X))
    without = Embedding(make_mlp(epochs=1)).fit(X, y)
    assert (without.transform(X) != plain.transform(X)).any()


def test_it_goes_through_in_parts(sample, tmp_path, monkeypatch):
    X, y = sample
    fitted = make_cnn(epochs=1, rescale=1 / 255).fit(X[:200], y[:200])
    np.save(tmp_path / "X.npy", X)
    parts, embed_part = [], Probe.embed

    def noted(self, inputs):
        parts.append(len(inputs))
        return embed_part(self, inputs)

    monkeypatch.setattr(Probe, "embed", noted)
    values = embed(fitted, np.load(tmp_path / "X.npy", mmap_mode="r"))
    assert values.shape == (2000, 32)
    assert (max(parts), sum(parts)) == (256, 2001)


def test_looking_changes_nothing(make, train):
    X, y = train
    fitted = make(epochs=1, dropout=0.3, warm_start=True).fit(X, y)
    before = state_of(fitted)
    embed(fitted, X)
    saliency(fitted, X[:9])
    near_duplicates(fitted, X[:20], X[10:30])
    assert is_as_it_was(fitted, before)
    assert not fitted._fitted_network.is_exposed


def test_weights_of_a_model_that_was_handed_out_count(make, train):
    X, y = train
    fitted = make(epochs=1).fit(X, y)
    before = embed(fitted, X)
    fitted.model_.get_layer("hidden_1").bias.assign_add(np.ones(32))
    after = embed(fitted, X)
    assert (after != before).any()
    np.testing.assert_allclose(
        decided(after, fitted), fitted.predict_proba(X), atol=1e-5
    )


@pytest.mark.parametrize("name", ["residual", "foreign"])
def test_global_state_is_left_as_it_was(train, name):
    import tensorflow as tf
    from tensorflow.python.eager import context

    X, y = train
    network, from_logits = NETWORKS[name]
    own = KerasImageClassifier(network, from_logits=from_logits, epochs=1).fit(X, y)
    dense = make_mlp(epochs=1, dropout=0.3).fit(X, y)
    tf.random.set_seed(11)

    def state():
        held = keras_state()
        return (
            {name: dict(held[name]) for name in held if "uids" in name},
            held.keys() - {"uids"},
            random.getstate(),
            str(np.random.get_state()),  # noqa: NPY002
            context.context()._rng.getstate(),
        )

    before = state()
    for fitted in (own, dense):
        embed(fitted, X)
        saliency(fitted, X[:5])
        near_duplicates(fitted, X[:5], X[:5])
    assert state() == before


def test_what_is_refused(train):
    X, y = train
    mlp = make_mlp(epochs=1)
    with pytest.raises(ParameterError, match="must be a classifier of skfashion"):
        Embedding(LogisticRegression()).fit(X, y)
    with pytest.raises(DataError, match=r"Embedding\(FrozenEstimator\(clf\)\)"):
        Embedding(mlp).fit(X)
    with pytest.raises(NotFittedError):
        Embedding(FrozenEstimator(mlp)).fit(X)
    frozen = Embedding(FrozenEstimator(mlp.fit(X, y))).fit(X)
    with pytest.raises(ValueError, match="X has 100 features"):
        frozen.transform(X[:, :100])
