"""Files of skops, which asks whom to trust: our public classes, and nobody else."""

import keras
import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

from skfashion import FashionCNNClassifier, FashionMLPClassifier, PixelScaler

skops = pytest.importorskip("skops.io")

PUBLIC = {
    f"{kind.__module__}.{kind.__qualname__}"
    for kind in (FashionCNNClassifier, FashionMLPClassifier, PixelScaler)
}
PARAMS = {
    "defaults": lambda: {},
    "optimizer": lambda: {"optimizer": keras.optimizers.AdamW(0.002)},
    "schedule": lambda: {
        "learning_rate": keras.optimizers.schedules.CosineDecay(0.01, 100)
    },
    "schedule in an optimizer": lambda: {
        "optimizer": keras.optimizers.SGD(
            keras.optimizers.schedules.ExponentialDecay(0.05, 10, 0.9), momentum=0.9
        )
    },
}


def refuse(*args, **kwargs):
    raise AssertionError("Keras was asked to make an object of what is in the file")


def loaded(data, monkeypatch):
    """Load what was dumped, trusting our own classes only."""
    with monkeypatch.context() as patched:
        patched.setattr(keras.saving, "deserialize_keras_object", refuse)
        lib = "keras.src.saving.serialization_lib.deserialize_keras_object"
        patched.setattr(lib, refuse)
        return skops.loads(data, trusted=sorted(PUBLIC))


@pytest.mark.parametrize("params", PARAMS.values(), ids=PARAMS)
def test_fitted_pipelines_come_back(make, params, sample, monkeypatch):
    X, y = sample[0][:300], sample[1][:300]
    pipeline = make_pipeline(PixelScaler(), make(epochs=1, **params())).fit(X, y)
    data = skops.dumps(pipeline)
    assert set(skops.get_untrusted_types(data=data)) <= PUBLIC
    again = loaded(data, monkeypatch)
    np.testing.assert_array_equal(again.predict_proba(X), pipeline.predict_proba(X))
    np.testing.assert_array_equal(again.predict(X), pipeline.predict(X))
    clf, before = again[-1], pipeline[-1]
    assert clf.history_ == before.history_
    for name, value in before.get_params().items():
        now = clf.get_params()[name]
        assert type(now) is type(value)
        if hasattr(value, "get_config"):
            assert now.get_config() == value.get_config()
        else:
            assert now == value


@pytest.mark.parametrize("params", PARAMS.values(), ids=PARAMS)
def test_training_goes_on_as_if_never_dumped(make, params, train, monkeypatch):
    X, y = train[0][:300], train[1][:300]
    clf = make(dropout=0.2, **params()).partial_fit(X, y, classes=range(10))
    again = loaded(skops.dumps(clf), monkeypatch)
    for one in (clf, again):
        one.partial_fit(X, y)
    np.testing.assert_array_equal(again.predict_proba(X), clf.predict_proba(X))


def test_what_is_not_trusted_is_not_loaded(train):
    from skops.io.exceptions import UntrustedTypesFoundException

    data = skops.dumps(make_pipeline(PixelScaler()).fit(*train))
    with pytest.raises(UntrustedTypesFoundException, match="PixelScaler"):
        skops.loads(data, trusted=[])
