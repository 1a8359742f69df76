"""What a plain Keras file computes of images as they came to the estimator."""

import json
import warnings
import zipfile

import keras
import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

import skfashion
from helpers.classifiers import make_cnn, make_mlp
from skfashion import KerasImageClassifier, PixelScaler, export_keras
from skfashion.exceptions import ParameterError

# Scales that images come on, from bytes.
SCALES = {
    "uint8": lambda X: X,
    "uint16": lambda X: X.astype(np.uint16) * 257,
    "floats to 1": lambda X: (X / 255).astype(np.float32),
    "floats to 255": lambda X: X.astype(np.float64),
    "floats around 0": lambda X: (X / 127.5 - 1).astype(np.float32),
    "integers to 100": lambda X: X.astype(int) * 100 // 255,
}


def exported(estimator, tmp_path, **options):
    path = export_keras(estimator, tmp_path / "model.keras", **options)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return keras.models.load_model(path)


def agree(model, X, estimator, images):
    given = model.predict(X, verbose=0)
    np.testing.assert_allclose(given, estimator.predict_proba(images), atol=2e-6)
    labels = estimator.classes_[given.argmax(axis=1)]
    np.testing.assert_array_equal(labels, estimator.predict(images))


def metadata(path):
    with zipfile.ZipFile(path) as file:
        return json.loads(file.read("metadata.json"))


@pytest.mark.parametrize("scale", SCALES)
def test_the_scale_goes_along(scale, sample, tmp_path):
    X, y = SCALES[scale](sample[0]), sample[1]
    pipe = make_pipeline(PixelScaler(), make_mlp(epochs=1)).fit(X[:600], y[:600])
    agree(exported(pipe, tmp_path), X, pipe, X)


def test_a_convolutional_pipeline_takes_bytes(sample, tmp_path):
    X, y = sample
    pipe = make_pipeline(PixelScaler(), make_cnn(epochs=1)).fit(X[:600], y[:600])
    model = exported(pipe, tmp_path)
    agree(model, X, pipe, X)
    # Called, too, on tensors of bytes.
    called = np.asarray(model(keras.ops.convert_to_tensor(X[:50])))
    np.testing.assert_allclose(called, pipe.predict_proba(X[:50]), atol=2e-6)


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1)])
def test_images_go_in_as_images(shape, sample, tmp_path):
    X, y = sample
    pipe = make_pipeline(PixelScaler(), make_cnn(epochs=1)).fit(X[:600], y[:600])
    model = exported(pipe, tmp_path, input_shape=shape)
    assert model.input_shape == (None, *shape)
    agree(model, X.reshape(-1, *shape), pipe, X)
    # Keras adds or drops the one channel of grey images.
    for other in ((28, 28), (28, 28, 1)):
        called = np.asarray(model(X[:50].reshape(-1, *other)))
        np.testing.assert_allclose(called, pipe.predict_proba(X[:50]), atol=2e-6)


@pytest.mark.parametrize("shape", [(784,), (28, 28), (28, 28, 1)])
def test_the_shape_seen_at_fit_is_that_of_the_input(shape, sample, tmp_path):
    X, y = sample[0].reshape(-1, *shape), sample[1]
    clf = make_mlp(epochs=1, rescale=1 / 255).fit(X[:600], y[:600])
    agree(exported(clf, tmp_path), X, clf, X)
    again = skfashion.load(skfashion.save(clf, tmp_path / "clf"))
    assert exported(again, tmp_path).input_shape == (None, *shape)
    assert exported(again, tmp_path, input_shape=[784]).input_shape == (None, 784)


@pytest.mark.parametrize("shape", [(784,), (28, 28), (28, 28, 1)])
def test_a_pipeline_takes_what_its_scaler_leaves(shape, sample, tmp_path):
    X, y = sample[0].reshape(-1, *shape), sample[1]
    pipe = make_pipeline(PixelScaler(), make_mlp(epochs=1)).fit(X[:600], y[:600])
    left = pipe[0].transform(X[:1]).shape[1:]
    model = exported(pipe, tmp_path)
    assert model.input_shape == (None, *left)
    agree(model, X.reshape(-1, *left), pipe, X)


def test_colours_that_are_not_square_keep_their_shape(tmp_path):
    generator = np.random.default_rng(0)
    X = generator.integers(0, 256, (60, 12, 8, 3), dtype=np.uint8)
    y = np.arange(60) % 3
    clf = make_cnn(epochs=1, image_shape=(12, 8, 3))
    pipe = make_pipeline(PixelScaler(), clf).fit(X, y)
    agree(exported(pipe, tmp_path, input_shape=(12, 8, 3)), X, pipe, X)
    with pytest.raises(ParameterError, match=r"\(288,\) or \(12, 8, 3\); or None"):
        exported(pipe, tmp_path, input_shape=(8, 12, 3))


def test_pixels_off_the_scale_are_clipped_alike(sample, tmp_path):
    X, y = sample[0] / 255.0, sample[1]
    pipe = make_pipeline(PixelScaler(), make_mlp(epochs=1)).fit(X[:600], y[:600])
    beyond = X * 2 - 0.5
    agree(exported(pipe, tmp_path), beyond, pipe, beyond)


def test_scalers_one_after_the_other_and_steps_that_pass_everything(sample, tmp_path):
    X, y = sample
    inner = make_pipeline(PixelScaler(max_value=510), "passthrough", PixelScaler())
    pipe = make_pipeline(inner, None, make_mlp(epochs=1)).fit(X[:600], y[:600])
    agree(exported(pipe, tmp_path), X, pipe, X)


@pytest.mark.parametrize("step", [PCA(4), StandardScaler()], ids=["pca", "standard"])
def test_steps_that_no_layer_computes_are_named(step, sample, tmp_path):
    X, y = sample[0][:100], sample[1][:100]
    inner = Pipeline([("pixels", PixelScaler()), ("[x]", step)])
    pipe = Pipeline([("before", inner), ("clf", make_mlp(epochs=1))]).fit(X, y)
    name = type(step).__name__
    with pytest.raises(ParameterError, match=rf"^Step 'before__\[x\]' .*, {name}, is"):
        export_keras(pipe, tmp_path / "model.keras")
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("other", [3, Pipeline([]), make_pipeline(PixelScaler())])
def test_what_has_no_network_is_told(other, tmp_path):
    with pytest.raises(ParameterError, match=r"^estimator=.* must be a fitted class"):
        export_keras(other, tmp_path / "model.keras")


def test_what_is_not_fitted_is_told(tmp_path):
    with pytest.raises(NotFittedError):
        export_keras(make_pipeline(PixelScaler(), make_mlp()), tmp_path / "m.keras")


@pytest.mark.parametrize(
    "labels",
    [[3, 7], [1.0, 2.0], [False, True], ["[red]\x1b[31m$\\bad$", "b\u00e9 \u4e2d"]],
    ids=["integers", "floats", "booleans", "text"],
)
def test_labels_are_in_the_metadata(labels, sample, tmp_path):
    X, y = sample[0][:40], np.array(labels)[np.arange(40) % 2]
    clf = make_mlp(epochs=1, rescale=1 / 255).fit(X, y)
    told = metadata(export_keras(clf, tmp_path / "model.keras"))
    assert told["classes"] == labels
    assert told["keras_version"] == keras.__version__


def test_exporting_leaves_no_keras_model_behind(sample, tmp_path):
    X, y = sample[0][:200], sample[1][:200]
    clf = make_mlp(epochs=1, rescale=1 / 255).fit(X, y)
    export_keras(clf, tmp_path / "model.keras")
    assert not clf._fitted_network.is_exposed
    layer = clf.model_.get_layer("hidden_1")
    before = len(layer._inbound_nodes)
    export_keras(clf, tmp_path / "model.keras", input_shape=(28, 28))
    assert len(layer._inbound_nodes) == before


def test_a_model_changed_by_hand_is_exported_as_it_is(sample, tmp_path):
    X, y = sample[0][:200], sample[1][:200]
    pipe = make_pipeline(PixelScaler(), make_mlp(epochs=1)).fit(X, y)
    model = pipe[-1].model_
    model.get_layer("hidden_1").trainable = False
    model.compile("sgd", "sparse_categorical_crossentropy")
    model.set_weights([weights * 1.5 for weights in model.get_weights()])
    loaded = exported(pipe, tmp_path)
    agree(loaded, X, pipe, X)
    assert not loaded.get_layer("mlp").get_layer("hidden_1").trainable


def test_mixed_precision_scales_in_float32(sample, tmp_path):
    X, y = sample[0][:200], sample[1][:200]
    clf = make_mlp(epochs=1, dtype_policy="mixed_bfloat16")
    pipe = make_pipeline(PixelScaler(), clf).fit(X, y)
    given = exported(pipe, tmp_path).predict(X, verbose=0)
    np.testing.assert_allclose(given, pipe.predict_proba(X), atol=0.01)


def residual(image_shape, n_classes, activation="softmax"):
    layers = keras.layers
    images = keras.Input(image_shape)
    first = layers.Conv2D(4, 3, strides=4, activation="relu")(images)
    more = layers.Conv2D(4, 3, padding="same")(first)
    more = layers.BatchNormalization()(more)
    pooled = layers.GlobalAveragePooling2D()(layers.Add()([first, more]))
    outputs = layers.Dense(n_classes, activation=activation)(pooled)
    return keras.Model(images, outputs)


@pytest.mark.parametrize("logits", [False, True], ids=["probabilities", "logits"])
@pytest.mark.parametrize("scaled_by", ["PixelScaler", "rescale"])
def test_a_network_of_ones_own(logits, scaled_by, sample, tmp_path):
    X, y = sample
    network = skfashion.Network(residual, activation=None if logits else "softmax")
    clf = KerasImageClassifier(network, epochs=1, from_logits=logits, random_state=0)
    if scaled_by == "PixelScaler":
        estimator = make_pipeline(PixelScaler(), clf)
    else:
        estimator = clf.set_params(rescale=1 / 255)
    estimator.fit(X[:600], y[:600])
    agree(exported(estimator, tmp_path), X, estimator, X)


def test_a_keras_network_comes_back_as_it_was(tmp_path):
    model = residual((12, 8, 3), 4)
    X = np.random.default_rng(0).random((20, 12, 8, 3), dtype=np.float32)
    again = exported(skfashion.from_keras(model), tmp_path)
    assert again.input_shape == model.input_shape
    np.testing.assert_allclose(again.predict(X), model.predict(X), atol=1e-6)


def test_names_that_keras_counts_are_left_alone(sample, tmp_path):
    X, y = sample[0][:100], sample[1][:100]
    clf = KerasImageClassifier(residual, epochs=1, rescale=1 / 255).fit(X, y)
    before = keras.layers.Dense(1).name
    export_keras(clf, tmp_path / "model.keras")
    number = int(before.removeprefix("dense_") if "_" in before else 0)
    assert keras.layers.Dense(1).name == f"dense_{number + 1}"
