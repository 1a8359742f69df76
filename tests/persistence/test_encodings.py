"""What a file tells is UTF-8, as ``save`` writes it, and no other encoding."""

import io
import zipfile

import pytest

import skfashion
from helpers.saved_files import changed, members, refused
from skfashion import PixelScaler
from skfashion._serialization.archive import write_archive


@pytest.fixture
def path(sample, tmp_path):
    return skfashion.save(PixelScaler().fit(sample[0]), tmp_path / "model.skfashion")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_a_manifest_in_another_encoding_is_refused(encoding, path):
    held = members(path)
    held["manifest.json"] = held["manifest.json"].decode().encode(encoding)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    path.write_bytes(stream.getvalue())
    refused(path)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_a_description_in_another_encoding_is_refused(encoding, path):
    kept = {}

    def keep(about, description, held):
        kept.update(about)

    held = members(changed(path, keep))
    del held["manifest.json"]
    held["estimator.json"] = held["estimator.json"].decode().encode(encoding)
    refused(write_archive(path, kept, held))
