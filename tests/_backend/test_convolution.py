"""Gradients of convolutions by convolutions are TensorFlow's own."""

import numpy as np
import pytest

from skfashion import FashionCNNClassifier
from skfashion._backend import convolution, step_cache
from skfashion._backend.runtime import keras, tf
from tests.helpers.classifiers import make_keras


@pytest.mark.parametrize("padding", ["VALID", "SAME"])
@pytest.mark.parametrize("filters", [2, 5], ids=["narrows", "widens"])
@pytest.mark.parametrize("kernel_size", [(3, 3), (5, 1), (1, 3)])
def test_gradients_are_those_of_tensorflow(kernel_size, filters, padding):
    draw = np.random.default_rng(0)
    images = tf.constant(draw.normal(size=(7, 6, 9, 3)).astype(np.float32))
    kernel = tf.constant(
        draw.normal(size=(*kernel_size, 3, filters)).astype(np.float32)
    )

    def differentiated(convolve):
        with tf.GradientTape() as tape:
            tape.watch([images, kernel])
            outputs = convolve(images, kernel)
            loss = tf.reduce_sum(tf.sin(outputs))
        return [outputs, *tape.gradient(loss, [images, kernel])]

    ours = differentiated(lambda *of: convolution.convolve(*of, padding))
    theirs = differentiated(lambda *of: tf.nn.conv2d(*of, 1, padding))
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("shape", "kernel", "dtype", "padding", "expected"),
    [
        ((8, 6, 6, 3), (3, 3, 3, 4), tf.float32, "VALID", True),
        ((8, 6, 6, 3), (3, 3, 3, 4), tf.bfloat16, "VALID", False),
        ((8, 6, 6, 4), (3, 3, 2, 4), tf.float32, "VALID", False),
        ((8, 6, 6, 3), (1, 1, 3, 4), tf.float32, "VALID", False),
        ((8, 6, 6, 3), (2, 2, 3, 4), tf.float32, "VALID", True),
        ((8, 6, 6, 3), (2, 2, 3, 4), tf.float32, "SAME", False),
    ],
    ids=["plain", "half", "groups", "one pixel", "even", "even, padded"],
)
def test_other_convolutions_stay_tensorflows(
    monkeypatch, shape, kernel, dtype, padding, expected
):
    monkeypatch.setattr(convolution, "pays", lambda: True)
    images, kernel = tf.zeros(shape, dtype), tf.zeros(kernel, dtype)
    assert convolution.serves(images, kernel, padding) is expected
    monkeypatch.setattr(convolution, "pays", lambda: False)
    assert not convolution.serves(images, kernel, padding)


@pytest.mark.parametrize("make", [FashionCNNClassifier, make_keras])
def test_both_ways_train_alike(monkeypatch, make):
    draw = np.random.default_rng(0)
    X, y = draw.random((64, 12, 12, 2), dtype=np.float32), np.arange(64) % 2
    fitted, sides = [], []

    def noted(images, kernel, padding="VALID"):
        sides.append(int(kernel.shape[0]))
        return convolution.convolve(images, kernel, padding)

    for module in ("training_model", "fast_convolution"):
        monkeypatch.setattr(f"skfashion._networks.{module}.convolve", noted)
    for pays in (True, False):
        step_cache.cache_clear()
        monkeypatch.setattr(convolution, "pays", lambda pays=pays: pays)
        optimizer = keras.optimizers.SGD(0.1)
        fitted.append(make(epochs=2, random_state=0, optimizer=optimizer).fit(X, y))
        assert bool(sides) is pays
        sides.clear()
    step_cache.cache_clear()
    one, other = (classifier.predict_proba(X) for classifier in fitted)
    np.testing.assert_allclose(one, other, atol=1e-4)
