"""Names of classes that a file keeps beside the labels."""

import copy
import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline

import skfashion
from helpers.classifiers import make_mlp
from helpers.saved_files import changed, refused
from skfashion import CLASS_NAMES, PixelScaler
from skfashion.exceptions import ParameterError

ODD = ["$a$", "b, c", "[d]", "\x1b", "\udcff", "e\x00", "", "f\ng", "\u202e", " "]


@pytest.fixture(scope="module")
def pipeline(train):
    return make_pipeline(PixelScaler(), make_mlp(epochs=1)).fit(*train)


@pytest.fixture
def path(pipeline, tmp_path):
    file = tmp_path / "model.skfashion"
    return skfashion.save(pipeline, file, class_names=CLASS_NAMES)


@pytest.mark.parametrize(
    "names", [CLASS_NAMES, list(CLASS_NAMES), np.array(CLASS_NAMES), ODD]
)
def test_names_come_back(names, pipeline, tmp_path):
    path = skfashion.save(pipeline, tmp_path / "model", class_names=names)
    again = skfashion.load(path)
    assert again[-1].class_names_ == list(names)
    assert {type(name) for name in again[-1].class_names_} == {str}
    # The one that was saved is as it was.
    assert not hasattr(pipeline[-1], "class_names_")
    # They go along from now on.
    for copied in (
        skfashion.load(skfashion.save(again, tmp_path / "again")),
        pickle.loads(pickle.dumps(again)),
        copy.deepcopy(again),
    ):
        assert copied[-1].class_names_ == list(names)


def test_without_names_there_are_none(pipeline, tmp_path):
    again = skfashion.load(skfashion.save(pipeline, tmp_path / "model"))
    assert not hasattr(again[-1], "class_names_")


def test_a_classifier_alone_has_names(pipeline, tmp_path):
    path = skfashion.save(pipeline[-1], tmp_path / "model", class_names=CLASS_NAMES)
    assert skfashion.load(path).class_names_ == list(CLASS_NAMES)


def test_another_fit_forgets_names(path, train):
    clf = skfashion.load(path)[-1]
    assert not hasattr(clone(clf), "class_names_")
    clf.partial_fit(*train)
    assert clf.class_names_ == list(CLASS_NAMES)
    clf.fit(train[0], train[1] + 5)
    assert not hasattr(clf, "class_names_")


@pytest.mark.parametrize(
    "names",
    [
        CLASS_NAMES[:9],
        [*CLASS_NAMES, "Hat"],
        [*CLASS_NAMES[:9], "Coat"],
        [*CLASS_NAMES[:9], 9],
        "0123456789",
        range(10),
        7,
    ],
    ids=["few", "many", "twice", "number", "text", "range", "int"],
)
def test_names_that_cannot_be_are_refused(names, pipeline, tmp_path):
    with pytest.raises(ParameterError, match="must be 10 different texts"):
        skfashion.save(pipeline, tmp_path / "model", class_names=names)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("make", [PixelScaler, make_mlp])
def test_what_has_no_classes_has_no_names(make, tmp_path):
    estimator = make()
    with pytest.raises(ParameterError, match=r"class_names=.* needs a fitted"):
        skfashion.save(estimator, tmp_path / "model", class_names=CLASS_NAMES)


@pytest.mark.parametrize(
    "names",
    [list(CLASS_NAMES[:9]), [*CLASS_NAMES[:9], 1], [*CLASS_NAMES[:9], "Coat"], "text"],
)
def test_names_that_a_file_made_up_are_refused(names, path):
    def change(about, description, held):
        description["steps"][1][1]["state"]["class_names_"] = names

    refused(changed(path, change))


def test_a_scaler_has_no_names_in_a_file(path):
    def change(about, description, held):
        description["steps"][0][1]["state"]["class_names_"] = list(CLASS_NAMES)

    refused(changed(path, change))
