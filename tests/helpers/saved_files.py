"""Files that ``save`` wrote: what is in them, and the same after a change."""

import json
import zipfile

import numpy as np
import pytest

import skfashion
from skfashion._serialization.archive import write_archive
from skfashion.exceptions import ModelFileError


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(path, change):
    """Write the file anew, with sums that are right, after a change to it."""
    held = members(path)
    manifest = json.loads(held.pop("manifest.json"))
    about = {key: value for key, value in manifest.items() if key != "members"}
    description = json.loads(held.pop("estimator.json"))
    change(about, description, held)
    held["estimator.json"] = json.dumps(description).encode()
    return write_archive(path, about, held)


def refused(path):
    """Load a file, which has to be told of in one sentence."""
    with pytest.raises(ModelFileError, match=r"^\S*model\.skfashion .*\.$") as caught:
        skfashion.load(path)
    assert len(str(caught.value)) < 600
    assert "\n" not in str(caught.value)


def same(one, other, X):
    np.testing.assert_array_equal(one.predict_proba(X), other.predict_proba(X))
    np.testing.assert_array_equal(one.predict(X), other.predict(X))
