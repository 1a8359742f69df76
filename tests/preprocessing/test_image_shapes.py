"""Shapes of images that cannot be told for sure are never guessed in silence."""

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import make_pipeline

import skfashion
from helpers.classifiers import make_cnn, make_keras, make_mlp
from skfashion import PixelScaler
from skfashion.exceptions import DataError, ImageShapeWarning, ParameterError

Y = np.arange(12) % 2
TRANSPOSE = r"channel-first.*X\.transpose\(0, 2, 3, 1\)"


def images(*shape, dtype=np.float32):
    X = np.random.default_rng(0).integers(0, 256, (len(Y), *shape), dtype=np.uint8)
    return X if dtype == np.uint8 else (X / 255).astype(dtype)


def quick(make, **params):
    return make(epochs=1, **params)


# Channel-first

FIRST = [(3, 32, 32), (1, 28, 28)]


@pytest.mark.parametrize("shape", [*FIRST, (4, 12, 8), (8, 9, 9)], ids=str)
@pytest.mark.parametrize("scaled", [False, True], ids=["alone", "after PixelScaler"])
@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_channel_first_is_refused_at_fit(make, shape, scaled, dtype):
    X = images(*shape, dtype=dtype)
    rescale = 1 / 255 if dtype == np.uint8 and not scaled else None
    clf = quick(make, rescale=rescale)
    clf = make_pipeline(PixelScaler(), clf) if scaled else clf
    with pytest.raises(DataError, match=TRANSPOSE):
        clf.fit(X, Y)


@pytest.mark.parametrize("scaled", [False, True], ids=["alone", "after PixelScaler"])
@pytest.mark.parametrize("shape", FIRST[:2], ids=str)
def test_channel_first_is_refused_after_channel_last(make, shape, scaled):
    X = images(*shape)
    last = X.transpose(0, 2, 3, 1)
    clf = quick(make)
    clf = make_pipeline(PixelScaler(), clf) if scaled else clf
    clf.fit(last, Y)
    with pytest.raises(DataError, match=TRANSPOSE):
        clf.predict(X)
    if not scaled:
        message = r"^X_val .*channel-first.*X_val\.transpose\(0, 2, 3, 1\), or X_val\."
        with pytest.raises(DataError, match=message):
            clf.fit(last, Y, X_val=X, y_val=Y)
        with pytest.raises(DataError, match=TRANSPOSE):
            clf.partial_fit(X, Y)


def test_channel_first_is_refused_for_a_network_of_ones_own():
    X = images(3, 12, 8)
    with pytest.raises(DataError, match=TRANSPOSE):
        quick(make_keras).fit(X, Y)
    fitted = quick(make_keras).fit(X.transpose(0, 2, 3, 1), Y)
    with pytest.raises(DataError, match=TRANSPOSE):
        fitted.predict(X)


def test_channel_first_against_image_shape(make):
    with pytest.raises(DataError, match=TRANSPOSE):
        quick(make, image_shape=(28, 20)).fit(images(1, 28, 20), Y)
    with pytest.raises(DataError, match=TRANSPOSE):
        quick(make, image_shape=(32, 32, 3)).fit(images(3, 32, 32), Y)


def test_images_three_pixels_high_can_be_said_to_be(make):
    X = images(3, 12, 8)
    fitted = quick(make, image_shape=(3, 12, 8)).fit(X, Y)
    assert fitted.image_shape_ == (3, 12, 8)
    assert fitted.predict(X).shape == Y.shape
    fitted = quick(make, image_shape=(8, 12, 12)).fit(images(8, 12, 12), Y)
    assert fitted.image_shape_ == (8, 12, 12)


@pytest.mark.parametrize(
    "shape",
    [(3, 12), (3, 12, 3), (12, 8, 8), (4, 4, 8), (9, 9, 9), (8, 12, 9), (3, 4, 4)],
    ids=str,
)
def test_what_does_not_look_channel_first_goes_through(shape):
    fitted = quick(make_mlp).fit(images(*shape), Y)
    assert fitted.image_shape_ == (*shape, 1)[:3]


@pytest.mark.parametrize("shape", [(3, 32, 32), (8, 16, 16)], ids=str)
def test_channel_first_rows_of_a_scaler_are_warned_of(shape):
    X = images(*shape)
    for scaler in (
        PixelScaler(flatten=True),
        PixelScaler().set_output(transform="pandas"),
    ):
        scaler.fit(X)
        with pytest.warns(ImageShapeWarning, match=TRANSPOSE):
            scaler.transform(X)
    assert PixelScaler().fit_transform(X).shape == X.shape


# The shape that X has against that of image_shape and of fit


@pytest.mark.parametrize("scaled", [False, True], ids=["alone", "after PixelScaler"])
def test_a_swapped_image_shape_is_refused(make, scaled):
    clf = quick(make, image_shape=(20, 30, 3))
    clf = make_pipeline(PixelScaler(), clf) if scaled else clf
    message = r"image_shape=\(20, 30, 3\).*\(30, 20, 3\).*swapped.*X\.swapaxes\(1, 2\)"
    with pytest.raises(DataError, match=message):
        clf.fit(images(30, 20, 3), Y)


def test_swapped_images_are_refused_at_predict(make):
    fitted = quick(make).fit(images(12, 8), Y)
    with pytest.raises(DataError, match=r"\(8, 12\).*\(12, 8, 1\).*swapaxes"):
        fitted.predict(images(8, 12))
    with pytest.raises(DataError, match=r"\(8, 8\), but fit saw .*\(12, 8, 1\)"):
        fitted.predict(images(8, 8))


def test_validation_images_are_called_by_their_name():
    X = images(12, 8)
    for X_val, message in [
        (images(8, 12), r"^X_val holds .*give X_val\.swapaxes"),
        (X[0], r"X_val has shape .*give X_val\[np\.newaxis\].* of X_val\.$"),
        (X[..., None, None], r"^X_val has 5 dimensions"),
        (object(), r"^X_val is a builtins\.object"),
    ]:
        with pytest.raises(DataError, match=message):
            quick(make_mlp).fit(X, Y, X_val=X_val, y_val=Y)
    with pytest.raises(DataError, match=r"^y_val holds None; labels are"):
        quick(make_mlp).fit(X, Y, X_val=X, y_val=[None, *Y[1:].tolist()])


def test_the_size_that_was_asked_for_comes_first(make):
    message = r"shapes that would fit: \(30, 20, 3\), "
    with pytest.raises(DataError, match=message):
        quick(make, image_shape=(30, 20)).fit(images(1800), Y)
    with pytest.raises(ParameterError, match=r"image_shape=\(\) must be"):
        quick(make, image_shape=()).fit(images(1800), Y)


def test_rows_of_other_images_than_at_fit_are_refused(tmp_path):
    X = images(12, 8)
    frames = PixelScaler().set_output(transform="pandas")
    for scaler in (PixelScaler(flatten=True).fit(X), frames.fit(X)):
        again = pickle.loads(pickle.dumps(scaler))
        for one in (scaler, again):
            with pytest.raises(DataError, match=r"\(8, 12\).*\(12, 8, 1\).*swapaxes"):
                one.transform(images(8, 12))
            with pytest.raises(DataError, match=r"^X holds .*channel-first: give"):
                one.transform(images(1, 12, 8))
            assert one.transform(X[..., None]).shape == (len(X), 96)
            assert one.transform(X.reshape(len(X), 96)).shape == (len(X), 96)
    file = tmp_path / "scaler.skfashion"
    skfashion.save(PixelScaler(flatten=True).fit(X), file)
    with pytest.raises(DataError, match="swapaxes"):
        skfashion.load(file).transform(images(8, 12))
    # What keeps its shape is told of by what sees it; rows at fit have none.
    assert PixelScaler().fit(X).transform(images(8, 12)).shape == (len(X), 8, 12)
    rows = PixelScaler(flatten=True).fit(X.reshape(len(X), 96))
    assert rows.transform(images(8, 12)).shape == (len(X), 96)


# Rows that are images one pixel high


def test_the_shape_goes_through_a_scaler():
    X = images(30, 20, 3, dtype=np.uint8)
    pipe = make_pipeline(PixelScaler(), quick(make_cnn)).fit(X, Y)
    assert pipe[-1].image_shape_ == (30, 20, 3)


@pytest.mark.parametrize("make", [make_cnn, make_keras], ids=["cnn", "keras"])
def test_images_one_pixel_high_are_warned_of(make):
    X = images(1800)
    message = r"1800 pixels .* 1 high and 1800 wide; set image_shape.*\(36, 50\)"
    with pytest.warns(ImageShapeWarning, match=message):
        quick(make).fit(X, Y)
    with pytest.warns(ImageShapeWarning, match=message):
        quick(make).partial_fit(X, Y, classes=[0, 1])
    with pytest.warns(ImageShapeWarning, match=r"1 high and 12 wide"):
        quick(make).fit(images(1, 12), Y)
    with pytest.warns(ImageShapeWarning, match=r"30 high and 1 wide"):
        quick(make).fit(images(30, 1), Y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quick(make, image_shape=(1, 1800)).fit(X, Y).predict(X)
        quick(make, image_shape=(30, 20, 3)).fit(X, Y)
        quick(make_mlp).fit(X, Y)


def test_a_model_of_rows_is_given_rows_in_silence():
    import keras

    layers = keras.layers
    dense = layers.Dense(2, activation="softmax")
    rows = keras.Sequential([keras.Input((30,)), dense])
    assert quick(make_keras, network=rows).fit(images(30), Y).n_features_in_ == 30

    def function(image_shape, n_classes):
        n_pixels = int(np.prod(image_shape))
        dense = layers.Dense(n_classes, activation="softmax")
        return keras.Sequential([keras.Input((n_pixels,)), dense])

    quick(make_keras, network=function).fit(images(30), Y)
    quick(make_keras, network=function).partial_fit(images(30), Y, classes=[0, 1, 2])
    thin = keras.Sequential([keras.Input((1, 30, 1)), layers.Flatten(), dense])
    with pytest.warns(ImageShapeWarning, match=r"1 high and 30 wide"):
        quick(make_keras, network=thin).fit(images(30), Y)


def test_a_network_that_thin_images_are_too_low_for_is_told_why():
    import keras

    def high(image_shape, n_classes):
        layers = [keras.layers.Conv2D(2, 3), keras.layers.GlobalAveragePooling2D()]
        dense = keras.layers.Dense(n_classes, activation="softmax")
        return keras.Sequential([keras.Input(image_shape), *layers, dense])

    with (
        pytest.warns(ImageShapeWarning, match=r"1 high and 30 wide"),
        pytest.raises(ValueError, match="negative"),
    ):
        quick(make_keras, network=high).fit(images(30), Y)


@pytest.mark.parametrize("column", [0, 784])
def test_a_column_of_labels_is_named(column):
    X = np.insert(images(784), column, Y / 255, axis=1)
    frame = pd.DataFrame(X, columns=[f"p{n}" for n in range(785)])
    frame = frame.rename(columns={f"p{column}": "label"})
    name = rf"785 is one more than 28 x 28: leave column {column}"
    with pytest.warns(ImageShapeWarning, match=name + ", which goes with y,"):
        quick(make_cnn).fit(X, Y)
    with pytest.warns(ImageShapeWarning, match=name + r" \('label'\), which"):
        quick(make_cnn).fit(frame, Y)
    with pytest.warns(ImageShapeWarning, match=r"leave the column of the labels out"):
        quick(make_cnn).fit(X, np.arange(len(Y)) // 6)


def test_a_column_of_labels_beside_colours():
    X = np.insert(images(3072), 0, Y, axis=1)
    with pytest.warns(ImageShapeWarning, match=r"one more than 32 x 32 x 3: leave col"):
        quick(make_cnn).fit(X, Y)


# Images of several sizes


def test_images_of_several_sizes_are_told_what_brings_them_to_one():
    several = [np.zeros((20, 30, 3)), np.zeros((20, 30, 3)), np.zeros((10, 30, 3))]
    both = r"\(20, 30, 3\) and \(10, 30, 3\).*load_image_folder\(\.\.\., size="
    with pytest.raises(DataError, match=both):
        PixelScaler().fit(several)
    with pytest.raises(DataError, match=both):
        make_mlp().fit(several, ["a", "b", "b"])


# One image where several are expected


def test_one_image_is_told_how_to_be_several(make):
    message = r"one image.*X\[0\]\[np\.newaxis\]"
    X = images(12, 8, 3)
    rows = X.reshape(len(X), -1)
    fitted = quick(make).fit(X, Y)
    scaler = PixelScaler().fit(X)
    for one in (X[0], rows[0], X[0].tolist()):
        for call in (fitted.predict, fitted.predict_proba, scaler.transform):
            with pytest.raises(DataError, match=message):
                call(one)
        with pytest.raises(DataError, match=message):
            scaler.inverse_transform(one)
        with pytest.raises(DataError, match=message):
            make_pipeline(PixelScaler(), quick(make)).fit(X, Y).predict(one)
    assert fitted.predict(X[0][np.newaxis]).shape == (1,)
    grey = quick(make).fit(images(28, 28), Y)
    with pytest.raises(DataError, match=message):
        grey.predict(images(28, 28)[0])


def test_as_many_rows_as_a_row_has_pixels_are_no_image(make):
    X = images(4)
    fitted = quick(make, image_shape=(2, 2)).fit(X, Y)
    assert fitted.predict(X[:4]).shape == (4,)
    assert fitted.predict(X[:1]).shape == (1,)
