"""What an ONNX file gives for images as they came to the estimator."""

import logging
import os
import subprocess
import sys
from dataclasses import replace

import keras
import numpy as np
import onnx
import onnxruntime
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

import skfashion
from helpers.classifiers import make_cnn, make_keras, make_mlp
from helpers.networks import NETWORKS
from skfashion import KerasImageClassifier, PixelScaler, recipes, to_onnx
from skfashion.exceptions import MissingExtraError, ParameterError

# Scales that images come on, from bytes.
SCALES = {
    "uint8": lambda X: X,
    "uint16": lambda X: X.astype(np.uint16) * 257,
    "big-endian uint16": lambda X: (X.astype(np.uint16) * 257).astype(">u2"),
    "floats to 1": lambda X: (X / 255).astype(np.float32),
    "floats to 255": lambda X: X.astype(np.float64),
    "floats around 0": lambda X: (X / 127.5 - 1).astype(np.float32),
    "integers to 100": lambda X: X.astype(int) * 100 // 255,
}
NAMES = np.array(skfashion.CLASS_NAMES)
LABELS = {
    "text": lambda y: NAMES[y],
    "objects": lambda y: NAMES[y].astype(object),
    "small integers": lambda y: y.astype(np.uint8),
    "negative": lambda y: y - 5,
    "floats": lambda y: y.astype(np.float32),
    "two": lambda y: y % 2,
    "booleans": lambda y: y > 4,
    "two texts": lambda y: np.where(y > 4, "shoe", "cloth"),
}


def run(path, X):
    session = onnxruntime.InferenceSession(path)
    return session.run(["label", "probabilities"], {"pixels": X})


def in_float32(estimator):
    """The same weights in a network that computes in float32."""
    classifier = estimator[-1] if isinstance(estimator, Pipeline) else estimator
    network = classifier._fitted_network
    network.config = replace(network.config, dtype_policy="float32")
    network._bound = None
    return estimator


def agree(path, X, estimator, images):
    """See that a file gives what an estimator of float32 gives, of the same images."""
    label, given = run(path, X)
    wanted = estimator.predict_proba(images)
    np.testing.assert_allclose(given, wanted, rtol=0, atol=1e-5)
    # Where two classes differ in the last bits only, either is right.
    two = np.sort(wanted, axis=1)[:, -2:]
    sure = two[:, 1] - two[:, 0] > 1e-6
    assert sure.mean() > 0.9
    np.testing.assert_array_equal(label[sure], estimator.predict(images)[sure])


@pytest.mark.parametrize("name", recipes.RECIPES)
def test_each_recipe(name, sample, tmp_path):
    X, y = sample
    model = recipes.make_pipeline(name, random_state=0, epochs=1).fit(X[:256], y[:256])
    path = to_onnx(model, tmp_path / "model.onnx")
    onnx.checker.check_model(path, full_check=True)
    agree(path, X[:100], in_float32(model), X[:100])


@pytest.mark.parametrize("scale", SCALES)
def test_the_scale_and_the_type_go_along(scale, sample, tmp_path):
    X, y = SCALES[scale](sample[0][:600]), sample[1][:600]
    pipe = make_pipeline(PixelScaler(), make_mlp(epochs=1)).fit(X, y)
    path = to_onnx(pipe, tmp_path / "model.onnx")
    agree(path, X.astype(X.dtype.newbyteorder("=")), pipe, X)


def test_bytes_are_scaled_to_the_same_bits(tmp_path):
    levels = np.arange(256, dtype=np.uint8).reshape(-1, 1)
    levels = np.repeat(levels, 4, axis=1)
    clf = make_mlp(hidden_layer_sizes=(), epochs=1, activation="linear")
    pipe = make_pipeline(PixelScaler(), clf).fit(levels, levels[:, 0] > 99)
    path = to_onnx(pipe, tmp_path / "model.onnx")
    scaled = next(n for n in onnx.load(path).graph.node if n.op_type == "Clip")
    model = onnx.load(path)
    output = onnx.helper.make_tensor_value_info(scaled.output[0], 1, ("n", 4))
    model.graph.output.append(output)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    given = session.run([scaled.output[0]], {"pixels": levels})[0]
    np.testing.assert_array_equal(given, pipe[0].transform(levels))


@pytest.mark.parametrize("kind", LABELS)
def test_labels_leave_as_they_are(kind, train, tmp_path):
    X, y = train[0], LABELS[kind](train[1])
    clf = make_mlp(epochs=1).fit(X, y)
    path = to_onnx(clf, tmp_path / "model.onnx")
    agree(path, X, clf, X)
    label, _ = run(path, X[:3])
    assert type(label.tolist()[0]) is type(clf.classes_.tolist()[0])
    assert label.shape == (3,)


@pytest.mark.parametrize("shape", [(784,), (28, 28), (28, 28, 1)])
@pytest.mark.parametrize("flatten", [False, True])
def test_images_go_in_as_fit_saw_them(shape, flatten, sample, tmp_path):
    X, y = sample[0][:300].reshape(-1, *shape), sample[1][:300]
    pipe = make_pipeline(PixelScaler(flatten=flatten), make_mlp(epochs=1)).fit(X, y)
    agree(to_onnx(pipe, tmp_path / "a.onnx"), X, pipe, X)
    for other in ((784,), (28, 28), [28, 28, 1]):
        path = to_onnx(pipe, tmp_path / "b.onnx", input_shape=other)
        agree(path, X.reshape(-1, *other), pipe, X)


@pytest.mark.parametrize("flatten", [False, True])
@pytest.mark.parametrize("n_views", [1, 2, 3, 6])
def test_images_in_colour_that_are_not_square(flatten, n_views, tmp_path):
    generator = np.random.default_rng(0)
    X = generator.integers(0, 256, (60, 12, 8, 3), dtype=np.uint8)
    y = np.arange(60) % 3
    clf = make_cnn(epochs=1, image_shape=(12, 8, 3), n_views=n_views)
    pipe = make_pipeline(PixelScaler(flatten=flatten), clf).fit(X, y)
    path = to_onnx(pipe, tmp_path / "model.onnx")
    agree(path, X, pipe, X)
    with pytest.raises(ParameterError, match=r"\(288,\) or \(12, 8, 3\); or None"):
        to_onnx(pipe, path, input_shape=(8, 12, 3))


@pytest.mark.parametrize(
    "params",
    [
        {"convolutions": 2, "padding": "same", "residual": True, "pooling": "max"},
        {"pooling": "average", "stem_filters": 4, "kernel_size": 2, "padding": "same"},
        {"kernel_size": 4, "padding": "same", "batch_normalization": True},
        {"activation": "softmax", "dense_sizes": (), "logit_scale": 0.125},
        {"dtype_policy": "mixed_bfloat16"},
        {"rescale": 0.75},
    ],
    ids=lambda params: next(iter(params)),
)
def test_convolving_networks(params, train, tmp_path):
    clf = make_cnn(**{"epochs": 1, **params}).fit(*train)
    path = to_onnx(clf, tmp_path / "model.onnx")
    agree(path, train[0], in_float32(clf), train[0])


@pytest.mark.parametrize("n_views", [1, 2, 3, 6])
@pytest.mark.parametrize("n_rows", [0, 1, 5])
def test_any_number_of_rows(n_views, n_rows, train, tmp_path):
    clf = make_mlp(epochs=1, n_views=n_views, residual=True).fit(*train)
    label, given = run(to_onnx(clf, tmp_path / "m.onnx"), train[0][:n_rows])
    assert label.shape == (n_rows,)
    assert given.shape == (n_rows, 10)
    if n_rows:
        wanted = clf.predict_proba(train[0][:n_rows])
        np.testing.assert_allclose(given, wanted, rtol=0, atol=1e-6)


def test_raw_bytes_go_in_where_the_network_scales(sample, tmp_path):
    X, y = sample[0][:300], sample[1][:300]
    clf = make_mlp(epochs=1, rescale=1 / 255).fit(X, y)
    agree(to_onnx(clf, tmp_path / "a.onnx", dtype="uint8"), X, clf, X)
    agree(to_onnx(clf, tmp_path / "b.onnx"), X.astype(np.float32), clf, X)


def activations():
    return [
        name
        for name in dir(keras.activations)
        if name[0] != "_"
        and name not in {"deserialize", "get", "glu", "serialize", "threshold"}
    ]


# Two that no standard operator computes.
MISSING = {"sparse_plus", "sparsemax"}


@pytest.mark.parametrize("name", [n for n in activations() if n not in MISSING])
def test_each_activation(name, train, tmp_path):
    X = np.linspace(-4, 4, 600, dtype=np.float32).reshape(300, 2)
    clf = make_mlp(hidden_layer_sizes=(8,), epochs=1, activation=name)
    clf.fit(X, np.arange(300) % 2)
    kernel, *others = clf._fitted_network.values
    # So far apart that each branch of an activation is seen.
    clf._fitted_network.set_values([kernel * 5, *others])
    agree(to_onnx(clf, tmp_path / "model.onnx"), X, clf, X)


@pytest.mark.parametrize("name", sorted(MISSING))
def test_an_activation_that_onnx_lacks(name, train, tmp_path):
    clf = make_mlp(epochs=1, activation=name).fit(*train)
    with pytest.raises(ParameterError, match=f"activation='{name}' is not one that"):
        to_onnx(clf, tmp_path / "model.onnx")


def test_a_residual_network_of_the_users_own(sample, tmp_path, capfd):
    X, y = sample[0][:300], NAMES[sample[1][:300]]
    clf = make_keras(epochs=1, rescale=1 / 255, n_views=2).fit(X, y)
    level, environment = logging.getLogger("tf2onnx").level, dict(os.environ)
    path = to_onnx(clf, tmp_path / "model.onnx", dtype="uint8")
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("tf2onnx").level == level
    assert os.environ == environment
    agree(path, X, clf, X)


@pytest.mark.parametrize("kind", NETWORKS)
def test_networks_of_the_users_own(kind, train, tmp_path):
    function, from_logits = NETWORKS[kind]
    clf = KerasImageClassifier(
        function, from_logits=from_logits, epochs=1, random_state=0
    )
    images = train[0].reshape(-1, 28, 28)
    clf.fit(images, train[1])
    agree(to_onnx(clf, tmp_path / "model.onnx"), images, clf, images)


def mixed(image_shape, n_classes):
    half = {"dtype": "mixed_bfloat16"}
    steps = [
        keras.Input(image_shape),
        keras.layers.Conv2D(8, 3, strides=2, activation="relu", **half),
        keras.layers.Flatten(**half),
        keras.layers.Dense(n_classes, activation="softmax", dtype="float32"),
    ]
    return keras.Sequential(steps)


def test_a_mixed_network_of_the_users_own_computes_in_float32(train, tmp_path):
    clf = KerasImageClassifier(mixed, epochs=1, random_state=0).fit(*train)
    _, given = run(to_onnx(clf, tmp_path / "model.onnx"), train[0])
    single = keras.models.clone_model(
        clf.model_,
        clone_function=lambda layer: type(layer).from_config(
            {**layer.get_config(), "dtype": "float32"}
        ),
    )
    single.set_weights(clf.model_.get_weights())
    wanted = single.predict(train[0].reshape(-1, 28, 28, 1), verbose=0)
    np.testing.assert_allclose(given, wanted, rtol=0, atol=1e-5)
    # Which is what the classifier has, up to its own precision.
    np.testing.assert_allclose(given, clf.predict_proba(train[0]), atol=0.02)


def test_a_network_that_cannot_be_written(train, tmp_path):
    @keras.saving.register_keras_serializable("test_onnx")
    class Inverted(keras.layers.Layer):
        def call(self, x):
            import tensorflow as tf

            square = tf.linalg.matmul(x, x, transpose_a=True)
            return x + 0 * tf.linalg.logdet(square + tf.eye(x.shape[-1]))

    def build(image_shape, n_classes):
        steps = [
            keras.Input(image_shape),
            keras.layers.Flatten(),
            keras.layers.Dense(16),
            Inverted(),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
        return keras.Sequential(steps)

    clf = KerasImageClassifier(build, epochs=1, random_state=0).fit(*train)
    with pytest.raises(ParameterError, match="that tf2onnx cannot write as ONNX"):
        to_onnx(clf, tmp_path / "model.onnx")
    assert not (tmp_path / "model.onnx").exists()


def test_weights_that_were_changed_by_hand_are_written(train, tmp_path):
    clf = make_mlp(epochs=1).fit(*train)
    kernel = clf.model_.layers[-1].kernel
    kernel.assign(kernel * 3)
    agree(to_onnx(clf, tmp_path / "model.onnx"), train[0], clf, train[0])


def test_a_model_that_was_loaded_gives_the_same_bytes(train, tmp_path):
    clf = make_cnn(epochs=1).fit(*train)
    path = to_onnx(clf, tmp_path / "a.onnx")
    again = skfashion.load(skfashion.save(clf, tmp_path / "model"))
    assert to_onnx(again, tmp_path / "b.onnx").read_bytes() == path.read_bytes()
    (opset,) = onnx.load(path).opset_import
    assert (opset.domain, opset.version) == ("", 18)


def test_it_runs_where_nothing_but_onnxruntime_is_imported(train, tmp_path):
    clf = make_mlp(epochs=1).fit(train[0], NAMES[train[1]])
    path = to_onnx(make_pipeline(clf), tmp_path / "model.onnx")
    np.save(tmp_path / "X.npy", train[0][:5])
    code = (
        "import sys, numpy, onnxruntime\n"
        f"session = onnxruntime.InferenceSession({str(path)!r})\n"
        f"X = numpy.load({str(tmp_path / 'X.npy')!r})\n"
        "print(*session.run(['label'], {'pixels': X})[0], sep=';')\n"
        "print({'tensorflow', 'keras', 'sklearn', 'skfashion'} & {*sys.modules})"
    )
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    labels, loaded = told.stdout.splitlines()
    assert labels.split(";") == clf.predict(train[0][:5]).tolist()
    assert loaded == "set()"


def test_a_network_of_our_own_is_written_without_tensorflow(train, tmp_path):
    skfashion.save(make_cnn(epochs=1).fit(*train), tmp_path / "model")
    code = (
        "import sys, skfashion\n"
        f"model = skfashion.load({str(tmp_path / 'model')!r})\n"
        f"skfashion.to_onnx(model, {str(tmp_path / 'model.onnx')!r})\n"
        "print({'tensorflow', 'keras'} & {*sys.modules})"
    )
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    assert told.stdout == "set()\n"


def test_what_is_refused(train, tmp_path, monkeypatch):
    clf = make_mlp(epochs=1).fit(*train)
    path = tmp_path / "model.onnx"
    with pytest.raises(ParameterError, match=r"must be a name that ends in '\.onnx'"):
        to_onnx(clf, tmp_path / "model.keras")
    with pytest.raises(NotFittedError):
        to_onnx(make_mlp(), path)
    with pytest.raises(NotFittedError):
        to_onnx(Pipeline([("scale", PixelScaler()), ("clf", clf)]), path)
    with pytest.raises(ParameterError, match="must be a fitted classifier of skf"):
        to_onnx(make_pipeline(PixelScaler()), path)
    other = make_pipeline(StandardScaler(), make_mlp(epochs=1)).fit(*train)
    with pytest.raises(ParameterError, match=r"'standardscaler'.*skl2onnx\.to_onnx"):
        to_onnx(other, path)
    for wrong in ("complex64", "U1", object, "pixels"):
        with pytest.raises(ParameterError, match=r"dtype=.*must be a type of pixels"):
            to_onnx(clf, path, dtype=wrong)
    monkeypatch.setitem(sys.modules, "onnx", None)
    monkeypatch.delitem(sys.modules, "skfashion.persistence._onnx_graph")
    with pytest.raises(MissingExtraError, match=r"to_onnx needs onnx.*skfashion\[onnx"):
        to_onnx(clf, path)
    assert not path.exists()
