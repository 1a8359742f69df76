"""What a file says of itself, and its name, in errors and warnings."""

import json
import zipfile

import pytest
from sklearn.pipeline import make_pipeline

import skfashion
from helpers.classifiers import make_mlp
from helpers.saved_files import changed, members
from skfashion import PixelScaler
from skfashion._serialization.archive import write_archive
from skfashion.exceptions import (
    CheckpointError,
    ModelFileError,
    OtherVersionWarning,
    WriteError,
)

BAD = "\x1b[2J\x9b1m\u202e\n\udcff"


@pytest.fixture
def path(train, tmp_path):
    pipeline = make_pipeline(PixelScaler(), make_mlp(epochs=1)).fit(*train)
    return skfashion.save(pipeline, tmp_path / "model.skfashion")


def check(told):
    assert all(letter.isprintable() for letter in str(told)), str(told)
    assert r"\x1b[2J" in str(told)


def version(about, description, held):
    about["versions"]["keras"] = BAD


def form(about, description, held):
    about["format"] = BAD


def kind(about, description, held):
    description["steps"][1][1]["class"] = BAD


def parameter(about, description, held):
    description["steps"][1][1]["params"][BAD] = 1


def state(about, description, held):
    description["steps"][1][1]["state"][BAD] = 1


def step(about, description, held):
    description["steps"][1][0] = f"__{BAD}"


@pytest.mark.parametrize("change", [form, kind, parameter, state, step])
def test_what_a_bad_file_says_is_escaped(change, path):
    with pytest.raises(ModelFileError) as caught:
        skfashion.load(changed(path, change))
    check(caught.value)


def test_versions_are_escaped_in_a_warning(path):
    with pytest.warns(OtherVersionWarning) as caught:
        skfashion.load(changed(path, version))
    check(caught[0].message)


def test_versions_are_escaped_beside_another_mistake(path):
    def both(*parts):
        version(*parts)
        kind(*parts)

    with pytest.raises(ModelFileError, match="other versions: keras") as caught:
        skfashion.load(changed(path, both))
    check(caught.value)


def test_members_of_a_manifest_are_escaped(path):
    held = members(path)
    manifest = json.loads(held.pop("manifest.json"))
    manifest["members"][BAD] = {}
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
        for name, content in held.items():
            archive.writestr(name, content)
    with pytest.raises(ModelFileError, match="do not agree") as caught:
        skfashion.load(path)
    check(caught.value)


@pytest.mark.parametrize("write", ["text", "folder"])
def test_names_of_files_are_escaped(write, path, tmp_path):
    bad = tmp_path / f"a{BAD[:-1]}"
    if write == "text":
        bad.write_text("no model")
        with pytest.raises(ModelFileError) as caught:
            skfashion.load(bad)
    else:
        bad.mkdir()
        with pytest.raises(WriteError) as caught:
            skfashion.save(PixelScaler(), bad)
    check(caught.value)


def test_what_a_checkpoint_says_is_escaped(train, tmp_path):
    clf = make_mlp(epochs=1, checkpoint=str(tmp_path / "epochs")).fit(*train)
    (file,) = (tmp_path / "epochs").glob("*000001*")
    held = members(file)
    about = json.loads(held.pop("manifest.json"))
    del about["members"]
    about["fingerprint"]["versions"][BAD] = 1
    for other in (tmp_path / "epochs").iterdir():
        other.unlink()
    write_archive(file, about, held)
    with pytest.raises(CheckpointError) as caught:
        clf.fit(*train)
    check(caught.value)
