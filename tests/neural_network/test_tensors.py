"""Tensors of other libraries as images, labels and weights."""

import numpy as np
import pytest

from helpers.classifiers import make_mlp
from skfashion import PixelScaler
from skfashion.exceptions import DataError


class Tensor:
    """What of a torch tensor matters here, which need not be installed."""

    def __init__(self, values, requires_grad=False):
        self.values, self.requires_grad = np.asarray(values), requires_grad
        # No type of NumPy's, as torch's are none.
        self.dtype = f"torch.{self.values.dtype}"

    @property
    def shape(self):
        return self.values.shape

    def __len__(self):
        return len(self.values)

    def __array__(self, dtype=None, copy=None):
        if self.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return self.values.astype(dtype or self.values.dtype)


def of_tensorflow(values):
    import tensorflow as tf

    return tf.constant(values)


KINDS = pytest.mark.parametrize("tensor", [of_tensorflow, Tensor])


@KINDS
@pytest.mark.parametrize("shape", [(784,), (28, 28), (28, 28, 1)], ids=str)
def test_tensors_act_as_arrays_do(make, train, tensor, shape):
    X, y = train[0][:64].reshape(-1, *shape), train[1][:64]
    weights = 1.0 + y
    images, labels = tensor(X), tensor(y)
    given = {"X_val": images, "y_val": labels}
    one = make(epochs=1).fit(images, labels, tensor(weights), **given)
    other = make(epochs=1).fit(X, y, weights, X_val=X, y_val=y)
    assert one.history_ == other.history_
    np.testing.assert_array_equal(one.predict_proba(images), one.predict_proba(X))
    assert one.score(images, labels) == other.score(X, y)
    part = make().partial_fit(images, labels, classes=np.arange(10))
    np.testing.assert_array_equal(
        part.predict(images), make().partial_fit(X, y, np.arange(10)).predict(X)
    )


@KINDS
def test_tensors_are_scaled_as_arrays_are(sample, tensor):
    X = sample[0][:20].reshape(-1, 28, 28)
    scaler = PixelScaler().fit(tensor(X))
    scaled = scaler.transform(tensor(X))
    np.testing.assert_array_equal(scaled, PixelScaler().fit_transform(X))
    np.testing.assert_array_equal(scaler.inverse_transform(tensor(scaled)), X)


def test_tensors_of_bfloat16(train):
    import tensorflow as tf

    X, y = train[0][:64], train[1][:64]
    half = tf.cast(X, tf.bfloat16)
    assert make_mlp(epochs=1).fit(half, y).predict(half).shape == y.shape
    assert PixelScaler().fit_transform(half).dtype == np.float32


def test_tensors_that_numpy_cannot_read_are_told(train):
    X, y = train[0][:64], train[1][:64]
    fitted = make_mlp(epochs=1).fit(X, y)
    images = Tensor(X, requires_grad=True)
    message = (
        r"X is a .*Tensor that does not become .*requires grad; give one, as X\.det"
    )
    for call in (
        lambda: make_mlp().fit(images, y),
        lambda: fitted.partial_fit(images, y),
        lambda: fitted.predict(images),
        lambda: fitted.score(images, y),
        lambda: PixelScaler().fit(images),
        lambda: PixelScaler().fit(X).transform(images),
        lambda: PixelScaler().fit(X).inverse_transform(images),
    ):
        with pytest.raises(DataError, match=message):
            call()
    with pytest.raises(DataError, match=r"y is a .*as y\.detach\(\)"):
        make_mlp().fit(X, Tensor(y, requires_grad=True))
    with pytest.raises(DataError, match=r"^y is a .*as y\.detach\(\)"):
        fitted.score(X, Tensor(y, requires_grad=True))
    with pytest.raises(DataError, match=r"^sample_weight is a .*as sample_weight\.det"):
        fitted.score(X, y, Tensor(np.ones(64), requires_grad=True))
    with pytest.raises(DataError, match=r"^X_val is a .*as X_val\.detach\(\)"):
        make_mlp().fit(X, y, X_val=images, y_val=y)
    with pytest.raises(DataError, match=r"^y_val is a .*as y_val\.detach\(\)"):
        make_mlp().fit(X, y, X_val=X, y_val=Tensor(y, requires_grad=True))
    with pytest.raises(DataError, match=r"X is a .*X = X\.float\(\) .*bfloat16"):
        make_mlp().fit(images, y)
    classes = Tensor(np.arange(10.0), requires_grad=True)
    with pytest.raises(DataError, match=r"classes is a .*as classes\.detach\(\)"):
        make_mlp().partial_fit(X, y, classes)
    with pytest.raises(DataError, match=r"sample_weight is a .*as sample_weight\.det"):
        make_mlp().fit(X, y, Tensor(np.ones(64), requires_grad=True))


@KINDS
def test_channel_first_tensors_are_refused(make, train, tensor):
    X, y = train[0][:64].reshape(-1, 1, 28, 28), train[1][:64]
    with pytest.raises(DataError, match=r"channel-first.*X\.permute\(0, 2, 3, 1\)"):
        make().fit(tensor(X), y)


def test_what_is_no_array_is_told(train):
    import tensorflow as tf

    images = tf.data.Dataset.from_tensor_slices(train)
    with pytest.raises(DataError, match=r"X is a tensorflow.*Dataset, but must be an"):
        make_mlp().fit(images, train[1])
