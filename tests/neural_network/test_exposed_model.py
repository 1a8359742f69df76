"""The Keras model that was asked for: the truth from then on."""

import copy
import pickle
import sys

import numpy as np
import pytest

from helpers.classifiers import make_mlp
from skfashion.exceptions import ParameterError


def bits(fitted, train):
    return fitted.predict_proba(train[0])


def close(fitted, train):
    np.testing.assert_allclose(
        bits(fitted, train), fitted.model_(train[0]).numpy(), rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize("asked", ["model_", "keras_classifier_"])
def test_predictions_are_those_of_the_model_asked_for_after_training_on(
    make, train, asked
):
    fitted = make(epochs=1).fit(*train)
    bits(fitted, train)
    fitted.partial_fit(*train)
    getattr(fitted, asked)
    close(fitted, train)


def test_training_counts_whoever_asks_for_the_model_meanwhile(train, monkeypatch):
    fitted = make_mlp(epochs=1, warm_start=True).fit(*train)
    expected = copy.deepcopy(fitted).fit(*train)
    seen = []

    class Asking:
        def write(self, text):
            seen.append(fitted.model_)

        def flush(self):
            pass

    monkeypatch.setattr(sys, "stdout", Asking())
    fitted.set_params(verbose=1).fit(*train)
    monkeypatch.undo()
    assert seen[-1] is fitted.model_
    assert fitted.n_epochs_ == 2
    np.testing.assert_array_equal(bits(fitted, train), bits(expected, train))


def test_a_hidden_softmax_is_trained_as_it_predicts(make, train):
    params = {"activation": "softmax", "epochs": 8, "learning_rate": 0.05}
    fitted = make(dropout=0, **params).fit(*train)
    assert fitted.score(*train) == pytest.approx(
        fitted.history_["accuracy"][-1], abs=0.1
    )


def test_an_optimizer_that_begins_anew_has_the_rate_of_its_parameters(train):
    import keras

    lower = keras.callbacks.LearningRateScheduler(lambda epoch: 1e-5)
    fitted = make_mlp(epochs=1, callbacks=[lower]).fit(*train)
    again = pickle.loads(pickle.dumps(fitted))
    for one in (fitted, again):
        one.set_params(callbacks=None, warm_start=True).fit(*train)
    np.testing.assert_array_equal(bits(fitted, train), bits(again, train))


@pytest.mark.parametrize("name", ["accumulating", "scaling"])
def test_optimizers_of_keras_s_own_path_begin_anew_on_copies_too(name, train):
    import keras

    inner = keras.optimizers.SGD(0.05, momentum=0.9)
    optimizer = {
        "accumulating": lambda: keras.optimizers.SGD(
            0.05, momentum=0.9, gradient_accumulation_steps=2
        ),
        "scaling": lambda: keras.optimizers.LossScaleOptimizer(inner),
    }[name]()
    fitted = make_mlp(epochs=1, dropout=0, optimizer=optimizer).fit(*train)
    again = pickle.loads(pickle.dumps(fitted))
    for one in (fitted, again):
        one.set_params(warm_start=True).fit(*train)
    np.testing.assert_allclose(bits(fitted, train), bits(again, train), atol=1e-6)


def test_layers_may_be_frozen_and_freed(train):
    fitted = make_mlp(epochs=1, warm_start=True).fit(*train)
    first = fitted.coefs_
    fitted.model_.layers[1].trainable = False
    fitted.fit(*train)
    np.testing.assert_array_equal(fitted.coefs_[0], first[0])
    assert not np.array_equal(fitted.coefs_[1], first[1])
    fitted.model_.layers[1].trainable = True
    fitted.fit(*train)
    assert not np.array_equal(fitted.coefs_[0], first[0])
    close(fitted, train)


def test_what_was_changed_by_hand_is_not_copied_as_something_else(train, tmp_path):
    fitted = make_mlp(epochs=1, warm_start=True).fit(*train)
    fitted.model_.layers[1].trainable = False
    for work in (pickle.dumps, copy.deepcopy):
        with pytest.raises(ParameterError, match="changed by hand"):
            work(fitted)
    with pytest.raises(ParameterError, match=r"checkpoint=.* set checkpoint=None"):
        fitted.set_params(checkpoint=tmp_path / "epochs").fit(*train)


def test_early_stopping_needs_the_accuracy(train):
    fitted = make_mlp(epochs=1, warm_start=True).fit(*train)
    fitted.model_.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(ParameterError, match="early_stopping=True needs the accuracy"):
        fitted.set_params(early_stopping=True).fit(*train)


def test_a_failing_fit_leaves_the_model_as_it_was(train):
    import keras

    class Fails(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise RuntimeError("stop here")

    fitted = make_mlp(epochs=1, warm_start=True).fit(*train)
    held, before = fitted.model_, bits(fitted, train)
    with pytest.raises(RuntimeError, match="stop here"):
        fitted.set_params(callbacks=[Fails()]).fit(*train)
    assert fitted.model_ is held
    np.testing.assert_array_equal(bits(fitted, train), before)


def test_a_batch_hook_stops_within_the_epoch(train):
    import keras

    class Stops(keras.callbacks.Callback):
        batches = 0

        def on_train_batch_end(self, batch, logs=None):
            self.batches += 1
            self.model.stop_training = batch == 2

    stops = Stops()
    fitted = make_mlp(epochs=5, callbacks=[stops]).fit(*train)
    assert (stops.batches, fitted.n_iter_) == (3, 1)


def test_hooks_of_validation_batches_are_called(train, test):
    import keras

    told = []

    class Hears(keras.callbacks.Callback):
        def on_test_batch_end(self, batch, logs=None):
            told.append((batch, logs["loss"]))

    fitted = make_mlp(epochs=2, callbacks=[Hears()])
    fitted.fit(*train, X_val=test[0], y_val=test[1])
    assert [batch for batch, _ in told] == [0, 0]
    assert told[-1][1] == pytest.approx(fitted.history_["val_loss"][-1])
