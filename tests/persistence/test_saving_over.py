"""A good file is never replaced by one that cannot be read."""

import copy
import json
import pickle
import zipfile

import pytest

import skfashion
from helpers.classifiers import make_mlp
from helpers.saved_files import same
from skfashion.exceptions import SkfashionError


@pytest.fixture
def fitted(make, train):
    return make(epochs=1, dropout=0.2).fit(*train)


def loaded(fitted, path):
    return skfashion.load(skfashion.save(fitted, path))


def unpickled(fitted, path):
    return pickle.loads(pickle.dumps(fitted))


def from_keras(fitted, path):
    return skfashion.from_keras(fitted.model_, classes=fitted.classes_)


def in_file(clf, path):
    return skfashion.load(skfashion.save(clf, path))


def in_pickle(clf, path):
    return pickle.loads(pickle.dumps(clf))


def in_deepcopy(clf, path):
    return copy.deepcopy(clf)


@pytest.mark.parametrize("copied", [in_file, in_pickle, in_deepcopy])
@pytest.mark.parametrize("made", [loaded, unpickled, from_keras])
def test_warm_start_may_be_set_on_what_was_never_trained_here(
    made, copied, fitted, train, tmp_path
):
    path = tmp_path / "model"
    clf = made(fitted, path).set_params(warm_start=True, epochs=1)
    again = copied(clf, path)
    assert again.warm_start
    same(again, fitted, train[0])
    same(again.fit(*train), clf.fit(*train), train[0])


def wrong_description(monkeypatch):
    """Have JSON be written that tells of no model."""
    dumps = json.dumps

    def misspelt(*args, **kwargs):
        return dumps(*args, **kwargs).replace("classes_", "klasses_")

    monkeypatch.setattr(json, "dumps", misspelt)


def wrong_weights(monkeypatch):
    """Flip a bit of each member of weights on its way into the file."""
    writestr = zipfile.ZipFile.writestr

    def flipped(archive, info, content, *args, **kwargs):
        name = getattr(info, "filename", info)
        if name.endswith(".bin") and content:
            content = bytes([content[0] ^ 1]) + content[1:]
        return writestr(archive, info, content, *args, **kwargs)

    monkeypatch.setattr(zipfile.ZipFile, "writestr", flipped)


@pytest.mark.parametrize("spoil", [wrong_description, wrong_weights])
@pytest.mark.parametrize("there", [True, False], ids=["over a file", "anew"])
def test_what_cannot_be_read_back_is_not_put_in_place(
    spoil, there, train, tmp_path, monkeypatch
):
    path = tmp_path / "model"
    clf = make_mlp(epochs=1).fit(*train)
    before = skfashion.save(clf, path).read_bytes() if there else None
    with monkeypatch.context() as patched:
        spoil(patched)
        with pytest.raises(SkfashionError):
            skfashion.save(clf, path)
    assert list(tmp_path.iterdir()) == ([path] if there else [])
    if there:
        assert path.read_bytes() == before
