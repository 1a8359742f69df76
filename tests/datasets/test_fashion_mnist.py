"""What the two loaders return, and the sample that comes with the package."""

import subprocess
import sys
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import draw_sample
from helpers.data_sources import (  # noqa: F401
    fixture_alone,
    fixture_blobs,
    fixture_system,
    put,
)
from skfashion.datasets import (
    CLASS_NAMES,
    _fashion_mnist,
    _sources,
    fetch_fashion_mnist,
    load_fashion_sample,
)
from skfashion.exceptions import DownloadError, ParameterError


@pytest.fixture(params=["fetched", "sample"])
def loader(request):
    if request.param == "sample":
        return load_fashion_sample
    blobs = request.getfixturevalue("blobs")
    put(request.getfixturevalue("system"), blobs)
    return fetch_fashion_mnist


@pytest.mark.parametrize("subset", ["train", "test", "all"])
def test_bunch(loader, subset):
    bunch = loader(subset=subset)
    n = len(bunch.data)
    assert bunch.data.shape == (n, 784)
    assert bunch.data.dtype == np.uint8
    assert bunch.images.shape == (n, 28, 28)
    assert np.shares_memory(bunch.data, bunch.images)
    np.testing.assert_array_equal(bunch.images.reshape(n, 784), bunch.data)
    assert bunch.data.flags.writeable
    assert bunch.data.flags.c_contiguous
    assert bunch.target.shape == (n,)
    assert bunch.target.dtype == np.int64
    assert bunch.target_names == list(CLASS_NAMES)
    assert bunch.frame is None
    assert len(bunch.feature_names) == 784
    assert bunch.feature_names[28 * 3 + 5] == "pixel_3_5"
    for fact in ("Fashion-MNIST", "60,000", "10,000", "MIT", "1708.07747", "9 Ankle"):
        assert fact in bunch.DESCR
    X, y = loader(subset=subset, return_X_y=True)
    np.testing.assert_array_equal(X, bunch.data)
    np.testing.assert_array_equal(y, bunch.target)


def test_default_subset_is_train_and_all_is_train_then_test(loader):
    train, test, both = (loader(subset=name) for name in ("train", "test", "all"))
    for key in ("data", "target"):
        np.testing.assert_array_equal(loader()[key], train[key])
        np.testing.assert_array_equal(
            both[key], np.concatenate([train[key], test[key]])
        )


def test_as_frame(loader):
    plain, framed = loader(subset="test"), loader(subset="test", as_frame=True)
    assert isinstance(framed.data, pd.DataFrame)
    assert isinstance(framed.target, pd.Series)
    assert framed.target.name == "target"
    assert list(framed.data.columns) == plain.feature_names
    assert set(framed.data.dtypes) == {np.dtype(np.uint8)}
    assert list(framed.frame.columns) == [*plain.feature_names, "target"]
    np.testing.assert_array_equal(framed.data, plain.data)
    np.testing.assert_array_equal(framed.frame["target"], plain.target)
    np.testing.assert_array_equal(framed.images, plain.images)
    X, y = loader(subset="test", as_frame=True, return_X_y=True)
    pd.testing.assert_frame_equal(X, framed.data)
    pd.testing.assert_series_equal(y, framed.target)


@pytest.mark.parametrize("subset", ["training", "Test", "", None, 1, ["train"], {}])
def test_wrong_subset(loader, subset):
    message = "^subset must be 'train', 'test' or 'all'"
    with pytest.raises(ParameterError, match=message) as caught:
        loader(subset=subset)
    assert repr(subset) in str(caught.value)


@pytest.mark.parametrize("data_home", [3, b"folder", ["folder"], True])
def test_wrong_data_home(data_home):
    with pytest.raises(ParameterError, match=r"data_home must be .*path") as caught:
        fetch_fashion_mnist(data_home=data_home, download_if_missing=False)
    assert repr(data_home) in str(caught.value)


@pytest.mark.parametrize(("subset", "per_class"), [("train", 200), ("test", 50)])
def test_sample_is_balanced_and_shuffled(subset, per_class):
    sample = load_fashion_sample(subset=subset)
    assert np.bincount(sample.target).tolist() == [per_class] * 10
    assert len(np.unique(sample.target[:100])) == 10
    assert "sample" in sample.DESCR
    assert "seed 0" in sample.DESCR


def test_sample_is_small_and_carries_its_licence():
    folder = resources.files("skfashion.datasets.data")
    assert len((folder / "fashion_sample.npz").read_bytes()) <= 1_200_000
    notice = (folder / "LICENSE-fashion-mnist.txt").read_text()
    assert "Copyright (c) 2017 Zalando SE, https://tech.zalando.com" in notice
    assert "Permission is hereby granted, free of charge" in notice
    assert 'THE SOFTWARE IS PROVIDED "AS IS"' in notice


# Of module scope, so that it comes before `alone` hides the real folders.
@pytest.fixture(scope="module")
def full():
    """All 70,000 images, if this machine has them; nothing is downloaded."""
    with pytest.MonkeyPatch.context() as patch:
        # Else a bad file in the real cache is replaced by the system's sound one.
        patch.setattr(_sources, "write_whole", lambda *_, **__: None)
        try:
            return {
                subset: fetch_fashion_mnist(subset=subset, download_if_missing=False)
                for subset in ("train", "test")
            }
        except DownloadError:
            pytest.skip(
                "compares with all 70,000 images, which are not on this machine; "
                "fetch_fashion_mnist(subset='all') brings them"
            )


@pytest.mark.parametrize("subset", ["train", "test"])
def test_sample_rows_are_rows_of_the_full_data(full, subset):
    known, drawn = (
        {(x.tobytes(), y) for x, y in zip(bunch.data, bunch.target, strict=True)}
        for bunch in (full[subset], load_fashion_sample(subset=subset))
    )
    assert known >= drawn


def test_drawing_the_sample_again_gives_equal_arrays(full, monkeypatch):
    monkeypatch.setattr(draw_sample, "fetch_fashion_mnist", lambda subset: full[subset])
    drawn = draw_sample.draw()
    path = resources.files("skfashion.datasets") / "data" / "fashion_sample.npz"
    with path.open("rb") as stream, np.load(stream, allow_pickle=False) as kept:
        assert sorted(kept) == sorted(drawn)
        for name, array in drawn.items():
            assert array.dtype == kept[name].dtype == np.uint8
            np.testing.assert_array_equal(array, kept[name])


def test_import_is_light():
    heavy = ["tensorflow", "keras", "matplotlib", "pandas", "pooch", "scikeras"]
    code = (
        "import sys, skfashion.datasets\n"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(_fashion_mnist.__file__).parents[2],  # the package under test
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
