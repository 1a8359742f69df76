"""Pipelines of other steps, which skl2onnx converts."""

import sys

import numpy as np
import onnxruntime
import pytest
import skl2onnx
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from helpers.classifiers import make_cnn, make_keras, make_mlp
from skfashion import CLASS_NAMES, PixelScaler
from skfashion.exceptions import MissingExtraError, ParameterError
from skfashion.persistence import register_onnx_converters


@pytest.fixture(autouse=True, scope="module")
def registered():
    register_onnx_converters()


def run(pipe, X, **options):
    options = {"options": {"zipmap": False}, **options}
    written = skl2onnx.to_onnx(pipe, X[:1], **options)
    session = onnxruntime.InferenceSession(written.SerializeToString())
    return session.run(None, {session.get_inputs()[0].name: X})


def agree(found, pipe, X):
    label, given = found
    np.testing.assert_allclose(given, pipe.predict_proba(X), rtol=0, atol=1e-5)
    np.testing.assert_array_equal(label, pipe.predict(X))


@pytest.mark.parametrize("kind", ["numbers", "texts", "booleans", "floats"])
def test_with_principal_components(kind, sample):
    X, y = sample[0][:300], sample[1][:300]
    labels = {
        "numbers": y,
        "texts": np.array(CLASS_NAMES)[y],
        "booleans": y > 4,
        "floats": y.astype(float),
    }[kind]
    steps = PixelScaler(flatten=True), PCA(16, random_state=0), make_mlp(epochs=1)
    pipe = make_pipeline(*steps).fit(X, labels)
    agree(run(pipe, X), pipe, X)


def test_images_through_a_scaler_that_keeps_their_shape(sample):
    X, y = sample[0][:300].reshape(-1, 28, 28), sample[1][:300]
    clf = make_cnn(epochs=1, n_views=2, batch_normalization=True)
    pipe = make_pipeline(PixelScaler(), clf).fit(X, y)
    agree(run(pipe, X), pipe, X)


def test_a_network_of_the_users_own_after_standard_scaling(train):
    X, y = train
    clf = make_keras(epochs=1, image_shape=(28, 28))
    pipe = make_pipeline(StandardScaler(), clf).fit(X, y)
    agree(run(pipe, X), pipe, X)


def test_two_networks_in_one_pipeline(train):
    from sklearn.ensemble import VotingClassifier

    X, y = train
    members = [("a", make_mlp(epochs=1)), ("b", make_mlp(epochs=2))]
    pipe = make_pipeline(
        VotingClassifier(members, voting="soft", flatten_transform=False)
    ).fit(X, y)
    agree(run(pipe, X), pipe, X)


def test_probabilities_by_label(train):
    clf = make_mlp(epochs=1).fit(train[0], np.array(CLASS_NAMES)[train[1]])
    _, found = run(clf, train[0][:5], options=None)
    given = [[row[name] for name in clf.classes_] for row in found]
    wanted = clf.predict_proba(train[0][:5])
    np.testing.assert_allclose(given, wanted, rtol=0, atol=1e-5)


def test_an_earlier_opset_is_refused(train):
    clf = make_mlp(epochs=1).fit(*train)
    with pytest.raises(ParameterError, match="target_opset=15 must be 18 or more"):
        run(clf, train[0], target_opset=15)


@pytest.mark.parametrize("missing", ["onnx", "skl2onnx"])
def test_what_is_missing_is_named(missing, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingExtraError, match=f"needs {missing}, which is not"):
        register_onnx_converters()
