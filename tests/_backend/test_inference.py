"""Prediction: the network's own forward pass, fast, bounded and always up to date."""

import copy
import gc
import threading
import tracemalloc
import weakref

import numpy as np
import pytest

from helpers.classifiers import make_cnn, make_mlp


@pytest.fixture
def traces(monkeypatch):
    """What forward passes are traced of, none being kept from before."""
    from skfashion._backend import inference

    traced = []
    trace = inference._trace
    monkeypatch.setattr(
        inference, "_trace", lambda *args: traced.append(args) or trace(*args)
    )
    monkeypatch.setattr(inference, "_kept", type(inference._kept)())
    return traced


@pytest.mark.parametrize(
    "params",
    [
        {"activation": "relu", "dropout": 0.3},
        {"activation": "tanh", "hidden_layer_sizes": ()},
        {"activation": "logistic", "alpha": 1.0},
        {"activation": "identity", "hidden_layer_sizes": (20, 20)},
        {"activation": "relu", "rescale": 2.0},
        {"activation": "gelu"},
        {"activation": "relu", "dtype_policy": "mixed_bfloat16"},
    ],
)
def test_probabilities_are_those_of_the_network(train, params):
    fitted = make_mlp(epochs=1, **params).fit(*train)
    digits = 0.05 if "dtype_policy" in params else 1e-4
    for rows in (1, 7, 600):
        X = train[0][:rows]
        expected = fitted.model_(X, training=False).numpy()
        np.testing.assert_allclose(
            fitted.predict_proba(X), expected, rtol=digits, atol=digits / 100
        )


def test_dense_networks_trace_nothing_and_others_once(train, traces):
    make_mlp(epochs=1).fit(*train).predict(train[0])
    assert traces == []
    for seed in range(3):
        fitted = make_cnn(epochs=1, random_state=seed).fit(*train)
        for rows in (1, 2, 599, 600):
            fitted.predict(train[0][:rows])
    make_cnn(epochs=1, optimizer="sgd").fit(*train).predict(train[0])
    assert len(traces) == 1
    make_cnn(epochs=1, activation="tanh").fit(*train).predict(train[0])
    assert len(traces) == 2


def test_the_traces_kept_are_bounded(train, traces, monkeypatch):
    from skfashion._backend import inference

    monkeypatch.setattr(inference, "_MAX_TRACED", 2)
    for size in range(3, 7):
        make_cnn(filters=(size,), epochs=1).fit(*train).predict(train[0])
    assert len(traces) == 4
    assert len(inference._kept) == 2


def test_equal_networks_predict_by_their_own_weights(train, traces):
    fitted = [make_cnn(epochs=1, random_state=s).fit(*train) for s in range(2)]
    for _ in range(2):
        for one in fitted:
            np.testing.assert_allclose(
                one.predict_proba(train[0][:9]), one.model_(train[0][:9]), rtol=1e-4
            )


@pytest.mark.parametrize("rows", [1, 30])
def test_weights_changed_by_hand_count(make, train, rows):
    X = train[0][:rows]
    fitted = make(epochs=1).fit(*train)
    before = fitted.predict_proba(X)
    held = fitted.model_
    held.set_weights([weights * 0.5 for weights in held.get_weights()])
    after = fitted.predict_proba(X)
    assert not np.allclose(before, after)
    held.set_weights([weights * 2 for weights in held.get_weights()])
    np.testing.assert_array_equal(fitted.predict_proba(X), before)
    fitted.keras_classifier_.model_.set_weights(
        [weights * 0.5 for weights in held.get_weights()]
    )
    np.testing.assert_array_equal(fitted.predict_proba(X), after)


def test_a_network_handed_out_is_not_looked_at_again(train, monkeypatch):
    from skfashion._backend import fingerprint, inference

    fitted = make_cnn(epochs=1).fit(*train)
    expected = fitted.predict_proba(train[0][:5])
    held = fitted.model_
    monkeypatch.delattr(fingerprint, "fingerprint")
    monkeypatch.delattr(inference, "_trace")
    np.testing.assert_array_equal(fitted.predict_proba(train[0][:5]), expected)
    held.set_weights([weights * 0.5 for weights in held.get_weights()])
    assert not np.allclose(fitted.predict_proba(train[0][:5]), expected)


def test_traces_kept_hold_no_network(train, traces):
    fitted = make_cnn(epochs=1).fit(*train)
    fitted.predict(train[0][:5])
    network = weakref.ref(fitted._fitted_network)
    traces.clear()
    del fitted
    gc.collect()
    assert network() is None


def test_a_callback_that_keeps_the_network_may_change_it(make, train):
    import keras

    class Keeps(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.kept = self.model

    callback = Keeps()
    fitted = make(epochs=1, callbacks=[callback]).fit(*train)
    before = fitted.predict_proba(train[0][:5])
    callback.kept.set_weights([w * 0.5 for w in callback.kept.get_weights()])
    assert not np.allclose(before, fitted.predict_proba(train[0][:5]))


def test_training_on_counts(make, train):
    fitted = make(epochs=1, warm_start=True, learning_rate=0.01).fit(*train)
    for train_on in (fitted.fit, fitted.partial_fit):
        before = fitted.predict_proba(train[0])
        train_on(*train)
        after = fitted.predict_proba(train[0])
        assert not np.allclose(before, after)
        np.testing.assert_allclose(
            after, fitted.model_(train[0]).numpy(), rtol=1e-4, atol=1e-6
        )


def test_memory_is_bounded_whatever_the_rows(make, train, monkeypatch):
    from skfashion._backend import inference
    from skfashion.neural_network import _fitted_network

    fitted = make(epochs=1).fit(*train)
    seen = []
    pad = inference.pad

    def counted(rows, whole):
        seen.append(len(rows))
        assert whole - len(rows) < 12
        return pad(rows, whole)

    monkeypatch.setattr(inference, "pad", counted)
    monkeypatch.setattr(_fitted_network, "_DENSE_ROWS", 1000)
    monkeypatch.setattr(_fitted_network, "_PREDICT_ROWS", 1000)
    fitted.predict_proba(np.tile(train[0], (5, 1)))
    assert seen == [1000, 1000, 1000]


def test_eight_threads_predict_on_one_estimator(make, train):
    fitted = make(epochs=1).fit(*train)
    expected = fitted.predict_proba(train[0])
    # Which reads its weights anew.
    fitted = copy.deepcopy(fitted)
    results = [None] * 8

    def predict(slot):
        results[slot] = [fitted.predict_proba(train[0]) for _ in range(5)]

    threads = [threading.Thread(target=predict, args=(slot,)) for slot in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        for probabilities in result:
            np.testing.assert_array_equal(probabilities, expected)


def test_prediction_does_not_go_through_keras(make, train, monkeypatch):
    import keras

    fitted = make(epochs=1).fit(*train)

    def refuse(*_, **__):
        raise AssertionError("keras.Model.predict was called")

    monkeypatch.setattr(keras.Model, "predict", refuse)
    assert fitted.predict_proba(train[0]).shape == (600, 10)
    assert fitted.predict(train[0][:3]).shape == (3,)


def test_many_rows_take_no_memory_but_the_result():
    from skfashion._backend.inference import in_parts

    x = np.zeros((200_000, 1), dtype=np.float32)
    tracemalloc.start()
    try:
        result = in_parts(lambda rows: np.repeat(rows, 10, axis=1), x, 1000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert result.shape == (200_000, 10)
    assert result.dtype == np.float32
    assert result.nbytes <= peak < 1.1 * result.nbytes
