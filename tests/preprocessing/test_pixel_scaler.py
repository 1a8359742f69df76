import tracemalloc

import numpy as np
import pandas as pd
import pytest
from sklearn import config_context
from sklearn.base import clone

from skfashion import PixelScaler
from skfashion.exceptions import DataError, UnscaledPixelsWarning


def test_bytes_become_exactly_what_division_by_255_gives(sample):
    X, _ = sample
    scaled = PixelScaler().fit_transform(X)
    assert scaled.dtype == np.float32
    np.testing.assert_array_equal(scaled, X.astype(np.float32) / np.float32(255))


@pytest.mark.parametrize(
    "dtype",
    [
        "uint8",
        "uint16",
        ">u2",
        "uint64",
        "int16",
        "int64",
        "float32",
        "float64",
        "bool",
    ],
)
def test_every_dtype_maps_to_the_unit_interval_and_back(sample, dtype):
    X = sample[0][:100]
    X = X > 100 if dtype == "bool" else X.astype(dtype)
    if X.dtype.kind == "u" and X.dtype.itemsize == 2:
        X *= 257
    scaler = PixelScaler().fit(X)
    scaled = scaler.transform(X)
    assert scaled.dtype == np.float32
    assert scaled.min() == 0
    assert scaled.max() == 1
    back = scaler.inverse_transform(scaled)
    assert back.dtype == X.dtype
    np.testing.assert_allclose(back.astype(float), X.astype(float), atol=1e-4)


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1), (14, 28, 2)])
def test_images_stay_images_and_become_rows_where_asked(sample, shape):
    X = sample[0][:50]
    rows = PixelScaler().fit_transform(X)
    assert rows.shape == X.shape
    scaler = PixelScaler().fit(X.reshape(-1, *shape))
    images = scaler.transform(X.reshape(-1, *shape))
    np.testing.assert_array_equal(images, rows.reshape(-1, *shape))
    np.testing.assert_array_equal(scaler.transform(X), rows)
    flat = PixelScaler(flatten=True).fit_transform(X.reshape(-1, *shape))
    np.testing.assert_array_equal(flat, rows)
    np.testing.assert_array_equal(scaler.inverse_transform(rows), X)
    np.testing.assert_array_equal(
        scaler.inverse_transform(images), X.reshape(-1, *shape)
    )


def test_frames_are_rows(sample):
    X = sample[0][:10].reshape(-1, 28, 28)
    rows = PixelScaler(flatten=True).fit_transform(X)
    frame = PixelScaler().set_output(transform="pandas").fit_transform(X)
    assert list(frame.columns) == [f"x{n}" for n in range(784)]
    np.testing.assert_array_equal(frame.to_numpy(), rows)
    with config_context(transform_output="pandas"):
        np.testing.assert_array_equal(PixelScaler().fit_transform(X), rows)


def test_flatten_is_true_or_false(sample):
    with pytest.raises(ValueError, match=r"'flatten'.*Got 'rows'"):
        PixelScaler(flatten="rows").fit(sample[0][:10])


def test_a_pickle_without_flatten_makes_rows(sample):
    scaler = PixelScaler().fit(sample[0][:10])
    state = scaler.__getstate__()
    del state["flatten"]
    again = PixelScaler.__new__(PixelScaler)
    again.__setstate__(state)
    assert clone(again).flatten
    assert again.transform(sample[0][:5].reshape(-1, 28, 28)).shape == (5, 784)


def test_the_scale_is_settled_at_fit(sample):
    X = sample[0][:100].astype(float)
    scaler = PixelScaler().fit(X)
    assert scaler.data_max_ == 255
    dark = X[:5] / 10
    np.testing.assert_allclose(scaler.transform(dark), dark / 255, rtol=1e-6)


@pytest.mark.parametrize(
    ("top", "expected"), [(0.6, 1), (1, 1), (250, 255), (60000, 65535), (16, 16)]
)
def test_full_scale_of_floats(sample, top, expected):
    X = sample[0][:100] / 255 * top
    assert PixelScaler().fit(X).data_max_ == expected


def test_values_about_zero_are_scaled_symmetrically(sample):
    X = sample[0][:100] / 127.5 - 1
    scaler = PixelScaler().fit(X)
    assert (scaler.data_min_, scaler.data_max_) == (-1, 1)
    np.testing.assert_allclose(
        scaler.transform(X), sample[0][:100] / 255, atol=1e-6, rtol=1e-5
    )
    np.testing.assert_allclose(
        scaler.inverse_transform(scaler.transform(X)), X, atol=1e-6
    )


def test_max_value_overrides(sample):
    X = sample[0][:10]
    np.testing.assert_allclose(
        PixelScaler(max_value=510).fit_transform(X), X / 510, rtol=1e-6
    )


def test_pandas_in_and_out(sample):
    frame = pd.DataFrame(sample[0][:10], columns=[f"p{i}" for i in range(784)])
    scaler = PixelScaler().set_output(transform="pandas")
    out = scaler.fit_transform(frame)
    assert (
        list(out.columns) == list(frame.columns) == list(scaler.get_feature_names_out())
    )
    assert (out.dtypes == np.float32).all()
    with pytest.raises(ValueError, match="in the same order"):
        scaler.transform(frame[frame.columns[::-1]])


def test_names_of_images_without_columns(sample):
    scaler = clone(PixelScaler()).fit(sample[0][:10].reshape(-1, 28, 28))
    assert list(scaler.get_feature_names_out()[[0, 783]]) == ["x0", "x783"]


def folded(X):
    return X.reshape(-1, 28, 28)


@pytest.mark.parametrize("dtype", ["uint8", "float64"])
@pytest.mark.parametrize(
    "arrange",
    [np.asarray, np.asfortranarray, lambda X: folded(X)[:, ::-1, ::-1]],
    ids=["rows", "columns", "strided"],
)
def test_peak_memory_is_the_output(sample, dtype, arrange):
    X = arrange(sample[0].astype(dtype))
    scaler = PixelScaler().fit(X[:10])
    tracemalloc.start()
    out = scaler.transform(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.1 * out.nbytes


def test_fit_makes_no_copy(sample):
    X = folded(sample[0].astype(float))[:, ::-1]
    tracemalloc.start()
    PixelScaler().fit(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 0.1 * X.nbytes


def test_pixels_of_another_scale_are_refused(sample):
    scaler = PixelScaler().fit(sample[0][:10] / 255)
    with pytest.raises(DataError, match=r"pixels up to 255.* scale of 0 to 1"):
        scaler.transform(sample[0][:10])


def test_floats_for_a_scaler_of_bytes_are_warned_about(sample):
    scaler = PixelScaler().fit(sample[0][:10])
    with pytest.warns(UnscaledPixelsWarning, match=r"floats up to 1.*0 to 255"):
        scaler.transform(sample[0][:10] / 255)
    scaler.transform(sample[0][:1] * 0.0)


def test_five_dimensions_are_refused(sample):
    with pytest.raises(DataError, match=r"X has 5 dimensions.*\(n, height, width\)"):
        PixelScaler().fit(sample[0][:4].reshape(1, 4, 28, 28, 1))


def test_images_of_another_size_are_refused(sample):
    scaler = PixelScaler().fit(folded(sample[0][:10]))
    with pytest.raises(ValueError, match=r"700 features.*expecting 784"):
        scaler.transform(folded(sample[0][:10])[:, :25])
    with pytest.raises(DataError, match=r"700 pixels.*784 pixels"):
        scaler.inverse_transform(np.zeros((2, 700)))


def test_max_value_must_be_positive(sample):
    with pytest.raises(ValueError, match=r"'max_value'.*Got 0"):
        PixelScaler(max_value=0).fit(sample[0][:10])


def test_bytes_in_16_bits_are_warned_about(sample):
    X = sample[0][:50].astype(np.uint16)
    with pytest.warns(UnscaledPixelsWarning, match=r"uint16.* 65535.* max_value=255"):
        dark = PixelScaler().fit(X)
    assert dark.transform(X).max() < 0.01
    assert PixelScaler(max_value=255).fit_transform(X).max() == 1


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("top", [1, 16])
def test_few_levels_are_warned_about(dtype, top):
    X = np.arange(32).reshape(2, 4, 4).astype(dtype) % (top + 1)
    with pytest.warns(
        UnscaledPixelsWarning, match=rf"up to {top} only.*max_value={top}"
    ):
        PixelScaler().fit(X)
    assert PixelScaler(max_value=top).fit_transform(X).max() == 1
    assert PixelScaler().fit_transform(X.astype(int)).max() == 1
