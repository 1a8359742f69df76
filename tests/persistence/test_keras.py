"""Networks from and to plain Keras, and two of them compared."""

import subprocess
import sys
import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline

import skfashion
from helpers.classifiers import make_cnn, make_mlp
from skfashion import PixelScaler, compare_models, export_keras, from_keras
from skfashion.exceptions import DataError, ParameterError, WriteError


@pytest.fixture(scope="module")
def mlp(train):
    return make_mlp(hidden_layer_sizes=(16, 8), dropout=0.1).fit(*train)


def test_equal_networks_are_told_equal(mlp, tmp_path):
    again = skfashion.load(skfashion.save(mlp, tmp_path / "m"))
    table = compare_models(mlp, make_pipeline(PixelScaler(), again))
    assert list(table["layer"]) == [layer.name for layer in mlp.model_.layers[1:]]
    checks = ["structure", "shapes", "dtypes", "weights"]
    assert table[checks].all(axis=None)
    assert (table["difference"] == 0).all()
    assert table.attrs["verdict"].startswith("equal")


def test_other_weights_are_measured(mlp):
    changed = from_keras(mlp.model_)
    weights = changed.model_.get_weights()
    weights[0][3, 5] += 0.5
    changed.model_.set_weights(weights)
    table = compare_models(mlp, changed).set_index("layer")
    assert table.loc["hidden_1", "difference"] == pytest.approx(0.5)
    assert not table.loc["hidden_1", "weights"]
    assert table.loc["hidden_2", "weights"]
    assert table["structure"].all()
    verdict = compare_models(mlp, changed).attrs["verdict"]
    assert verdict == "different in weights, weights by up to 0.5: hidden_1"


def test_other_structures_are_told(mlp, train):
    wider = make_mlp(hidden_layer_sizes=(16, 9), dropout=0.1, epochs=1).fit(*train)
    table = compare_models(mlp, wider).set_index("layer")
    assert table.loc["hidden_1", "structure"]
    for column in ("structure", "shapes", "weights"):
        assert not table.loc["hidden_2", column]
    assert np.isnan(table.loc["hidden_2", "difference"])
    longer = make_mlp(hidden_layer_sizes=(16, 8, 4), dropout=0.1, epochs=1).fit(*train)
    for pair in ((mlp, longer), (longer, mlp)):
        table = compare_models(*pair)
        assert len(table) == len(longer.model_.layers) - 1
        assert table.attrs["verdict"].startswith("different in structure, shapes")


def test_a_layer_more_moves_no_others(mlp, train):
    plain = make_mlp(hidden_layer_sizes=(16, 8), dropout=0, epochs=1).fit(*train)
    plain.model_.set_weights(mlp.model_.get_weights()[:6])
    for pair in ((mlp, plain), (plain, mlp)):
        table = compare_models(*pair)
        more = table["layer"].str.startswith("dropout")
        assert more.sum() == 2
        assert not table.loc[more, "structure"].any()
        assert table.loc[~more, "structure"].all()
        assert table["weights"].all()
        expected = "different in structure: dropout_1, dropout_2"
        assert table.attrs["verdict"] == expected


@pytest.mark.parametrize("other", [RidgeClassifier(), 3, make_pipeline(PixelScaler())])
def test_what_is_no_network_is_told(mlp, other):
    with pytest.raises(ParameterError, match=r"^b=.* must be a fitted classifier"):
        compare_models(mlp, other)


def test_the_exported_files_need_keras_alone(train, tmp_path):
    fitted = {"mlp": make_mlp, "cnn": make_cnn}
    for name, make in fitted.items():
        fitted[name] = make(dropout=0.2).fit(*train)
        pipe = make_pipeline(PixelScaler().fit(train[0]), fitted[name])
        export_keras(pipe, tmp_path / f"{name}.keras")
    np.save(tmp_path / "X.npy", train[0])
    code = (
        # Whatever is installed, this package cannot be imported.
        "import sys\nsys.modules['skfashion'] = None\n"
        "import keras, numpy as np\n"
        "X = np.load('X.npy')\n"
        "for name in ('mlp', 'cnn'):\n"
        "    model = keras.models.load_model(name + '.keras')\n"
        "    np.save(name + '.npy', model.predict(X, verbose=0))"
    )
    command = [sys.executable, "-c", code]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    for name, clf in fitted.items():
        given = np.load(tmp_path / f"{name}.npy")
        np.testing.assert_allclose(given, clf.predict_proba(train[0]), atol=1e-5)


def test_places_that_cannot_be_written_are_told(mlp, tmp_path):
    with pytest.raises(ParameterError, match=r"a name that ends in '\.keras'"):
        export_keras(mlp, tmp_path / "m.h5")
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="a file where a folder should be"):
        export_keras(mlp, tmp_path / "file" / "m.keras")


def plain_keras(kind):
    import keras

    layers = keras.layers
    keras.utils.set_random_seed(0)
    if kind == "mlp":
        inner = [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(16, activation="tanh"),
            layers.Dropout(0.3),
            layers.Dense(12, activation="tanh"),
        ]
    else:
        inner = [
            keras.Input((28, 28, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(6, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(12, activation="relu"),
        ]
    return keras.Sequential([*inner, layers.Dense(10, activation="softmax")])


@pytest.mark.parametrize("kind", ["mlp", "cnn"])
def test_a_keras_network_becomes_a_classifier(kind, train, test, names, tmp_path):
    model = plain_keras(kind)
    shape = model.input_shape[1:]
    expected = model.predict(test[0].reshape(-1, *shape), verbose=0)
    clf = from_keras(model, classes=names)
    # Labels are sorted here, as everywhere in scikit-learn.
    order = np.argsort(names)
    np.testing.assert_array_equal(clf.classes_, names[order])
    np.testing.assert_allclose(
        clf.predict_proba(test[0]), expected[:, order], atol=1e-5
    )
    np.testing.assert_array_equal(clf.predict(test[0]), names[expected.argmax(axis=1)])
    again = skfashion.load(skfashion.save(clf, tmp_path / "clf"))
    np.testing.assert_array_equal(
        again.predict_proba(test[0]), clf.predict_proba(test[0])
    )
    fitted = clone(clf).set_params(epochs=1).fit(train[0], names[train[1]])
    shapes = [weights.shape for weights in clf.model_.get_weights()]
    assert [weights.shape for weights in fitted.model_.get_weights()] == shapes
    assert clf.loss_curve_ == []


@pytest.mark.parametrize("kind", ["dense", "cnn"])
def test_the_classifier_compares_equal_to_its_network(kind):
    import keras

    dense = keras.layers.Dense
    layers = [keras.Input((9,)), dense(4, "relu"), dense(3, activation="softmax")]
    model = keras.Sequential(layers) if kind == "dense" else plain_keras("cnn")
    verdict = compare_models(from_keras(model), model).attrs["verdict"]
    assert verdict == "equal: structure, shapes, dtypes and every weight"


def refused():
    """Models that are no classifiers of images, and what is said of each."""
    import keras

    layers = keras.layers
    images = keras.Input((9,))

    def softmax(inputs=None):
        layer = layers.Dense(3, activation="softmax")
        return layer if inputs is None else layer(inputs)

    yield keras.Sequential([images, layers.Dense(3)]), "from_logits=True if it gives"
    yield keras.Sequential([images, layers.ReLU()]), "does not give probabilities"
    yield keras.Sequential([images, layers.Dense(1, "sigmoid")]), "has one output; it"
    yield keras.Sequential([layers.Dense(3)]), "is not built yet: give it a keras"
    yield keras.Sequential([keras.Input((None, 4)), softmax()]), "set image_shape="
    yield keras.Sequential([keras.Input((3, 4)), softmax()]), r"outputs of shape \(3, 3"
    other = keras.Input((9,))
    yield keras.Model([images, other], softmax(images + other)), "has 2 inputs"
    yield keras.Model(images, [softmax(images), softmax(images)]), "has 2 outputs"


@pytest.mark.parametrize("number", range(8))
def test_models_that_are_no_classifiers_are_refused(number):
    model, told = list(refused())[number]
    with pytest.raises(ParameterError, match=told):
        from_keras(model)


def test_labels_of_two_sorts_are_refused():
    import keras

    layers = [keras.Input((9,)), keras.layers.Dense(3, activation="softmax")]
    with pytest.raises(DataError, match="must be labels of one sort"):
        from_keras(keras.Sequential(layers), classes=["a", None, "b"])


@pytest.mark.parametrize("classes", [range(9), [0] * 10, "text"])
def test_labels_must_be_one_an_output(mlp, classes):
    with pytest.raises(DataError, match="must be 10 different labels"):
        from_keras(mlp.model_, classes=classes)


def test_only_keras_networks_are_taken():
    with pytest.raises(ParameterError, match=r"must be a keras\.Model"):
        from_keras(make_cnn())


def test_an_exported_network_is_loaded_without_a_warning(make, train, tmp_path):
    import keras

    path = export_keras(make(epochs=1).fit(*train), tmp_path / "network.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        keras.models.load_model(path)
