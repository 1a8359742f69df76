"""A fit that saves each epoch, is stopped, and goes on as if it never had been."""

import json
import os
import pickle
import shutil
import signal
import zipfile

import numpy as np
import pytest
from sklearn.base import clone

import skfashion
from helpers.classifiers import make_cnn, make_mlp
from helpers.crashes import CrashError, crash_in, on_epoch
from skfashion._serialization.archive import read_archive, write_archive
from skfashion._utils import versions
from skfashion.exceptions import (
    CheckpointError,
    CheckpointWarning,
    ModelFileError,
    ParameterError,
    TrainingInterruptedWarning,
    WriteError,
)
from skfashion.neural_network import _checkpoint

PARAMS = {
    "dropout": {"dropout": 0.3},
    "stopping": {"early_stopping": True, "n_iter_no_change": 1, "learning_rate": 0.004},
    "sgd": {"optimizer": "sgd", "learning_rate": 0.05, "class_weight": "balanced"},
    "bfloat16": {"dtype_policy": "mixed_bfloat16", "alpha": 1e-3},
}


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def same(one, other, X):
    np.testing.assert_array_equal(one.predict_proba(X), other.predict_proba(X))
    assert one.history_ == other.history_
    assert one.n_iter_ == other.n_iter_


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "epochs"


@pytest.fixture(scope="module")
def few(train):
    """300 of the images: nine batches, and a smaller one."""
    return train[0][:300], train[1][:300]


@pytest.mark.parametrize("batches", [False, True], ids=["chunks", "keras"])
@pytest.mark.parametrize("params", PARAMS.values(), ids=PARAMS)
def test_a_fit_goes_on_to_the_same_bits(make, params, batches, few, folder):
    params = {"epochs": 6, **params}
    nothing = on_epoch(lambda epoch, logs=None: None, batches=batches)
    whole = make(**params, callbacks=[nothing]).fit(*few)
    trained = []
    for epoch in (1, 2):
        stopped = make(
            **params, callbacks=[crash_in(epoch, batches=batches)], checkpoint=folder
        )
        with pytest.raises(CrashError):
            stopped.fit(*few)
        assert not hasattr(stopped, "classes_")
    watch = on_epoch(lambda epoch, logs=None: trained.append(epoch), batches=batches)
    again = make(**params, callbacks=[watch], checkpoint=str(folder)).fit(*few)
    same(again, whole, few[0])
    assert trained == list(range(2, whole.n_iter_))
    assert files(folder) == [
        f"epoch-{epoch:06d}.checkpoint" for epoch in (whole.n_iter_ - 1, whole.n_iter_)
    ]
    # And once more, from its end.
    trained.clear()
    same(
        make(**params, callbacks=[watch], checkpoint=folder).fit(*few),
        whole,
        few[0],
    )
    assert trained == []


def test_early_stopping_did_stop(few):
    """Or the test above would not see it remember."""
    for make in (make_mlp, make_cnn):
        assert 2 < make(epochs=6, **PARAMS["stopping"]).fit(*few).n_iter_ < 6


def test_raw_bytes_weights_and_validation_data(make, sample, folder):
    X, y = sample[0][:600], sample[1][:600]
    more = {
        "sample_weight": np.linspace(1, 2, 600),
        "X_val": sample[0][600:700],
        "y_val": sample[1][600:700],
    }
    params = {"rescale": 1 / 255, "early_stopping": True}
    whole = make(**params).fit(X, y, **more)
    with pytest.raises(CrashError):
        make(**params, checkpoint=folder, callbacks=[crash_in(2)]).fit(X, y, **more)
    same(make(**params, checkpoint=folder).fit(X, y, **more), whole, X)


def test_without_a_seed_it_goes_on_with_the_seed_it_drew(make, train, folder):
    clf = make(random_state=None, dropout=0.3, checkpoint=folder, epochs=2)
    first = clf.fit(*train).predict_proba(train[0])
    os.remove(folder / files(folder)[-1])  # noqa: PTH107
    again = clone(clf).fit(*train).predict_proba(train[0])
    np.testing.assert_array_equal(first, again)


def test_a_warm_start_goes_on_too(make, train, folder, tmp_path):
    def warm():
        clf = make(dropout=0.3, warm_start=True, epochs=2).fit(*train)
        return clf.set_params(epochs=3)

    whole = warm().fit(*train)
    stopped = warm().set_params(checkpoint=folder, callbacks=[crash_in(4)])
    with pytest.raises(CrashError):
        stopped.fit(*train)
    assert stopped.n_iter_ == 2
    again = warm().set_params(checkpoint=folder).fit(*train)
    same(again, whole, train[0])
    with pytest.raises(CheckpointError, match="network to start from differs"):
        again.fit(*train)
    # Parts are the caller's to save.
    again.set_params(checkpoint=tmp_path / "parts").partial_fit(*train)
    assert not (tmp_path / "parts").exists()


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize("batches", [False, True], ids=["chunks", "keras"])
def test_ctrl_c_and_go_on(make, batches, train, folder):
    def press(epoch, logs=None):
        if epoch == 1:
            signal.raise_signal(signal.SIGINT)

    whole = make(epochs=4, callbacks=[on_epoch(print, batches=batches)]).fit(*train)
    clf = make(
        epochs=4, checkpoint=folder, callbacks=[on_epoch(press, batches=batches)]
    )
    with pytest.warns(TrainingInterruptedWarning, match="after 2 of 4 epochs"):
        clf.fit(*train)
    same(clf.set_params(callbacks=whole.callbacks).fit(*train), whole, train[0])


# What is refused


def other_images(clf, X, y):
    return clf.fit(X[::-1], y[::-1])


def other_labels(clf, X, y):
    return clf.fit(X, np.array(list("abcdefghij"))[y])


def other_weights(clf, X, y):
    return clf.fit(X, y, sample_weight=np.arange(len(y)) + 1)


def other_validation(clf, X, y):
    return clf.fit(X, y, X_val=X[:50], y_val=y[:50])


def other_epochs(clf, X, y):
    return clf.set_params(epochs=7).fit(X, y)


def other_seed(clf, X, y):
    return clf.set_params(random_state=5).fit(X, y)


REFUSED = {
    other_images: r"\(X differs; y differs\)|fit: X differs; y differs\.",
    other_labels: r"labels is \[0, 1.*\] there, \['a', 'b'.*\] here",
    other_weights: r"fit: sample_weight differs\.",
    other_validation: r"fit: X_val or y_val differs\.",
    other_epochs: r"fit: epochs is 2 there, 7 here\.",
    other_seed: r"fit: seed of random_state is 0 there, 5 here\.",
}


@pytest.mark.parametrize("change", REFUSED, ids=lambda change: change.__name__)
def test_another_fit_is_refused(change, make, train, folder):
    make(epochs=2, checkpoint=folder).fit(*train)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    clf = make(epochs=2).fit(*train)
    state = dict(vars(clf))
    clf.set_params(checkpoint=folder)
    with pytest.raises(CheckpointError, match=REFUSED[change]) as caught:
        change(clf, *train)
    assert str(caught.value).startswith(f"checkpoint={str(folder)!r} holds the ")
    assert vars(clf).keys() == state.keys()
    assert clf.history_ == state["history_"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_same_rows_in_another_shape_are_refused(sample, folder):
    X, y = sample[0][:64, :240], sample[1][:64]
    make_cnn(epochs=1, rescale=1 / 255, checkpoint=folder).fit(X.reshape(64, 12, 20), y)
    message = r"image_shape is \(12, 20, 1\) there, \(20, 12, 1\) here"
    clf = make_cnn(epochs=1, rescale=1 / 255, checkpoint=folder)
    with pytest.raises(CheckpointError, match=message):
        clf.fit(X.reshape(64, 20, 12), y)


def test_keras_s_optimizers_are_known_again(train, folder):
    import keras

    def fit(rate, schedule=None):
        optimizer = keras.optimizers.Adam(rate)
        clf = make_mlp(epochs=2, optimizer=optimizer, learning_rate=schedule)
        return clf.set_params(checkpoint=folder).fit(*train)

    # Keras has named the second otherwise.
    same(fit(0.01), fit(0.01), train[0])
    with pytest.raises(
        CheckpointError,
        match=r"optimizer\.learning_rate is 0\.0\d+ there, 0\.0\d+ h",
    ):
        fit(0.02)
    decay = keras.optimizers.schedules.ExponentialDecay(0.01, 10, 0.9)
    with pytest.raises(
        CheckpointError, match=r"learning_rate is None there, 'ExponentialDecay' here"
    ):
        fit(0.01, decay)


def test_no_name_of_a_folder_is_told(train):
    with pytest.raises(ParameterError, match=r"checkpoint='' must name a folder"):
        make_mlp(checkpoint="").fit(*train)


def test_an_epoch_is_not_loaded_as_a_model(train, folder):
    make_mlp(epochs=1, checkpoint=folder).fit(*train)
    with pytest.raises(ModelFileError, match="is an epoch of a fit, not a model"):
        skfashion.load(folder / files(folder)[-1])


def test_what_another_fit_is_writing_is_left_alone(train, folder):
    make_mlp(epochs=1, checkpoint=folder).fit(*train)
    part = folder / ".epoch-000002.checkpoint.abcd.part"
    part.touch()
    with pytest.raises(CheckpointError):
        make_mlp(epochs=2, checkpoint=folder).fit(*train)
    assert part.exists()
    make_mlp(epochs=1, checkpoint=folder).fit(*train)
    assert not part.exists()


def test_other_threads_are_told_of(train, folder, monkeypatch):
    with pytest.raises(CrashError):
        make_mlp(epochs=3, checkpoint=folder, callbacks=[crash_in(2)]).fit(*train)
    threads = _checkpoint.count_threads()
    monkeypatch.setattr(_checkpoint, "count_threads", lambda: threads + 5)
    with pytest.warns(
        CheckpointWarning, match=rf"threads: {threads}, and goes on with {threads + 5}:"
    ):
        make_mlp(epochs=3, checkpoint=folder).fit(*train)


def test_going_on_where_nothing_can_be_written_is_told_first(
    train, folder, monkeypatch
):
    with pytest.raises(CrashError):
        make_mlp(epochs=3, checkpoint=folder, callbacks=[crash_in(2)]).fit(*train)

    def full(*args):
        raise WriteError("Cannot write: No space left on device.")

    monkeypatch.setattr(_checkpoint, "write_archive", full)
    with pytest.raises(WriteError):
        make_mlp(epochs=3, checkpoint=folder).fit(*train)


def test_another_kind_is_refused(train, folder):
    make_mlp(epochs=1, checkpoint=folder).fit(*train)
    message = "class is 'FashionMLPClassifier' there, 'FashionCNNClassifier' here"
    with pytest.raises(CheckpointError, match=message):
        make_cnn(epochs=1, checkpoint=folder).fit(*train)


def test_other_versions_are_refused(train, folder, monkeypatch):
    clf = make_mlp(epochs=1, checkpoint=folder).fit(*train)
    version = versions._version
    monkeypatch.setattr(
        versions,
        "_version",
        lambda name: "4.0" if name == "keras" else version(name),
    )
    message = rf"fit: keras is '{version('keras')}' there, '4\.0' here\. "
    with pytest.raises(CheckpointError, match=message):
        clf.fit(*train)


def test_what_does_not_decide_the_bits_may_differ(make, train, folder, capsys):
    first = make(epochs=2, checkpoint=folder).fit(*train)
    os.remove(folder / files(folder)[-1])  # noqa: PTH107
    moved = folder.rename(folder.with_name("elsewhere"))
    again = make(epochs=2, checkpoint=moved, verbose=1, callbacks=[on_epoch(print)])
    same(again.fit(*train), first, train[0])
    assert "Epoch 2/2" in capsys.readouterr().out


def test_a_parameter_that_cannot_be_told_apart_is_refused(train, folder):
    class Halves:
        def get_config(self):
            return {}

        def __call__(self, step):
            return 0.01

    clf = make_mlp(learning_rate=Halves(), checkpoint=folder)
    with pytest.raises((ParameterError, TypeError), match="learning_rate"):
        clf.fit(*train)


# What is damaged, full or gone


def test_a_damaged_epoch_gives_way_to_the_one_before(make, train, folder):
    whole = make(checkpoint=folder).fit(*train)
    last = folder / files(folder)[-1]
    content = bytearray(last.read_bytes())
    content[len(content) // 2] ^= 1
    last.write_bytes(content)
    trained = []
    watch = on_epoch(lambda epoch, logs=None: trained.append(epoch))
    same(make(checkpoint=folder, callbacks=[watch]).fit(*train), whole, train[0])
    assert trained == [2]


def test_nothing_but_damage_is_told(train, folder):
    clf = make_mlp(checkpoint=folder, epochs=1).fit(*train)
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(CheckpointError, match="holds no epoch that can be read: empty"):
        clf.fit(*train)
    assert clf.n_iter_ == 1


def test_weights_of_another_network_are_told(train, folder):
    clf = make_mlp(checkpoint=folder, epochs=1).fit(*train)
    path = folder / files(folder)[-1]
    manifest, members = read_archive(path)
    told = json.loads(members["progress.json"])
    told["arrays"]["variables"]["arrays"][0][1].reverse()
    members["progress.json"] = json.dumps(told).encode()
    about = {name: manifest[name] for name in ("fingerprint", "threads")}
    write_archive(path, about, members)
    with pytest.raises(CheckpointError, match="weights of another network: empty it"):
        clf.fit(*train)


def test_a_callback_may_log_in_some_epochs_only(train, folder):
    import keras

    def log(epoch, logs):
        if epoch == 1:
            logs["odd"] = 1.0

    odd = keras.callbacks.LambdaCallback(on_epoch_end=log)
    clf = make_mlp(checkpoint=folder, callbacks=[odd]).fit(*train)
    assert clf.history_["odd"] == [1.0]
    assert clf.fit(*train).history_["odd"] == [1.0]


def test_a_folder_that_cannot_be_made_is_told_before_training(make, train, tmp_path):
    (tmp_path / "file").touch()
    clf = make(epochs=1).fit(*train)
    before = clf.predict_proba(train[0])
    clf.set_params(checkpoint=tmp_path / "file", callbacks=[crash_in(0)])
    with pytest.raises(WriteError, match="a file where a folder should be"):
        clf.fit(*train)
    np.testing.assert_array_equal(clf.predict_proba(train[0]), before)


@pytest.mark.parametrize("code", [28, 13], ids=["full", "unwritable"])
def test_training_outlives_a_disk(code, make, train, folder, monkeypatch):
    whole = make(epochs=4).fit(*train)
    sync = os.fsync

    def act(epoch, logs=None):
        def fail(descriptor):
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr(os, "fsync", fail if epoch in (1, 2) else sync)

    clf = make(epochs=4, checkpoint=folder, callbacks=[on_epoch(act)])
    message = rf"^Cannot write .*epoch-000002.*: {os.strerror(code)}\. Training goes on"
    with pytest.warns(CheckpointWarning, match=message) as seen:
        clf.fit(*train)
    assert len(seen) == 1
    same(clf, whole, train[0])
    # Where there is room again, it saves again; and what is half there is removed.
    assert files(folder) == ["epoch-000001.checkpoint", "epoch-000004.checkpoint"]


def test_training_outlives_its_folder(make, train, folder):
    def act(epoch, logs=None):
        if epoch == 1:
            shutil.rmtree(folder)

    whole = make(epochs=4).fit(*train)
    clf = make(epochs=4, checkpoint=folder, callbacks=[on_epoch(act)])
    with pytest.warns(CheckpointWarning, match="epochs: the folder has gone") as seen:
        clf.fit(*train)
    assert len(seen) == 1
    same(clf, whole, train[0])
    assert not folder.exists()


# What it is beside that


def test_there_is_no_pickle_in_it_and_no_image(train, folder):
    make_mlp(early_stopping=True, checkpoint=folder, epochs=1).fit(*train)
    clf_bytes = 4 * (784 * 32 + 32 + 32 * 10 + 10)
    for path in folder.iterdir():
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            told = json.loads(archive.read("manifest.json"))
        assert all(name.endswith((".json", ".bin")) for name in names)
        assert set(told["fingerprint"]) == {"versions", "parameters", "data"}
        # The network, what Adam holds of it twice, and the best epoch.
        assert path.stat().st_size < 4.2 * clf_bytes


def test_it_is_a_parameter_like_the_others(make, train, folder):
    clf = make(epochs=1, checkpoint=folder)
    assert clone(clf).checkpoint == folder
    clf.fit(*train)
    assert pickle.loads(pickle.dumps(clf)).checkpoint == folder
    saved = skfashion.save(clf, folder / "model.skfashion")
    assert skfashion.load(saved).checkpoint is None
    with pytest.raises(ValueError, match=r"'checkpoint'.*Got 3"):
        make(checkpoint=3).fit(*train)


def test_every_file_is_whole(make, train, folder):
    (folder).mkdir()
    left = folder / ".epoch-000001.checkpoint.0123abcd.part"
    left.write_bytes(b"half")
    make(checkpoint=folder).fit(*train)
    assert len(files(folder)) == 2
    for path in folder.iterdir():
        read_archive(path)
