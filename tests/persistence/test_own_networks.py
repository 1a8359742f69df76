"""Files of networks of one's own: Keras's layers only, and nothing of theirs is run."""

import copy
import json
import os

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline

import skfashion
from helpers.classifiers import make_keras, small_network
from helpers.saved_files import changed, refused, same
from skfashion import PixelScaler
from skfashion.exceptions import ParameterError, UnscaledPixelsWarning


@pytest.fixture(scope="module")
def fitted(train):
    return make_keras(epochs=1, dropout=0.2).fit(*train)


@pytest.fixture
def path(fitted, tmp_path):
    return skfashion.save(fitted, tmp_path / "model.skfashion")


def test_a_fitted_one_comes_back(fitted, path, train):
    again = skfashion.load(path)
    same(again, fitted, train[0])
    for one in (clone(fitted), again):
        one.set_params(warm_start=True).partial_fit(*train, classes=range(10))
    assert again.history_.keys() == fitted.history_.keys()
    # And its network is built anew for another fit, of weights that the seed draws.
    first, second = (
        clone(again).set_params(warm_start=False).fit(*train).predict_proba(train[0])
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, second)
    other = clone(again).set_params(warm_start=False, random_state=1).fit(*train)
    assert not np.array_equal(other.predict_proba(train[0]), first)


def test_training_goes_on_to_the_same_bits(train, tmp_path):
    clf = make_keras(dropout=0.3).partial_fit(*train, classes=range(10))
    again = skfashion.load(skfashion.save(clf, tmp_path / "model.skfashion"))
    for one in (clf, again):
        one.partial_fit(*train)
    same(again, clf, train[0])


def test_a_pipeline_and_a_model_come_back(sample, tmp_path):
    X, y = sample[0][:300], sample[1][:300]
    clf = make_keras(small_network((28, 28, 1), 10), epochs=1)
    pipeline = make_pipeline(PixelScaler(), clf).fit(X, y)
    again = skfashion.load(skfashion.save(pipeline, tmp_path / "model.skfashion"))
    same(again, pipeline, X)
    # What a fit begins with is kept beside what it became.
    same(again.fit(X, y), pipeline.fit(X, y), X)
    unfitted = skfashion.load(skfashion.save(clone(clf), tmp_path / "unfitted"))
    expected = clf.network.get_weights()
    assert all(map(np.array_equal, unfitted.network.get_weights(), expected))


def test_a_loaded_design_is_saved_again_and_knows_what_it_is_for(path, train, tmp_path):
    again = clone(skfashion.load(path))
    third = skfashion.load(skfashion.save(again, tmp_path / "again"))
    assert third.network == again.network
    with pytest.raises(ParameterError, match="was loaded from a file, and is for imag"):
        third.fit(train[0][:, :49], train[1])


def test_what_cannot_be_saved_names_joblib(train, tmp_path):
    import keras

    class Double(keras.layers.Layer):
        def call(self, inputs):
            return inputs * 2

    def network(image_shape, n_classes):
        dense = keras.layers.Dense(n_classes, activation="softmax")
        layers = [Double(name="double"), keras.layers.Flatten(), dense]
        return keras.Sequential([keras.Input(image_shape), *layers])

    with pytest.raises(ParameterError, match=r"before it is fitted.*joblib"):
        skfashion.save(make_keras(network), tmp_path / "model")
    with pytest.raises(ParameterError, match="'double' of class 'Double'; use joblib"):
        skfashion.save(make_keras(network, epochs=1).fit(*train), tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_weights_that_a_function_gives_are_not_lost(train, tmp_path):
    def network(image_shape, n_classes):
        model = small_network(image_shape, n_classes)
        model.layers[1].set_weights([np.full((3, 3, 1, 8), 0.1)])
        return model

    clf = make_keras(network, epochs=1).fit(*train)
    with pytest.raises(ParameterError, match="its function gives weights of shape"):
        skfashion.save(clf, tmp_path / "model")


def test_what_scikeras_registers_makes_no_difference(train, tmp_path):
    import scikeras.wrappers  # noqa: F401

    # Its pickling has Keras call its own classes by another name from then on.
    copy.deepcopy(small_network((28, 28, 1), 10))
    clf = make_keras(epochs=1).fit(*train)
    assert clf._fitted_network.config.servable
    same(skfashion.load(skfashion.save(clf, tmp_path / "model")), clf, train[0])


def test_the_design_is_that_of_the_parameters_now(train, tmp_path):
    clf = make_keras(epochs=1, filters=4).fit(*train).set_params(network__filters=5)
    again = skfashion.load(skfashion.save(clf, tmp_path / "model"))
    same(again, clf, train[0])
    assert again.fit(*train).model_.layers[1].filters == 5


def test_pixels_of_another_scale_are_warned_of_after_loading(path, train):
    again = skfashion.load(path)
    with pytest.warns(UnscaledPixelsWarning):
        again.predict(np.uint8(train[0] * 255))


# What anybody may write


def network_of(description):
    """The description of the fitted network in a file, as Keras has it."""
    (pair,) = (
        p for p in description["network"]["config"]["dict"] if p[0] == "description"
    )
    return pair, json.loads(pair[1])


def put(description, part):
    """Put a part in place of the network's last dropout layer."""
    pair, held = network_of(description)
    for number, layer in enumerate(held["config"]["layers"]):
        if layer["class_name"] == "Dropout":
            held["config"]["layers"][number] = {**layer, **part}
    pair[1] = json.dumps(held)


RUNS = f"__import__('os').mkdir({os.devnull + 'x'!r})"
PARTS = {
    "lambda": {
        "class_name": "Lambda",
        "config": {
            "name": "dropout",
            "function": {
                "class_name": "__lambda__",
                "config": {"value": ["4wE=", [], []]},
            },
        },
    },
    "function": {
        "module": "builtins",
        "class_name": "function",
        "config": "eval",
        "registered_name": "function",
    },
    "another module": {"module": "os", "class_name": "system", "config": RUNS},
    "a saved model": {
        "class_name": "TFSMLayer",
        "config": {"name": "dropout", "filepath": "somewhere"},
    },
    "a vocabulary": {
        "class_name": "StringLookup",
        "config": {"name": "dropout", "vocabulary": "/etc/passwd"},
    },
    "a registered class": {"registered_name": "mine>Dropout"},
    "a hidden module": {
        "module": "keras.src.utils.file_utils",
        "class_name": "get_file",
    },
    "a type": {"class_name": "__typespec__", "spec_name": "x", "module": "os"},
    "no class": {"class_name": ["Dropout"]},
    "a function as class": {"module": "keras.src.ops.numpy", "class_name": "save"},
}


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_parts_that_are_not_keras_layers_are_refused(part, path, monkeypatch):
    import keras

    def run(*args, **kwargs):
        raise AssertionError("Keras's deserializer was given what is not Keras's")

    monkeypatch.setattr(keras.saving, "deserialize_keras_object", run)
    changed(path, lambda about, description, held: put(description, part))
    refused(path)


def test_registered_names_are_not_looked_up(path):
    import keras

    called = []

    @keras.saving.register_keras_serializable("mine", "activation")
    def activation(x):
        called.append(x)
        return x

    def change(about, description, held):
        pair, network = network_of(description)
        for layer in network["config"]["layers"]:
            if layer["class_name"] == "Conv2D":
                layer["config"]["activation"] = "mine>activation"
        pair[1] = json.dumps(network)

    try:
        changed(path, change)
        refused(path)
    finally:
        del keras.saving.get_custom_objects()["mine>activation"]
    assert not called


def of_two(description):
    pair, held = network_of(description)
    held["config"]["layers"] *= 2
    pair[1] = json.dumps(held)


def nested(description):
    network_of(description)[0][1] = '{"config":' * 10**5 + "1" + "}" * 10**5


def enormous(description):
    pair, held = network_of(description)
    for layer in held["config"]["layers"]:
        if layer["class_name"] == "Conv2D":
            layer["config"]["filters"] = 10**9
    pair[1] = json.dumps(held)


def field(name, value):
    def change(description):
        for pair in description["network"]["config"]["dict"]:
            if pair[0] == name:
                pair[1] = value

    return change


def no_design(description):
    del description["design"]


def a_design_of_ours(description):
    description["design"]["config"]["dict"] = [["network", "MLPConfig"]]


CHANGES = {
    "of two": of_two,
    "nested": nested,
    "enormous": enormous,
    "no JSON": field("description", "{"),
    "a number": field("description", 3),
    "a list": field("description", "[]"),
    "all frozen": field("frozen", {"tuple": []}),
    "foreign": field("foreign", {"tuple": ["nothing"]}),
    "compiled": field("compiled", "{}"),
    "a function": field("function", "print"),
    "logits": field("from_logits", "yes"),
    "classes": field("n_classes", 11),
    "shape": field("image_shape", {"tuple": [14, 56, 1]}),
    "text for a shape": field("image_shape", "28"),
    "inputs": field("input_shape", {"tuple": [784]}),
    "no design": no_design,
    "a design of ours": a_design_of_ours,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_no_model_is_described_by_is_refused(change, path):
    changed(path, lambda about, description, held: change(description))
    refused(path)
