"""What the parameters and methods of the two classifiers do, on real images."""

import gc
import weakref

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import accuracy_score
from sklearn.neural_network import MLPClassifier

from helpers.classifiers import make_cnn, make_mlp
from skfashion.exceptions import DataError, ParameterError
from skfashion.neural_network import _targets


def test_learns(make, train, test):
    assert make(epochs=8).fit(*train).score(*test) > 0.7


@pytest.mark.parametrize("sort", [str, object, np.int16, bool, float])
def test_labels_come_back_as_they_went_in(make, train, names, sort):
    X, y = train
    labels = names[y] if sort in (str, object) else y
    labels = (y > 4) if sort is bool else labels.astype(sort)
    fitted = make(epochs=1).fit(X, labels)
    predicted = fitted.predict(X)
    assert predicted.dtype == labels.dtype
    assert set(predicted) <= set(labels)
    np.testing.assert_array_equal(fitted.classes_, np.unique(labels))
    assert fitted.predict_proba(X).shape == (len(X), len(np.unique(labels)))


def test_images_and_rows_are_the_same_data(make, train):
    X, y = train
    rows = make(epochs=1).fit(X, y)
    images = make(epochs=1).fit(X.reshape(-1, 28, 28), y)
    listed = images.predict_proba(X[:5].reshape(-1, 28, 28, 1).tolist())
    np.testing.assert_array_equal(rows.predict_proba(X[:5]), listed)
    assert rows.image_shape_ == images.image_shape_ == (28, 28, 1)


@pytest.mark.parametrize(
    ("given", "found"),
    [(None, (28, 28, 1)), ((14, 56), (14, 56, 1)), ((14, 28, 2), (14, 28, 2))],
)
def test_image_shape(train, given, found):
    fitted = make_cnn(image_shape=given, epochs=1).fit(*train)
    assert fitted.image_shape_ == found
    assert fitted.model_.get_layer("image").output.shape[1:] == found


def test_history(make, train, test):
    X, y = train
    fitted = make(epochs=3).fit(X, y, X_val=test[0], y_val=test[1])
    assert sorted(fitted.history_) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert fitted.n_iter_ == len(fitted.loss_curve_) == 3
    assert fitted.loss_curve_[-1] < fitted.loss_curve_[0]
    assert fitted.validation_scores_[-1] == pytest.approx(fitted.score(*test), abs=1e-6)


def test_no_validation_data_no_validation_scores(train):
    assert make_mlp(epochs=1).fit(*train).validation_scores_ is None


def test_early_stopping_goes_back_to_the_best_epoch(make, train, test):
    stopping = make(early_stopping=True, n_iter_no_change=2, epochs=60)
    X, y = train
    fitted = stopping.fit(X, y, X_val=test[0], y_val=test[1])
    scores = fitted.validation_scores_
    assert fitted.n_iter_ == len(scores) < 60
    assert np.argmax(scores) == len(scores) - 3
    assert fitted.score(*test) == pytest.approx(max(scores), abs=1e-6)


def test_weights_are_those_of_the_rows_that_train(make, train, monkeypatch):
    X, y = train
    held = _targets.hold_out(y, 0.1, 0)[1]
    weights = np.ones(len(X))
    weights[held] = 1000
    clf = make(epochs=1, early_stopping=True, dropout=0, random_state=0)
    one = clf.fit(X, y, weights).history_["loss"]
    assert one == pytest.approx(clf.fit(X, y).history_["loss"], rel=1e-5)
    weights[:] = 0
    weights[held] = 1
    with pytest.raises(DataError, match="is 0 for every row that is not held out"):
        clf.fit(X, y, weights)


def test_early_stopping_holds_out_a_stratified_part(train, monkeypatch):
    from skfashion._backend import trainer

    seen = {}
    train_on = trainer.train

    def spy(training, *args):
        seen.update(y=training.arrays[1], held=training.validation_data[1])
        return train_on(training, *args)

    monkeypatch.setattr(trainer, "train", spy)
    X, y = train
    make_mlp(epochs=1, early_stopping=True, validation_fraction=0.2).fit(X, y)
    assert (len(seen["y"]), len(seen["held"])) == (480, 120)
    np.testing.assert_allclose(np.bincount(seen["held"]), np.bincount(y) * 0.2, atol=1)


@pytest.mark.parametrize("class_weight", [{0: 30.0}, "balanced"])
def test_class_weight_draws_predictions_to_the_weighted_class(train, class_weight):
    X, y = train
    rare = np.flatnonzero(y == 0)[3:]
    X, y = np.delete(X, rare, axis=0), np.delete(y, rare)
    if class_weight != "balanced":
        class_weight = {**dict.fromkeys(range(10), 1.0), **class_weight}
    plain = make_mlp().fit(X, y)
    weighted = make_mlp(class_weight=class_weight).fit(X, y)
    mean = [fitted.predict_proba(train[0])[:, 0].mean() for fitted in (plain, weighted)]
    assert mean[1] > 2 * mean[0]


def test_weights_of_the_caller_are_left_alone(train):
    X, y = train
    weights = np.ones(len(y))
    make_mlp(epochs=1, class_weight="balanced").fit(X, y, sample_weight=weights)
    assert (weights == 1).all()


def test_alpha_is_scikit_learns(train):
    """From equal weights, the penalty in the first loss is MLPClassifier's."""
    X, y = train
    alpha, batch = 300.0, 100
    fitted = make_mlp(alpha=alpha, batch_size=batch, learning_rate=1e-12, epochs=1)
    fitted.fit(X, y)
    theirs = MLPClassifier(
        (32,), alpha=alpha, batch_size=batch, max_iter=1, solver="sgd"
    )
    theirs.learning_rate_init = 1e-12
    with pytest.warns(match="iterations"):
        theirs.fit(X, y)

    def penalty(estimator, loss):
        chosen = estimator.predict_proba(X)[np.arange(len(y)), y]
        penalty = loss + np.log(chosen).mean()
        return penalty / sum((kernel**2).sum() for kernel in estimator.coefs_)

    assert penalty(fitted, fitted.loss_curve_[0]) == pytest.approx(
        penalty(theirs, theirs.loss_curve_[0]), rel=1e-3
    )


def test_dropout_and_alpha_change_the_fit(make, train):
    X, y = train
    plain = make(epochs=1, dropout=0.0).fit(X, y).predict_proba(X)
    for params in ({"dropout": 0.5}, {"dropout": 0.0, "alpha": 1.0}):
        other = make(epochs=1, **params).fit(X, y).predict_proba(X)
        assert np.abs(plain - other).max() > 1e-3


def test_optimizers(train):
    import keras

    X, y = train
    by_name = make_mlp(optimizer="sgd", learning_rate=0.1).fit(X, y)
    given = keras.optimizers.SGD(0.1)
    by_object = make_mlp(optimizer=given).fit(X, y)
    np.testing.assert_array_equal(by_name.predict_proba(X), by_object.predict_proba(X))
    assert by_object.model_.optimizer is not given
    assert not given.built
    momentum = keras.optimizers.SGD(0.5, momentum=0.9)
    fitted = make_mlp(optimizer=momentum, learning_rate=0.01, epochs=1).fit(X, y)
    assert fitted.model_.optimizer.get_config()["learning_rate"] == pytest.approx(0.01)
    assert fitted.model_.optimizer.momentum == 0.9
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    for optimizer in ("sgd", momentum):
        estimator = make_mlp(optimizer=optimizer, learning_rate=schedule, epochs=2)
        # Which keeps the optimizer's state, that is, how many steps it has taken.
        estimator.set_params(warm_start=True)
        rate = clone(estimator).fit(X, y).model_.optimizer.learning_rate
        assert float(rate) < 0.01


@pytest.mark.parametrize("name", ["adam", "sgd"])
def test_weights_decay_as_keras_has_it(make, train, name):
    import keras

    X, y = train
    kinds = {"adam": keras.optimizers.AdamW, "sgd": keras.optimizers.SGD}
    own = kinds[name](0.01, weight_decay=0.5)
    params = {"epochs": 2, "learning_rate": 0.01}
    ours = make(optimizer=name, weight_decay=0.5, **params).fit(X, y)
    theirs = make(optimizer=own, epochs=2).fit(X, y)
    replaced = make(optimizer=own, weight_decay=0.1, **params).fit(X, y)
    none = make(optimizer=own, weight_decay=0, **params).fit(X, y)
    plain = make(optimizer=name, **params).fit(X, y)
    proba = [clf.predict_proba(X) for clf in (ours, theirs, replaced, none, plain)]
    np.testing.assert_array_equal(proba[0], proba[1])
    np.testing.assert_array_equal(proba[3], proba[4])
    assert np.abs(proba[0] - proba[2]).max() > 1e-4
    assert own.weight_decay == 0.5


def test_an_optimizer_without_decay_is_told_of_none(train):
    import keras

    class Own(keras.optimizers.SGD):
        def get_config(self):
            return {"learning_rate": 0.1}

    scaled = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD())
    for optimizer in (Own(), scaled):
        with pytest.raises(ParameterError, match=r"weight_decay=0\.1 is no setting of"):
            make_mlp(optimizer=optimizer, weight_decay=0.1).fit(*train)


def test_a_number_does_not_replace_a_schedule_under_way(train):
    import keras

    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    clf = make_mlp(learning_rate=schedule, warm_start=True, epochs=1).fit(*train)
    before = clf.predict_proba(train[0])
    with pytest.raises(ParameterError, match=r"learning_rate=0\.01 cannot replace"):
        clf.set_params(learning_rate=0.01).fit(*train)
    np.testing.assert_array_equal(clf.predict_proba(train[0]), before)


def test_an_estimator_is_freed_without_the_collector(make, train):
    estimator = make(epochs=1).fit(*train)
    estimator.predict(train[0])
    gone = weakref.ref(estimator)
    gc.disable()
    try:
        del estimator
        assert gone() is None
    finally:
        gc.enable()


def test_warm_start_goes_on_as_if_never_stopped(make, train):
    X, y = train
    whole = make(epochs=4, dropout=0.3).fit(X, y)
    halves = make(epochs=2, dropout=0.3, warm_start=True).fit(X, y).fit(X, y)
    assert halves.n_epochs_ == 4
    assert halves.history_ == whole.history_
    np.testing.assert_array_equal(whole.predict_proba(X), halves.predict_proba(X))


def test_a_new_learning_rate_counts_in_a_warm_start(make, train):
    X, y = train
    warm = make(epochs=1, warm_start=True).fit(X, y)
    before = warm.model_.get_weights()
    warm.set_params(learning_rate=1e-12).fit(X, y).partial_fit(X, y)
    for old, new in zip(before, warm.model_.get_weights(), strict=True):
        np.testing.assert_allclose(new, old, atol=1e-6)


def test_log_probabilities(make, train):
    fitted = make(epochs=1).fit(*train)
    logs = fitted.predict_log_proba(train[0][:5])
    np.testing.assert_array_equal(logs, np.log(fitted.predict_proba(train[0][:5])))


def test_fit_starts_anew_without_warm_start(make, train):
    X, y = train
    fitted = make(epochs=1).fit(X, y)
    first = fitted.predict_proba(X)
    np.testing.assert_array_equal(first, fitted.fit(X, y).predict_proba(X))
    assert fitted.n_iter_ == 1


def test_partial_fit_on_all_rows_is_an_epoch(make, train):
    X, y = train
    whole = make(epochs=2).fit(X, y)
    parts = make().partial_fit(X, y, classes=np.arange(10)).partial_fit(X, y)
    np.testing.assert_array_equal(whole.predict_proba(X), parts.predict_proba(X))
    assert parts.n_epochs_ == 2


def test_partial_fit_learns_from_parts_that_lack_classes(train, test):
    X, y = train
    order = np.argsort(y, kind="stable")
    parts = make_mlp()
    for _ in range(8):
        for rows in np.array_split(order, 3):
            parts.partial_fit(X[rows], y[rows], classes=range(10))
    assert parts.score(*test) > 0.4


def test_quiet_by_default_and_a_line_an_epoch_with_verbose(make, train, capfd):
    make(epochs=2).fit(*train).predict(train[0])
    assert capfd.readouterr() == ("", "")
    make(epochs=2, verbose=1, early_stopping=True).fit(*train)
    lines = capfd.readouterr().out.splitlines()
    assert len(lines) == 2
    for number, line in enumerate(lines, 1):
        assert line.startswith(f"Epoch {number}/2  ")
        assert all(f" {name} 0." in line for name in ("accuracy", "val_accuracy"))


def test_many_small_fits_stay_quiet(train, capfd):
    """TensorFlow warns of functions that are traced again and again."""
    for seed in range(10):
        fitted = make_mlp(epochs=1, random_state=seed).fit(train[0][:40], train[1][:40])
        fitted.predict(train[0][: 5 + seed])
    assert capfd.readouterr() == ("", "")


def test_callbacks(make, train):
    import keras

    epochs = []
    history = keras.callbacks.History()
    stop = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: epochs.append((epoch, logs["loss"]))
    )
    fitted = make(epochs=2, callbacks=[stop, history]).fit(*train)
    assert epochs == list(enumerate(fitted.loss_curve_))
    assert history.history["loss"] == fitted.loss_curve_
    assert history.model is None
    clone(fitted)


def test_mlp_shows_its_weights(train):
    fitted = make_mlp(hidden_layer_sizes=(32, 16), epochs=1).fit(*train)
    assert [w.shape for w in fitted.coefs_] == [(784, 32), (32, 16), (16, 10)]
    assert [b.shape for b in fitted.intercepts_] == [(32,), (16,), (10,)]
    X = train[0][:4]
    for kernel, bias in zip(fitted.coefs_[:-1], fitted.intercepts_[:-1], strict=True):
        X = np.maximum(X @ kernel + bias, 0)
    logits = X @ fitted.coefs_[-1] + fitted.intercepts_[-1]
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(fitted.predict_proba(train[0][:4]), expected, rtol=1e-4)


def test_many_rows_are_predicted_in_parts(make, sample, train, monkeypatch):
    from skfashion.neural_network import _fitted_network

    X = sample[0] / np.float32(255)
    fitted = make(epochs=1).fit(*train)
    whole = fitted.predict_proba(X)
    monkeypatch.setattr(_fitted_network, "_DENSE_ROWS", 300)
    monkeypatch.setattr(_fitted_network, "_PREDICT_ROWS", 300)
    np.testing.assert_allclose(fitted.predict_proba(X), whole, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("shape", "most"),
    [((2, 2), 1024), ((28, 28), 1024), ((56, 28), 512), ((99, 99), 81)],
)
def test_the_larger_images_are_the_fewer_are_predicted_at_once(
    shape, most, monkeypatch
):
    from skfashion._backend import inference

    parts = []
    in_parts = inference.in_parts

    def noted(forward, rows, rows_at_once):
        parts.append(rows_at_once)
        return in_parts(forward, rows, rows_at_once)

    X = np.random.default_rng(0).random((4, *shape), dtype=np.float32)
    fitted = make_cnn(epochs=1).fit(X, [0, 1, 0, 1])
    monkeypatch.setattr(inference, "in_parts", noted)
    fitted.predict_proba(X)
    assert parts == [most]


def test_score_is_accuracy(make, train, test):
    fitted = make(epochs=1).fit(*train)
    assert fitted.score(*test) == accuracy_score(test[1], fitted.predict(test[0]))


def test_model_is_plain_keras(make, train):
    import keras
    from scikeras.wrappers import KerasClassifier

    fitted = make(epochs=1).fit(*train)
    assert type(fitted.model_) is keras.Model or isinstance(fitted.model_, keras.Model)
    assert isinstance(fitted.keras_classifier_, KerasClassifier)
    assert fitted.keras_classifier_.model_ is fitted.model_
    loss, accuracy = fitted.model_.evaluate(*train, verbose=0)
    assert accuracy == pytest.approx(fitted.score(*train), abs=1e-6)
    assert np.isfinite(loss)
