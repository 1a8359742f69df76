"""Raw bytes in, scaled inside the network; and other ways to compute on them."""

import numpy as np
import pytest

from skfashion import PixelScaler
from skfashion.exceptions import UnscaledPixelsWarning


@pytest.fixture(scope="module")
def raw(sample):
    X, y = sample
    return X[:600], y[:600]


def probabilities(estimator, X, y):
    return estimator.fit(X, y).predict_proba(X)


@pytest.mark.parametrize("xla", [False, True], ids=["plain", "xla"])
def test_bytes_train_as_scaled_pixels_do(make, raw, monkeypatch, xla):
    from skfashion._backend import compiled_step

    monkeypatch.setattr(compiled_step, "_XLA_STEPS", 1 if xla else 10**9)
    X, y = raw
    scaled = probabilities(make(), PixelScaler().fit_transform(X), y)
    inside = probabilities(make(rescale=1 / 255), X, y)
    np.testing.assert_allclose(inside, scaled, rtol=1e-4, atol=1e-6)


def test_bytes_go_by_keras_too(make, raw):
    import keras

    X, y = raw
    hears = keras.callbacks.LambdaCallback(on_train_batch_end=lambda *_, **__: None)
    chunks = probabilities(make(rescale=1 / 255), X, y)
    by_keras = probabilities(make(rescale=1 / 255, callbacks=[hears]), X, y)
    np.testing.assert_allclose(by_keras, chunks, rtol=1e-3, atol=1e-5)


def test_bytes_stay_bytes_until_their_batch(make, raw, monkeypatch):
    from skfashion._backend import compiled_step

    gathered = []
    gather = compiled_step.CompiledStep.gather

    def recorded(self, arrays, *args):
        chunk = gather(self, arrays, *args)
        kinds = arrays[0].dtype, np.dtype(chunk[0][0].dtype.as_numpy_dtype)
        gathered.extend(kinds)
        return chunk

    monkeypatch.setattr(compiled_step.CompiledStep, "gather", recorded)
    X, y = raw
    make(rescale=1 / 255, epochs=1).fit(X, y)
    make(rescale=1 / 255, epochs=1).fit(X.reshape(-1, 28, 28), y)
    assert set(gathered) == {np.dtype("uint8")}


@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_a_memory_map_trains_as_the_array_does(make, raw, tmp_path, kind):
    X, y = raw
    rescale = 1 / 255 if kind is np.uint8 else None
    X = X if kind is np.uint8 else PixelScaler().fit_transform(X)
    path = tmp_path / "images.npy"
    np.save(path, X)
    mapped = np.load(path, mmap_mode="r")
    assert isinstance(mapped, np.memmap)
    one = make(rescale=rescale, early_stopping=True)
    other = make(rescale=rescale, early_stopping=True)
    np.testing.assert_array_equal(
        probabilities(one, X, y), probabilities(other, mapped, y)
    )


def test_types_may_differ_between_the_arrays(make, raw):
    X, y = raw
    estimator = make(rescale=1 / 255, epochs=1)
    one = estimator.fit(X, y, X_val=X[:50], y_val=y[:50])
    other = make(rescale=1 / 255, epochs=1).fit(
        X, y, X_val=X[:50].astype(np.float64), y_val=y[:50]
    )
    assert one.history_ == other.history_
    np.testing.assert_array_equal(
        one.predict_proba(X), one.predict_proba(X.astype(np.int64))
    )


def test_the_wrong_scale_is_warned_of(make, raw):
    X, y = raw
    scaled = PixelScaler().fit_transform(X)
    with pytest.warns(UnscaledPixelsWarning, match=r"rescale=1/255"):
        make(epochs=1).fit(X, y)
    with pytest.warns(UnscaledPixelsWarning, match=r"pixels from 0 to 1, of which"):
        make(rescale=1 / 255, epochs=1).fit(scaled, y)
    with pytest.warns(UnscaledPixelsWarning, match=r"rescale=1 makes 0 to 255"):
        make(rescale=1.0, epochs=1).fit(X, y)
    fitted = make(rescale=1 / 255, epochs=1).fit(X, y)
    with pytest.warns(UnscaledPixelsWarning, match=r"set rescale"):
        fitted.predict(scaled)
    assert fitted.predict(np.zeros((1, 784), np.uint8)).shape == (1,)


def test_few_levels_are_not_taken_for_bytes(make, raw):
    X, y = raw
    few = np.minimum(X // 15, 16)
    message = r"0 to 16,.*PixelScaler\(max_value=16\).*rescale=1/16"
    with pytest.warns(UnscaledPixelsWarning, match=message):
        make(epochs=1).fit(few, y)
    with pytest.warns(UnscaledPixelsWarning, match=r"as in rescale=1/16,"):
        make(epochs=1, rescale=1 / 255).fit(few, y)
    make(epochs=1, rescale=1 / 16).fit(few, y)
    with pytest.warns(UnscaledPixelsWarning, match=r"0 to 1,.*full scale or to None"):
        make(epochs=1, rescale=1 / 255).fit((X > 127).astype(np.uint8), y)


def test_a_dark_image_is_predicted_without_a_word(make, raw):
    X, y = raw
    fitted = make(epochs=1, rescale=1 / 255).fit(X, y)
    assert fitted.predict(X[:1] // 64).shape == (1,)


def test_a_new_rescale_counts_at_the_next_fit(make, raw):
    X, y = raw
    fitted = make(rescale=1 / 255, epochs=1).fit(X, y)
    before = fitted.predict_proba(X)
    fitted.set_params(rescale=None)
    np.testing.assert_array_equal(fitted.predict_proba(X), before)


def test_mixed_precision_is_the_networks_own(make, raw):
    import keras

    X, y = raw
    policy = keras.config.dtype_policy().name
    fitted = make(dtype_policy="mixed_bfloat16", rescale=1 / 255, epochs=4).fit(X, y)
    assert keras.config.dtype_policy().name == policy
    kinds = {layer.name: layer.compute_dtype for layer in fitted.model_.layers}
    assert kinds["hidden_1"] == "bfloat16"
    assert kinds["rescaling"] == kinds["probabilities"] == "float32"
    assert {weights.dtype for weights in fitted.model_.get_weights()} == {
        np.dtype("float32")
    }
    assert fitted.predict_proba(X).dtype == np.float32
    whole = make(rescale=1 / 255, epochs=4).fit(X, y)
    assert fitted.history_["loss"] == pytest.approx(whole.history_["loss"], rel=0.1)
    assert fitted.history_["loss"] != whole.history_["loss"]
