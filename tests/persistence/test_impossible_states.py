"""Files whose sums are right, but whose state or weights no fit leaves behind."""

import time

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

import skfashion
from helpers.classifiers import make_cnn, make_mlp
from helpers.saved_files import changed, refused
from skfashion import PixelScaler


@pytest.fixture(scope="module")
def pipeline(sample):
    return make_pipeline(PixelScaler(), make_mlp(epochs=2)).fit(*sample)


@pytest.fixture
def path(pipeline, tmp_path):
    return skfashion.save(pipeline, tmp_path / "model.skfashion")


def state_of(description):
    return description["steps"][1][1]["state"]


def network_of(description):
    return description["steps"][1][1]["network"]


# The labels, of which there are ten: 0 to 9.


def labels(values, dtype):
    def change(about, description, held):
        array = {"array": values, "dtype": dtype, "shape": [len(values)]}
        state_of(description)["classes_"] = array

    return change


LABELS = {
    "doubled": labels([0, 0, *range(2, 10)], "<i8"),
    "unsorted": labels([1, 0, *range(2, 10)], "<i8"),
    "backwards": labels(list(range(10))[::-1], "<i8"),
    "unsorted text": labels(list("bacdefghij"), "<U1"),
    "doubled text": labels(list("aacdefghij"), "|O"),
    "not a number": labels([*map(float, range(9)), float("nan")], "<f8"),
    "infinite": labels([*map(float, range(9)), float("inf")], "<f8"),
    "of two types": labels([*range(9), "a"], "|O"),
    "none among them": labels([*map(str, range(9)), None], "|O"),
    "lists": labels([[number] for number in range(10)], "|O"),
}


@pytest.mark.parametrize("change", LABELS.values(), ids=LABELS)
def test_labels_that_no_fit_leaves_are_refused(change, path):
    refused(changed(path, change))


# The shape of an image, of 784 pixels.


@pytest.mark.parametrize(
    "shape", [[-28, -28, 1], [28, -28, -1], [-784, -1, 1], [-1, 784, -1]], ids=str
)
def test_images_of_negative_size_are_refused(shape, path):
    def change(about, description, held):
        state_of(description)["image_shape_"] = {"tuple": shape}

    refused(changed(path, change))


@pytest.mark.parametrize(
    "shape", [[783], [784.0], [28, 28, 3], [14, 56], [28, -28], []], ids=str
)
def test_images_that_fit_cannot_have_seen_are_refused(shape, path):
    def change(about, description, held):
        state_of(description)["_seen_shape"] = {"tuple": shape}

    refused(changed(path, change))


@pytest.mark.parametrize(
    "shape",
    [[783], [784.0], [28, 28, 3], [28, -28], [-28, -28], [1, 1, 28, 28], ["a", "b"]],
    ids=str,
)
def test_images_that_a_scaler_cannot_have_seen_are_refused(shape, path):
    def change(about, description, held):
        description["steps"][0][1]["state"]["_seen_shape"] = {"tuple": shape}

    refused(changed(path, change))


# The history, of two epochs.


def history(**columns):
    """Replace columns, or drop them where None is given."""

    def change(about, description, held):
        pairs = state_of(description)["history_"]["dict"]
        now = dict(pairs) | columns
        pairs[:] = [[name, column] for name, column in now.items() if column]

    return change


def n_iter(number):
    def change(about, description, held):
        state_of(description)["n_iter_"] = number

    return change


def nothing_at_all(about, description, held):
    state_of(description)["history_"] = {"dict": []}


def no_name(about, description, held):
    state_of(description)["history_"]["dict"].append([1, [0.5, 0.5]])


HISTORIES = {
    "no loss": history(loss=None),
    "nothing": nothing_at_all,
    "a shorter column": history(accuracy=[0.5]),
    "a longer column": history(accuracy=[0.5, 0.5, 0.5]),
    "text": history(accuracy=["0.5", "0.5"]),
    "whole numbers": history(loss=[2, 1]),
    "truths": history(accuracy=[True, False]),
    "lists": history(loss=[[2.0], [1.0]]),
    "no name": no_name,
    "more epochs": n_iter(3),
    "no epochs": n_iter(0),
    "very many epochs": n_iter(10**30),
}


@pytest.mark.parametrize("change", HISTORIES.values(), ids=HISTORIES)
def test_a_history_that_no_fit_leaves_is_refused(change, path):
    refused(changed(path, change))


# What the network computes.


def built_with(name, value):
    """Set what the network was built with."""

    def change(about, description, held):
        network = network_of(description)
        pairs = network["config"]["dict"]
        pairs[:] = [pair for pair in pairs if pair[0] != name] + [[name, value]]

    return change


def scaled_by(value):
    """Set what the fitted estimator takes the network to scale pixels by."""

    def change(about, description, held):
        state_of(description)["_rescale"] = value

    return change


def all_by_nothing(about, description, held):
    for change in (built_with("rescale", 0), scaled_by(0)):
        change(about, description, held)


FACTORS = {
    "zero": 0,
    "zero, a float": 0.0,
    "negative": -1.0,
    "vast": 10**59,
    "vast, a float": 1e59,
    "no float": 10**400,
    "no number": float("nan"),
    "infinite": float("inf"),
}
SETTINGS = {
    **{f"built, {name}": built_with("rescale", f) for name, f in FACTORS.items()},
    **{f"fitted, {name}": scaled_by(f) for name, f in FACTORS.items()},
    "all by nothing": all_by_nothing,
    "float16": built_with("dtype_policy", "float16"),
    "mixed_float16": built_with("dtype_policy", "mixed_float16"),
    "float64": built_with("dtype_policy", "float64"),
}


@pytest.mark.parametrize("change", SETTINGS.values(), ids=SETTINGS)
def test_a_network_that_no_fit_builds_is_refused(change, path):
    refused(changed(path, change))


# Its weights.


def tables(value):
    """Every table of arrays in a description."""
    if isinstance(value, dict):
        if {"member", "arrays"} <= value.keys():
            yield value
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from tables(inner)


def first_float(description, held):
    """Return the member that holds the first weight, and where in it that is."""
    for table in tables(description):
        start = 0
        for dtype, shape in table["arrays"]:
            size = np.dtype(dtype).itemsize * int(np.prod(shape))
            if dtype == "<f4" and size:
                return table["member"], start
            start += size
    raise AssertionError("no weights")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf], ids=str)
@pytest.mark.parametrize("make", [make_mlp, make_cnn], ids=["mlp", "cnn"])
def test_weights_that_are_no_numbers_are_refused(make, value, train, tmp_path):
    clf = make_pipeline(PixelScaler(), make(epochs=1)).fit(255 * train[0], train[1])
    path = skfashion.save(clf, tmp_path / "model.skfashion")

    def change(about, description, held):
        member, start = first_float(description, held)
        number = np.array(value, "<f4").tobytes()
        held[member] = held[member][:start] + number + held[member][start + 4 :]

    refused(changed(path, change))


def test_a_million_empty_arrays_are_refused_at_once(path):
    def change(about, description, held):
        table = next(iter(tables(description)))
        table["arrays"] += [["<f4", [0]]] * 10**6

    changed(path, change)
    # Of the processor, which others may be using too; a slow one takes 5 seconds.
    began = time.process_time()
    refused(path)
    assert time.process_time() - began < 20
