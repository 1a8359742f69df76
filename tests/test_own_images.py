"""From raw data to a saved, loaded and right prediction, for images of many makes."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline

from helpers.classifiers import make_cnn
from skfashion import PixelScaler, load, load_image_folder, save
from skfashion.preprocessing import read_image

RIGHT = 0.85


def assert_right_when_loaded(fitted, X, y, path):
    """What is read back says the same, and that is right, of images never seen."""
    save(fitted, path)
    loaded = load(path)
    np.testing.assert_array_equal(loaded.predict_proba(X), fitted.predict_proba(X))
    assert (loaded.predict(X) == np.asarray(y)).mean() > RIGHT


def test_digits(make, tmp_path):
    digits = load_digits()
    X, X_test, y, y_test = train_test_split(
        digits.images, digits.target, random_state=0, stratify=digits.target
    )
    pipe = make_pipeline(PixelScaler(max_value=16), make(epochs=20)).fit(X, y)
    assert pipe[-1].image_shape_ == (8, 8, 1)
    assert_right_when_loaded(pipe, X_test, y_test, tmp_path / "digits")
    # As they come in rows, of bytes.
    rows = X.reshape(len(X), -1).astype(np.uint8)
    rows_test = X_test.reshape(len(X_test), -1).astype(np.uint8)
    pipe.fit(rows, y)
    assert pipe[-1].image_shape_ == (8, 8, 1)
    assert_right_when_loaded(pipe, rows_test, y_test, tmp_path / "rows")


def coloured(n, height, width, seed):
    """Draw `n` images with bars of any colour, which lie, stand or cross by class."""
    rng = np.random.default_rng(seed)
    y = rng.integers(3, size=n)
    images = rng.integers(60, size=(n, height, width, 3), dtype=np.uint8)
    for image, label in zip(images, y, strict=True):
        colour = rng.integers(100, 256, size=3)
        if label != 1:
            top = rng.integers(2, height - 5)
            image[top : top + 3] = colour
        if label != 0:
            left = rng.integers(2, width - 5)
            image[:, left : left + 3] = colour
    return images, np.array(["lies", "stands", "crosses"])[y]


def test_colours(tmp_path):
    X, y = coloured(600, 32, 32, seed=0)
    X_test, y_test = coloured(200, 32, 32, seed=1)
    clf = make_cnn(rescale=1 / 255, epochs=8).fit(X, y)
    assert clf.image_shape_ == (32, 32, 3)
    assert_right_when_loaded(clf, X_test, y_test, tmp_path / "colours")


def write_folder(folder, X, y, seed):
    """Write images as files of several formats and sizes, a folder for each class."""
    rng = np.random.default_rng(seed)
    for number, (pixels, name) in enumerate(zip(X, y, strict=True)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        suffix = ("png", "jpg", "webp", "bmp")[number % 4]
        image = Image.fromarray(pixels)
        height, width = 30 * rng.integers(1, 4), 20 * rng.integers(1, 4)
        image = image.resize((width, height), Image.Resampling.NEAREST)
        image.save(folder / name / f"{number}.{suffix}")


@pytest.mark.parametrize("lazily", [False, True], ids=["in memory", "mapped"])
def test_folders(lazily, tmp_path):
    write_folder(tmp_path / "train", *coloured(500, 30, 20, seed=0), seed=0)
    write_folder(tmp_path / "test", *coloured(100, 30, 20, seed=1), seed=1)
    cache = tmp_path / "cache" if lazily else None
    form = {"size": (30, 20), "mode": "RGB"}
    train = load_image_folder(tmp_path / "train", cache=cache, **form)
    test = load_image_folder(tmp_path / "test", cache=cache, **form)
    assert isinstance(train.data, np.memmap) == lazily
    assert train.target_names == test.target_names == ["crosses", "lies", "stands"]
    clf = make_cnn(rescale=1 / 255, epochs=16).fit(train.data, train.target)
    assert clf.image_shape_ == (30, 20, 3)
    assert_right_when_loaded(clf, test.data, test.target, tmp_path / "bars")
    # One more file, in another process: the model and its path are all there is.
    one = read_image(test.filenames[7], **form)
    assert load(tmp_path / "bars").predict(one[np.newaxis]) == clf.predict(test.data)[7]


def test_a_table_with_the_labels_first(sample, tmp_path):
    """As MNIST comes in CSV files: a label and 784 pixels a line."""
    X, y = (part[:800] for part in sample)
    kept = np.isin(y, [1, 8, 9])
    table = pd.DataFrame(X[kept], columns=[f"pixel{n}" for n in range(784)])
    table.insert(0, "label", y[kept])
    table.to_csv(tmp_path / "train.csv", index=False)

    read = pd.read_csv(tmp_path / "train.csv")
    X, X_test, y, y_test = train_test_split(
        read.drop(columns="label"), read["label"], random_state=0
    )
    pipe = make_pipeline(PixelScaler(), make_cnn()).fit(X, y)
    assert pipe[-1].image_shape_ == (28, 28, 1)
    assert_right_when_loaded(pipe, X_test, y_test, tmp_path / "clothes")


def test_channels_first_once_transposed(tmp_path):
    """As PyTorch holds them: turned as the message says, they learn as any other."""
    X, y = coloured(600, 32, 32, seed=0)
    X_test, y_test = coloured(200, 32, 32, seed=1)
    first, first_test = (np.moveaxis(part, -1, 1).copy() for part in (X, X_test))
    assert first.shape == (600, 3, 32, 32)
    turned, turned_test = (part.transpose(0, 2, 3, 1) for part in (first, first_test))
    clf = make_cnn(rescale=1 / 255, epochs=8).fit(turned, y)
    assert clf.image_shape_ == (32, 32, 3)
    assert_right_when_loaded(clf, turned_test, y_test, tmp_path / "turned")
    np.testing.assert_array_equal(
        clf.predict_proba(turned_test), clf.predict_proba(X_test)
    )
