"""Label smoothing and learning-rate schedules, beside loops written in Keras."""

import copy
import pickle

import numpy as np
import pytest

from helpers.classifiers import make_cnn, make_keras, make_mlp
from helpers.training import train_alone
from skfashion import load, save

MAKERS = {"mlp": make_mlp, "cnn": make_cnn, "keras": make_keras}
RATE, BATCH, EPOCHS, SMOOTHING = 0.01, 32, 2, 0.2


def momentum():
    from keras import optimizers

    return optimizers.SGD(RATE, momentum=0.9, nesterov=True, weight_decay=0.01)


def factor(schedule, step, steps):
    done = step / steps
    if schedule == "cosine":
        return 0.5 + 0.5 * np.cos(np.pi * done)
    return 0.2 + 0.8 * done / 0.23 if done < 0.23 else (1 - done) / 0.77


def smooth_network(image_shape, n_classes, dropout):
    """Without a corner, at which rounding would decide which way a unit goes."""
    from keras import Input, Sequential, layers

    return Sequential(
        [
            Input(image_shape),
            layers.Conv2D(8, 3, strides=2, use_bias=False),
            layers.BatchNormalization(momentum=0.8),
            layers.Activation("tanh"),
            layers.Dropout(dropout),
            layers.Flatten(),
            layers.Dense(n_classes, activation="softmax"),
        ]
    )


def weights_of(clf):
    return clf._fitted_network.values


def assert_same_bits(one, other):
    for ours, theirs in zip(weights_of(one), weights_of(other), strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.fixture
def cut(monkeypatch):
    """Several chunks, the last of one whole batch and a smaller one."""
    from skfashion._backend import compiled_step, step_cache

    monkeypatch.setattr(compiled_step, "CHUNK_BATCHES", 3)
    step_cache.cache_clear()
    yield lambda steps: monkeypatch.setattr(compiled_step, "_XLA_STEPS", steps)
    step_cache.cache_clear()


@pytest.mark.parametrize(
    ("kind", "schedule", "xla"),
    [
        ("mlp", "one_cycle", False),
        ("mlp", "cosine", True),
        ("cnn", "one_cycle", False),
        ("keras", "cosine", False),
    ],
)
def test_a_loop_in_keras_gives_the_same(kind, schedule, xla, train, test, cut):
    import keras

    cut(1 if xla else 10**9)
    x, y = train[0][:333], train[1][:333]
    params = {"dropout": 0.0, "epochs": EPOCHS, "optimizer": momentum()}
    if kind == "keras":
        params["network"] = smooth_network
    clf = MAKERS[kind](
        label_smoothing=SMOOTHING, learning_rate_schedule=schedule, **params
    )
    clf.fit(x, y, X_val=test[0], y_val=test[1])

    config = clf._fitted_network.config
    if kind == "keras":
        values = clf._first(10, clf._seed)[1]
    else:
        values = config.initial_values(clf._seed)
    model = config.build(values)
    model.compile(
        momentum(), keras.losses.CategoricalCrossentropy(label_smoothing=SMOOTHING)
    )
    inputs, targets = config.to_inputs(x), np.eye(10)[y]
    steps, done, losses = EPOCHS * 11, 0, []
    for epoch in range(EPOCHS):
        order = np.random.default_rng([clf._seed, epoch, 0]).permutation(333)
        total = 0.0
        for start in range(0, 333, BATCH):
            rows = order[start : start + BATCH]
            model.optimizer.learning_rate = RATE * factor(schedule, done, steps)
            model.reset_metrics()
            total += model.train_on_batch(inputs[rows], targets[rows]) * len(rows)
            done += 1
        losses.append(total / 333)
    np.testing.assert_allclose(clf.history_["loss"], losses, rtol=1e-4)
    for ours, theirs in zip(weights_of(clf), model.get_weights(), strict=True):
        gap = np.linalg.norm(ours - theirs)
        assert gap <= 1e-3 * np.linalg.norm(theirs) + 1e-6
    # What validates is not smoothed.
    right = clf.predict_proba(test[0])[np.arange(500), test[1]]
    assert clf.history_["val_loss"][-1] == pytest.approx(-np.log(right).mean(), 1e-4)


@pytest.mark.parametrize("kind", MAKERS)
def test_bits_do_not_depend_on_chunks_nor_on_who_listens(kind, train, cut):
    import keras

    from skfashion._backend import compiled_step, step_cache

    x, y = train[0][:333], train[1][:333]

    def fitted(**params):
        return MAKERS[kind](
            epochs=EPOCHS,
            optimizer=momentum(),
            label_smoothing=0.1,
            learning_rate_schedule="one_cycle",
            **params,
        ).fit(x, y)

    heard = []
    listener = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: heard.append(
            float(listener.model.optimizer.learning_rate)
        )
    )
    in_three, alone = fitted(), fitted(callbacks=[listener])
    compiled_step.CHUNK_BATCHES = 64
    step_cache.cache_clear()
    whole = fitted()
    assert_same_bits(in_three, whole)
    assert_same_bits(alone, whole)
    # What callbacks see is what the schedule multiplies.
    np.testing.assert_allclose(heard, RATE)
    assert len(heard) == EPOCHS * 11


def test_a_search_compiles_once(train, cut, monkeypatch):
    from skfashion._backend import step_cache

    made = []

    class Recorded(step_cache.CompiledStep):
        def __init__(self, *args):
            super().__init__(*args)
            made.append(self)

    monkeypatch.setattr(step_cache, "CompiledStep", Recorded)
    for smoothing, schedule in (
        (0.05, "constant"),
        (0.1, "cosine"),
        (0.3, "one_cycle"),
    ):
        for make in (make_mlp, make_keras):
            make(
                epochs=1, label_smoothing=smoothing, learning_rate_schedule=schedule
            ).fit(train[0][:64], train[1][:64])
    assert [step.n_traces for step in made] == [1, 1]


@pytest.mark.parametrize("kind", ["mlp", "keras"])
def test_what_was_kept_trains_on_with_it(kind, train, tmp_path):
    x, y = train[0][:200], train[1][:200]
    params = {"epochs": 1, "warm_start": True, "learning_rate_schedule": "cosine"}
    first = MAKERS[kind](label_smoothing=0.3, **params).fit(x, y)
    loaded = load(save(first, tmp_path / "model.skfashion"))
    kept = [pickle.loads(pickle.dumps(first)), copy.deepcopy(first), loaded]
    _ = kept[1].model_
    first.fit(x, y)
    for other in kept:
        # Part of the network: another value counts when it is trained anew.
        other.set_params(label_smoothing=0.0).fit(x, y)
        assert_same_bits(other, first)
        assert other.history_["loss"] == first.history_["loss"]


def test_a_model_changed_by_hand_trains_on_with_it(train):
    import keras

    from skfashion.exceptions import ParameterError

    x, y = train[0][:200], train[1][:200]
    clf = make_mlp(epochs=1, warm_start=True, label_smoothing=0.9).fit(x, y)
    before = clf.model_.layers[1].get_weights()[0]
    clf.model_.layers[1].trainable = False
    clf.fit(x, y)
    np.testing.assert_array_equal(clf.model_.layers[1].get_weights()[0], before)
    # Nine tenths of each label are everybody's.
    assert clf.history_["loss"][-1] > 2
    clf.model_.compile("adam", keras.losses.SparseCategoricalCrossentropy())
    clf.fit(x, y)
    clf.model_.compile("adam", keras.losses.KLDivergence())
    with pytest.raises(ParameterError, match="label_smoothing does not go with the"):
        clf.fit(x, y)


def test_each_fit_goes_over_its_own_epochs_and_parts_over_none(train, monkeypatch):
    from skfashion._backend import training

    x, y = train[0][:64], train[1][:64]
    told = []
    original = training.factors_of_epoch

    def noted(*args):
        told.append(original(*args))
        return told[-1]

    monkeypatch.setattr(training, "factors_of_epoch", noted)
    clf = make_mlp(epochs=2, warm_start=True, learning_rate_schedule="cosine")
    clf.fit(x, y).fit(x, y)
    wanted = [
        [factor("cosine", step, 4) for step in steps] for steps in ((0, 1), (2, 3))
    ]
    np.testing.assert_allclose(told, wanted * 2, rtol=1e-6)
    told.clear()
    clf.partial_fit(x, y)
    np.testing.assert_array_equal(told, [[1, 1]])


@pytest.mark.parametrize("callback", [None, "LearningRateScheduler"])
def test_keras_s_own_fit_follows_the_schedule(callback, train, test):
    import keras

    results = []
    for by_keras in (False, True):
        keras.utils.set_random_seed(0)
        inner = [keras.layers.Dense(16, "relu"), keras.layers.Dense(10, "softmax")]
        model = keras.Sequential([keras.Input((784,)), *inner])
        loss = keras.losses.SparseCategoricalCrossentropy()
        model.compile(momentum(), loss, metrics=["accuracy"])
        callbacks = []
        if callback:
            callbacks = [
                keras.callbacks.LearningRateScheduler(lambda e: 0.02 / (e + 1))
            ]
        history = train_alone(
            model,
            *train,
            epochs=3,
            batch_size=BATCH,
            seed=1,
            callbacks=callbacks,
            by_keras=by_keras,
            schedule="one_cycle",
        )
        rate = float(model.optimizer.learning_rate)
        results.append((history, model.get_weights(), rate))
    (ours, weights, rate), (theirs, others, other_rate) = results
    for name, values in theirs.items():
        np.testing.assert_allclose(ours[name], values, rtol=1e-4)
    for one, other in zip(weights, others, strict=True):
        assert np.linalg.norm(one - other) <= 1e-4 * np.linalg.norm(other)
    assert rate == other_rate == pytest.approx(0.02 / 3 if callback else RATE)


def test_a_fit_that_was_stopped_goes_on_at_its_step(train, tmp_path):
    import keras

    class Fails(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise RuntimeError("stop here")

    x, y = train[0][:200], train[1][:200]
    params = {"epochs": 4, "learning_rate_schedule": "one_cycle"}
    whole = make_mlp(**params).fit(x, y)
    with pytest.raises(RuntimeError, match="stop here"):
        make_mlp(checkpoint=tmp_path, callbacks=[Fails()], **params).fit(x, y)
    assert_same_bits(make_mlp(checkpoint=tmp_path, **params).fit(x, y), whole)


def test_what_does_not_go_together_is_refused(train):
    import keras

    from skfashion.exceptions import ParameterError

    class Own(keras.layers.Layer):
        def call(self, x):
            return x

    def foreign(image_shape, n_classes):
        inner = [
            Own(),
            keras.layers.Flatten(),
            keras.layers.Dense(n_classes, "softmax"),
        ]
        return keras.Sequential([keras.Input(image_shape), *inner])

    x, y = train[0][:64], train[1][:64]
    decay = keras.optimizers.schedules.ExponentialDecay(0.1, 5, 0.5)
    for params in (
        {"learning_rate": decay},
        {"optimizer": keras.optimizers.SGD(decay)},
    ):
        with pytest.raises(ParameterError, match="needs a number as learning rate"):
            make_mlp(learning_rate_schedule="cosine", **params).fit(x, y)
        make_mlp(epochs=1, **params).fit(x, y)
    with pytest.raises(ParameterError, match=r"label_smoothing=0\.1 needs a network"):
        make_keras(foreign, label_smoothing=0.1).fit(x, y)
    with pytest.raises(ParameterError, match="max_time=1 needs a network"):
        make_keras(foreign, max_time=1).fit(x, y)
    with pytest.raises(ValueError, match="label_smoothing"):
        make_mlp(label_smoothing=1).fit(x, y)


def test_states_of_former_versions_are_as_they_were(train, tmp_path):
    from skfashion._networks.config import config_from_dict

    clf = make_mlp(epochs=1).fit(train[0][:64], train[1][:64])
    state = clf.__getstate__()
    for name in ("label_smoothing", "learning_rate_schedule", "max_time"):
        del state[name]
    del state["_fitted_network"]["config"]["label_smoothing"]
    former = object.__new__(type(clf))
    former.__setstate__(state)
    assert former.get_params() == clf.get_params()
    assert former._fitted_network.config == clf._fitted_network.config
    held = clf._fitted_network.config.to_dict()
    del held["dropout"]
    with pytest.raises(ValueError, match="are not the fields"):
        config_from_dict(held)


def test_a_schedule_rises_to_five_times_a_rate_that_nobody_set(train):
    x, y = train[0][:96], train[1][:96]

    def fit(**params):
        return make_mlp(learning_rate_schedule="one_cycle", epochs=1, **params).fit(
            x, y
        )

    own, five, same = fit(), fit(learning_rate=0.005), fit(learning_rate=0.001)
    for ours, theirs in zip(weights_of(own), weights_of(five), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)
    assert not np.allclose(weights_of(own)[0], weights_of(same)[0], atol=1e-4)
    # Parts know no schedule: they go on at the optimizer's own.
    part = copy.deepcopy(own).set_params(learning_rate=0.001).partial_fit(x, y)
    assert_same_bits(own.partial_fit(x, y), part)
    # An optimizer that brings its rate keeps it.
    brought = fit(optimizer=adam(0.001))
    assert_same_bits(brought, fit(optimizer=adam(), learning_rate=0.001))


def adam(*rate):
    from keras import optimizers

    return optimizers.Adam(*rate)
