"""Files that ``save`` writes, and files that it does not."""

import io
import os
import pickle
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils.validation import check_is_fitted

import skfashion
from helpers.classifiers import make_mlp
from helpers.saved_files import changed, members, same
from skfashion import PixelScaler
from skfashion.exceptions import (
    ModelFileError,
    OtherVersionWarning,
    ParameterError,
    WriteError,
)

SAVED = Path(__file__).parent / "saved"


@pytest.fixture(scope="module")
def pipeline(sample):
    return make_pipeline(PixelScaler(), make_mlp()).fit(*sample)


@pytest.fixture
def path(pipeline, tmp_path):
    return skfashion.save(pipeline, tmp_path / "model.skfashion")


def test_a_pipeline_comes_back_with_all_it_knows(pipeline, path, sample):
    again = skfashion.load(path)
    same(again, pipeline, sample[0])
    assert [name for name, _ in again.steps] == [name for name, _ in pipeline.steps]
    for one, other in zip(again, pipeline, strict=True):
        assert one.get_params() == other.get_params()
    clf, before = again[-1], pipeline[-1]
    assert clf.history_ == before.history_
    assert clf.n_iter_ == before.n_iter_
    assert clf.loss_curve_ == before.loss_curve_
    assert clf.image_shape_ == before.image_shape_ == (28, 28, 1)
    assert clf.classes_.dtype == before.classes_.dtype
    np.testing.assert_array_equal(clf.coefs_[0], before.coefs_[0])
    assert again[0].dtype_ == np.uint8


@pytest.mark.parametrize(
    "params",
    [
        {"dropout": 0.3, "alpha": 1e-3, "activation": "tanh"},
        {"rescale": 1 / 255, "dtype_policy": "mixed_bfloat16"},
        {"early_stopping": True, "class_weight": {0: 2.0, 1: np.float64(0.5)}},
        {"optimizer": "sgd", "learning_rate": 0.05, "image_shape": [28, 28]},
        {"class_weight": "balanced", "random_state": np.random.RandomState(3)},
    ],
    ids=lambda params: ",".join(params),
)
def test_parameters_come_back(make, params, sample, tmp_path):
    X, y = sample[0][:300], sample[1][:300]
    X = X if "rescale" in params else PixelScaler().fit_transform(X)
    clf = make(epochs=1, **params).fit(X, y)
    again = skfashion.load(skfashion.save(clf, tmp_path / "clf"))
    same(again, clf, X)
    expected = clf.get_params()
    if isinstance(expected["random_state"], np.random.RandomState):
        expected["random_state"] = None
    assert again.get_params() == expected
    for key, value in expected.items():
        assert type(again.get_params()[key]) in (type(value), list, dict)


def test_training_goes_on_as_if_never_saved(make, train, tmp_path):
    whole, first = make(dropout=0.2), make(dropout=0.2)
    for clf in (whole, first):
        clf.partial_fit(*train, classes=range(10))
    again = skfashion.load(skfashion.save(first, tmp_path / "clf"))
    for clf in (whole, again):
        clf.partial_fit(*train)
    same(whole, again, train[0])
    assert whole.history_ == again.history_


@pytest.mark.parametrize("again_by", ["file", "pickle"])
def test_warm_start_that_was_set_later_goes_on_too(again_by, make, train, tmp_path):
    clf = make(epochs=1).fit(*train).set_params(warm_start=True)
    if again_by == "file":
        again = skfashion.load(skfashion.save(clf, tmp_path / "clf"))
    else:
        again = pickle.loads(pickle.dumps(clf))
    same(clf.fit(*train), again.fit(*train), train[0])
    assert clf.n_epochs_ == again.n_epochs_ == 2
    assert clf.n_iter_ == again.n_iter_ == 1


def test_keras_optimizers_and_schedules_come_back(train, tmp_path):
    import keras

    schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 10, 0.9)
    clf = make_mlp(
        optimizer=keras.optimizers.AdamW(weight_decay=0.01), learning_rate=schedule
    ).fit(*train)
    again = skfashion.load(skfashion.save(clf, tmp_path / "clf"))
    assert type(again.optimizer) is keras.optimizers.AdamW
    assert again.optimizer.get_config() == clf.optimizer.get_config()
    assert again.learning_rate.get_config() == schedule.get_config()
    same(again.fit(*train), clf, train[0])


@pytest.mark.parametrize(
    "labels",
    [
        np.array(["boot", "coat", "ärmel"]),
        np.array(["boot", "coat", "x"], dtype=object),
        np.array([False, True]),
        np.array([-1.0, 7.0]),
        np.array([3, 200], dtype=np.uint8),
    ],
    ids=lambda labels: str(labels.dtype),
)
def test_labels_come_back_as_they_were(labels, train, tmp_path):
    y = labels[train[1] % len(labels)]
    clf = make_mlp(epochs=1).fit(train[0], y)
    again = skfashion.load(skfashion.save(clf, tmp_path / "clf"))
    assert again.classes_.dtype == clf.classes_.dtype
    np.testing.assert_array_equal(again.predict(train[0]), clf.predict(train[0]))
    np.testing.assert_array_equal(again.classes_, clf.classes_)


def test_names_of_columns_come_back(tmp_path):
    X, y = skfashion.load_fashion_sample(return_X_y=True, as_frame=True)
    pipeline = Pipeline([("scale", PixelScaler()), ("clf", make_mlp(epochs=1))])
    pipeline.fit(X, y)
    again = skfashion.load(skfashion.save(pipeline, tmp_path / "p"))
    np.testing.assert_array_equal(again.feature_names_in_, X.columns)
    with pytest.raises(ValueError, match="feature names"):
        again.predict(X.rename(columns={"pixel_0_0": "first"}))
    assert isinstance(X, pd.DataFrame)


def test_what_is_not_fitted_comes_back_so(make, tmp_path):
    import keras

    clf = make(callbacks=[keras.callbacks.History()], verbose=0)
    again = skfashion.load(skfashion.save(clf, tmp_path / "clf"))
    assert not hasattr(again, "classes_")
    with pytest.raises(ValueError, match="not fitted"):
        check_is_fitted(again)
    assert again.get_params() == {**clf.get_params(), "callbacks": None}


def test_parameters_set_after_fit_do_not_change_the_network(train, tmp_path):
    clf = make_mlp().fit(*train).set_params(hidden_layer_sizes=(7, 7), alpha=1.0)
    again = skfashion.load(skfashion.save(clf, tmp_path / "clf"))
    same(again, clf, train[0])
    assert again.hidden_layer_sizes == (7, 7)


def test_there_is_no_pickle_in_it(pipeline, path, sample, monkeypatch):
    for name, content in members(path).items():
        assert name.endswith((".json", ".bin"))
        with pytest.raises(Exception):  # noqa: B017, PT011
            pickle.loads(content)

    def refuse(*args, **kwargs):
        raise AssertionError("unpickled")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    same(skfashion.load(path), pipeline, sample[0])


def test_the_same_estimator_is_the_same_file(pipeline, path, tmp_path):
    other = skfashion.save(pipeline, tmp_path / "other")
    assert other.read_bytes() == path.read_bytes()
    again = skfashion.save(skfashion.load(path), tmp_path / "again")
    assert again.read_bytes() == path.read_bytes()


def test_another_process_predicts_the_same(pipeline, path, sample, tmp_path):
    out = tmp_path / "out.npy"
    code = (
        "import numpy as np, skfashion\n"
        f"model = skfashion.load({str(path)!r})\n"
        "X = skfashion.load_fashion_sample().data\n"
        f"np.save({str(out)!r}, model.predict_proba(X))"
    )
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    assert run.stderr == b""
    np.testing.assert_array_equal(np.load(out), pipeline.predict_proba(sample[0]))


@pytest.mark.parametrize(
    "file", sorted(SAVED.glob("*.skfashion")), ids=lambda f: f.stem
)
def test_files_of_every_format_are_read(file):
    expected = np.load(file.with_suffix(".npy"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", OtherVersionWarning)
        model = skfashion.load(file)
    X, _ = skfashion.load_fashion_sample(subset="test", return_X_y=True)
    np.testing.assert_allclose(model.predict_proba(X), expected, atol=1e-6)
    assert model[-1].n_epochs_ == model[-1].n_iter_ > 0


def test_there_is_a_file_of_every_format():
    assert {file.stem for file in SAVED.glob("*.skfashion")} == {"format-2"}


def test_other_versions_are_told(path, monkeypatch):
    def older(about, description, held):
        about["versions"]["keras"] = "3.0.0"

    import keras

    with pytest.warns(
        OtherVersionWarning, match=f"keras 3.0.0 then, {keras.version()}"
    ):
        skfashion.load(changed(path, older))


def test_a_network_changed_by_hand_is_not_saved(train, tmp_path):
    import keras

    clf = make_mlp().fit(*train)
    clf.model_.layers[-1].activation = keras.activations.sigmoid
    with pytest.raises(ParameterError, match="changed by hand"):
        skfashion.save(clf, tmp_path / "clf")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "estimator",
    [
        RidgeClassifier(),
        make_pipeline(PixelScaler(), RidgeClassifier()),
        Pipeline([("scale", "passthrough"), ("clf", make_mlp())]),
        Pipeline([("clf", make_mlp())], transform_input=["X_val", 1]),
        "text",
        make_mlp(hidden_layer_sizes={1, 2}),
    ],
    ids=["ridge", "pipeline", "passthrough", "transform_input", "text", "set"],
)
def test_what_cannot_be_saved_is_told(estimator, tmp_path):
    with pytest.raises(ParameterError, match="cannot be saved; it must be") as caught:
        skfashion.save(estimator, tmp_path / "clf")
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_other_estimators_are_sent_to_joblib(tmp_path):
    with pytest.raises(ParameterError, match=r"PixelScaler, or .* joblib\.dump writes"):
        skfashion.save(RidgeClassifier(), tmp_path / "clf")


# Files that are written whole or not at all


def test_a_failure_leaves_the_old_file(pipeline, path, monkeypatch, tmp_path):
    old = path.read_bytes()

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(
        WriteError, match=r"^Cannot write .*: No space left on device\.$"
    ):
        skfashion.save(make_mlp(), path)
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_told(pipeline, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(WriteError, match="a file where a folder should be"):
        skfashion.save(pipeline, tmp_path / "file" / "model")
    with pytest.raises(WriteError, match=r"^Cannot write"):
        skfashion.save(pipeline, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


# Files that nobody saved


def unknown_class(about, description, held):
    description["class"] = "RidgeClassifier"


def hidden_class(about, description, held):
    description["steps"][0][1]["class"] = "os.system"


def unknown_parameter(about, description, held):
    description["steps"][1][1]["params"]["nothing"] = 1


def bad_parameter(about, description, held):
    description["steps"][1][1]["params"]["epochs"] = "many"


def unknown_state(about, description, held):
    description["steps"][1][1]["state"]["_predictor"] = 1


def missing_state(about, description, held):
    del description["steps"][1][1]["state"]["history_"]


def no_network(about, description, held):
    del description["steps"][1][1]["network"]
    held.clear()


def unused_member(about, description, held):
    held["weights/9_more.bin"] = b"1234"


def missing_member(about, description, held):
    held.clear()


def short_weights(about, description, held):
    name = next(name for name in held if held[name])
    held[name] = held[name][:-4]


def large_network(about, description, held):
    network = description["steps"][1][1]["network"]
    for pair in network["config"]["dict"]:
        if pair[0] == "hidden_layer_sizes":
            pair[1] = {"tuple": [10**12]}


def large_array(about, description, held):
    table = description["steps"][1][1]["network"]["values"]["weights"]
    table["arrays"][0][1] = [10**9, 10**9]


def objects(about, description, held):
    table = description["steps"][1][1]["network"]["values"]["weights"]
    table["arrays"][0][0] = "|O"


def code(about, description, held):
    network = description["steps"][1][1]["network"]
    network["optimizer"] = as_encoded(
        {
            "module": "keras.layers",
            "class_name": "Lambda",
            "config": {"function": "print"},
        }
    )


def hidden_layer(about, description, held):
    # Keras would make an object of this, of any class that it knows.
    inside = {"class_name": "Dense", "config": {"units": 3}, "module": "keras.layers"}
    maps = {"default_policy": "float32", "policy_map": {"a": inside}}
    policy = {"class_name": "DTypePolicyMap", "config": maps}
    network = description["steps"][1][1]["network"]
    for pair in network["config"]["dict"]:
        if pair[0] == "dtype_policy":
            pair[1] = as_encoded(policy)


def as_encoded(value):
    if isinstance(value, dict):
        return {"dict": [[key, as_encoded(inner)] for key, inner in value.items()]}
    return value


def item_of(encoded, name):
    (item,) = (item for item in encoded["dict"] if item[0] == name)
    return item


def no_optimizer_at_all(about, description, held):
    network = description["steps"][1][1]["network"]
    item_of(network["optimizer"], "class_name")[1] = "Optimizer"


def wide_text(about, description, held):
    # Of 4 kB an item.
    array = {"array": [""] * 2**12, "dtype": "<U1024", "shape": [2**12]}
    description["steps"][1][1]["params"]["hidden_layer_sizes"] = [array] * 5


def truth_for_a_number(about, description, held):
    description["steps"][1][1]["state"]["n_iter_"] = True


def negative_seed(about, description, held):
    description["steps"][1][1]["state"]["_seed"] = -1


def foreign_code(about, description, held):
    network = description["steps"][1][1]["network"]
    settings = item_of(network["optimizer"], "config")[1]
    item_of(settings, "learning_rate")[1] = as_encoded(
        {"module": "os", "class_name": "system", "config": {"command": "true"}}
    )


def deep(about, description, held):
    value = []
    for _ in range(40):
        value = [value]
    description["steps"][1][1]["params"]["hidden_layer_sizes"] = value


def called_back(about, description, held):
    description["steps"][1][1]["params"]["callbacks"] = [1]


def writes_elsewhere(about, description, held):
    description["steps"][1][1]["params"]["checkpoint"] = "elsewhere"


def other_labels(about, description, held):
    state = description["steps"][1][1]["state"]
    state["classes_"]["array"].pop()
    state["classes_"]["shape"] = [9]


def later_format(about, description, held):
    about["format"] = 3


def no_versions(about, description, held):
    del about["versions"]


CHANGES = (
    unknown_class,
    hidden_class,
    unknown_parameter,
    bad_parameter,
    unknown_state,
    missing_state,
    no_network,
    unused_member,
    missing_member,
    short_weights,
    large_network,
    large_array,
    objects,
    code,
    foreign_code,
    hidden_layer,
    no_optimizer_at_all,
    wide_text,
    truth_for_a_number,
    negative_seed,
    deep,
    called_back,
    writes_elsewhere,
    other_labels,
    later_format,
    no_versions,
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_made_up_description_is_refused(change, path):
    with pytest.raises(ModelFileError, match=r"^\S*model\.skfashion ") as caught:
        skfashion.load(changed(path, change))
    assert len(str(caught.value)) < 600


def rewritten(path, write):
    """Replace a file by a zip of other members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        write(archive, members(path))
    path.write_bytes(stream.getvalue())
    return path


def put_all(archive, held, **kwargs):
    for name, content in held.items():
        archive.writestr(name, content, **kwargs)


def absolute(archive, held):
    put_all(archive, {**held, "/etc/motd.json": b"{}"})


def climbing(archive, held):
    put_all(archive, {**held, "../up.json": b"{}"})


def compressed(archive, held):
    put_all(archive, held, compress_type=zipfile.ZIP_DEFLATED)


def bomb(archive, held):
    held = {**held, "estimator.json": b" " * 10**7}
    put_all(archive, held, compress_type=zipfile.ZIP_DEFLATED)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def twice(archive, held):
    put_all(archive, held)
    archive.writestr("estimator.json", b"{}")


def many(archive, held):
    put_all(archive, held | {f"a{number}.bin": b"" for number in range(1100)})


def overlapping(archive, held):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as inside:
        inside.writestr("b.bin", bytes(10**5))
    inner = inside.infolist()[0]
    put_all(archive, held)
    inner.header_offset = archive.fp.tell() + 30 + len("a.bin")
    archive.writestr("a.bin", stream.getvalue())
    archive.filelist.append(inner)


def without_manifest(archive, held):
    put_all(archive, {name: held[name] for name in held if "manifest" not in name})


def another_content(archive, held):
    put_all(archive, {**held, "estimator.json": held["estimator.json"] + b" "})


@pytest.mark.parametrize(
    "write",
    [
        absolute,
        climbing,
        compressed,
        bomb,
        many,
        overlapping,
        without_manifest,
        another_content,
    ],
    ids=lambda write: write.__name__,
)
def test_another_zip_is_refused(write, path):
    with pytest.raises(ModelFileError, match=r"is not a file that skfashion wrote"):
        skfashion.load(rewritten(path, write))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused(path):
    with pytest.raises(ModelFileError, match="one of them twice"):
        skfashion.load(rewritten(path, twice))


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"hello", b"\x80\x04K\x01.", bytes(1000)], ids=repr
)
def test_no_zip_is_refused(content, tmp_path):
    path = tmp_path / "model"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"is not a file that skfashion wrote"):
        skfashion.load(path)


@pytest.mark.parametrize("around", [(b"x", b""), (b"", b"x")], ids=["before", "after"])
def test_bytes_around_it_are_refused(around, path):
    path.write_bytes(around[0] + path.read_bytes() + around[1])
    with pytest.raises(ModelFileError, match="bytes before or after the archive"):
        skfashion.load(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_what_has_no_end_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ModelFileError, match="is a device or a pipe, not a file"):
        skfashion.load(tmp_path / "pipe")
    with pytest.raises(ModelFileError, match="cannot be the name of a file"):
        skfashion.load("model\0")


def test_a_file_that_is_not_there_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        skfashion.load(tmp_path / "missing")


# Pickles


def test_a_pickle_holds_weights_and_little_else(sample):
    X = PixelScaler().fit_transform(sample[0][:300])
    clf = make_mlp(hidden_layer_sizes=(300, 100), epochs=1).fit(X, sample[1][:300])
    n_bytes = 4 * clf.model_.count_params()
    assert n_bytes < len(pickle.dumps(clf)) < 1.02 * n_bytes
    # Adam keeps two numbers for each weight, to train on from where it stands.
    clf.partial_fit(X, sample[1][:300])
    assert 3 * n_bytes < len(pickle.dumps(clf)) < 3.02 * n_bytes


def test_callbacks_stay_out_of_a_fitted_pickle(train):
    import keras

    class Holds(keras.callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.data = train[0]

        def __reduce__(self):
            raise AssertionError("pickled")

    clf = make_mlp(epochs=1, callbacks=[Holds()]).fit(*train)
    again = pickle.loads(pickle.dumps(clf))
    assert again.callbacks is None
    same(again, clf, train[0])
    # The estimator itself keeps them for another fit.
    assert isinstance(clf.callbacks[0], Holds)
