"""Compiled chunks give Keras's answer, and which models and callbacks they serve."""

import json

import numpy as np
import pytest

from helpers.classifiers import board_scalars, make_mlp
from helpers.training import config_of, is_served, train_alone

BATCH = 32
EPOCHS = 2


def clear_steps():
    from skfashion._backend import step_cache

    step_cache.cache_clear()


@pytest.fixture
def cleared():
    """No step compiled before is used, and none compiled here afterwards."""
    clear_steps()
    yield
    clear_steps()


def network(kind):
    from keras import Input, Sequential, layers

    stacks = {
        "dense": [layers.Dense(16, "relu")],
        "dropout": [layers.Dense(16, "relu"), layers.Dropout(0.4, seed=5)],
        "batchnorm": [
            # A bias would have no gradient but rounding, which Adam scales up.
            layers.Dense(16, use_bias=False),
            layers.BatchNormalization(),
        ],
        "conv batchnorm": [
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(4, 3, strides=3, use_bias=False),
            layers.BatchNormalization(center=False),
            layers.Conv2D(4, 3, strides=3, use_bias=False),
            layers.BatchNormalization(scale=False, epsilon=0.01),
            layers.Flatten(),
        ],
        "l2": [layers.Dense(16, "relu", kernel_regularizer="l2")],
        "conv": [
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(4),
            layers.Flatten(),
        ],
    }
    output = layers.Dense(10, "softmax")
    return Sequential([Input((784,)), *stacks[kind], output])


def optimizer(name):
    from keras import optimizers

    schedule = optimizers.schedules.ExponentialDecay(0.05, 5, 0.8)
    return {
        "sgd": lambda: optimizers.SGD(0.05),
        "momentum": lambda: optimizers.SGD(0.02, momentum=0.9, nesterov=True),
        "adam": lambda: optimizers.Adam(),
        "schedule": lambda: optimizers.SGD(schedule),
        "amsgrad": lambda: optimizers.Adam(amsgrad=True),
        "nadam": lambda: optimizers.Nadam(),
        "clipped adamw": lambda: optimizers.AdamW(weight_decay=0.01, clipnorm=0.5),
    }[name]()


def twins(kind, optimizer_name):
    """Two compiled models of equal weights."""
    import keras

    keras.utils.set_random_seed(1)
    models = [network(kind) for _ in range(2)]
    models[1].set_weights(models[0].get_weights())
    for model in models:
        model.compile(
            optimizer(optimizer_name),
            "sparse_categorical_crossentropy",
            metrics=["accuracy"],
        )
    return models


def train_batch_by_batch(model, x, y, weight, seed):
    logs = []
    for epoch in range(EPOCHS):
        config_of(model).reseed(model, seed, epoch)
        order = np.random.default_rng([seed, epoch]).permutation(len(x))
        sums = dict.fromkeys(("loss", "accuracy"), 0.0)
        for start in range(0, len(x), BATCH):
            rows = order[start : start + BATCH]
            weights = None if weight is None else weight[rows]
            # Up to Keras 3.14 the logs are means over all batches so far.
            model.reset_metrics()
            log = model.train_on_batch(x[rows], y[rows], weights, return_dict=True)
            sums = {name: sums[name] + log[name] * len(rows) for name in sums}
        logs.append({name: total / len(x) for name, total in sums.items()})
    return logs


def assert_close(model, expected):
    pairs = zip(
        [*model.weights, *model.optimizer.variables],
        [*expected.weights, *expected.optimizer.variables],
        strict=True,
    )
    for one, other in pairs:
        one, other = one.value.numpy(), other.value.numpy()
        if one.dtype.kind == "f":
            gap = np.linalg.norm(one - other)
            assert gap <= 1e-4 * np.linalg.norm(other), other.shape
        else:
            np.testing.assert_array_equal(one, other)


# Every optimizer and every network, most of them with weights of the rows.
@pytest.mark.parametrize(
    ("kind", "optimizer_name", "weighted"),
    [
        ("dense", "sgd", True),
        ("dense", "momentum", True),
        ("dense", "adam", True),
        ("dense", "adam", False),
        ("dense", "amsgrad", True),
        ("dense", "schedule", True),
        ("dense", "nadam", True),
        ("dense", "clipped adamw", True),
        ("dropout", "adam", True),
        ("dropout", "adam", False),
        ("batchnorm", "adam", True),
        ("batchnorm", "adam", False),
        ("conv batchnorm", "momentum", True),
        ("l2", "momentum", True),
        ("l2", "momentum", False),
        ("conv", "momentum", False),
        ("conv", "adam", True),
    ],
)
def test_the_same_weights_as_batch_by_batch(
    kind, optimizer_name, weighted, cleared, train, monkeypatch
):
    from skfashion._backend import compiled_step

    # Several chunks, the last of one whole batch and a smaller one.
    monkeypatch.setattr(compiled_step, "CHUNK_BATCHES", 3)
    x, y = train[0][:333], train[1][:333]
    weight = np.linspace(0, 2, len(x), dtype=np.float32) if weighted else None
    plain, keras_own = twins(kind, optimizer_name)
    compiled, _ = twins(kind, optimizer_name)
    logs = train_batch_by_batch(keras_own, x, y, weight, seed=3)
    steps = EPOCHS * -(-len(x) // BATCH)
    for ours, xla in ((plain, False), (compiled, True)):
        monkeypatch.setattr(compiled_step, "_XLA_STEPS", 1 if xla else 10**9)
        assert is_served(ours)
        wanted = compiled_step.wants_xla(config_of(ours), 10**6)
        assert wanted == (xla and kind not in ("dropout", "conv", "conv batchnorm"))
        if xla and not wanted:
            continue
        clear_steps()
        history = train_alone(
            ours, x, y, weight, epochs=EPOCHS, batch_size=BATCH, seed=3
        )
        assert_close(ours, keras_own)
        for name in ("loss", "accuracy"):
            expected = [log[name] for log in logs]
            np.testing.assert_allclose(history[name], expected, rtol=1e-4)
        assert int(ours.optimizer.iterations.value.numpy()) == steps


def test_validation_is_keras_s_own(train, test):
    model, _ = twins("batchnorm", "adam")
    history = train_alone(
        model, *train, epochs=1, batch_size=BATCH, seed=0, validation_data=test
    )
    expected = model.evaluate(*test, verbose=0, return_dict=True)
    for name, value in expected.items():
        assert history[f"val_{name}"][0] == pytest.approx(value, rel=1e-5)


def callbacks(folder, seen):
    from keras import callbacks as kc

    return {
        "History": lambda: kc.History(),
        "EarlyStopping": lambda: kc.EarlyStopping(
            "val_accuracy", patience=1, restore_best_weights=True
        ),
        "ModelCheckpoint": lambda: kc.ModelCheckpoint(folder / "{epoch}.keras"),
        "ReduceLROnPlateau": lambda: kc.ReduceLROnPlateau(
            "loss", factor=0.5, patience=1, min_delta=10
        ),
        "LearningRateScheduler": lambda: kc.LearningRateScheduler(
            lambda epoch: 0.01 / (epoch + 1)
        ),
        "CSVLogger": lambda: kc.CSVLogger(folder / "log.csv"),
        "TensorBoard": lambda: kc.TensorBoard(folder / "board", write_graph=False),
        "TerminateOnNaN": lambda: kc.TerminateOnNaN(),
        "LambdaCallback": lambda: kc.LambdaCallback(
            on_epoch_begin=lambda epoch, logs: seen.append(epoch),
            on_epoch_end=lambda epoch, logs: seen.append(json.dumps(logs)),
        ),
    }


BY_EPOCHS = (
    "History",
    "EarlyStopping",
    "ModelCheckpoint",
    "ReduceLROnPlateau",
    "LearningRateScheduler",
    "CSVLogger",
    "LambdaCallback",
    "TensorBoard",
)


@pytest.mark.parametrize("name", [*BY_EPOCHS, "TerminateOnNaN"])
def test_a_callback_does_the_same_on_both_paths(name, train, test, tmp_path):
    import keras

    from skfashion._backend.listeners import listens_to_batches

    results = []
    for path in ("chunks", "keras"):
        folder, seen = tmp_path / path, []
        folder.mkdir()
        model, _ = twins("dense", "adam")
        callback = callbacks(folder, seen)[name]()
        assert listens_to_batches(callback) == (name not in BY_EPOCHS)
        history = train_alone(
            model,
            *train,
            epochs=4,
            batch_size=BATCH,
            seed=1,
            validation_data=test,
            callbacks=[callback],
            by_keras=path == "keras",
        )
        files = {path.relative_to(folder).parts[0] for path in folder.rglob("*")}
        results.append((history, model, callback, files, seen))
    (ours, model, callback, files, seen), (keras_own, other, second, theirs, heard) = (
        results
    )
    assert ours.keys() == keras_own.keys()
    for key, values in keras_own.items():
        np.testing.assert_allclose(ours[key], values, rtol=1e-3, err_msg=key)
    assert_close(model, other)
    assert files == theirs
    if name == "History":
        assert callback.history.keys() == second.history.keys()
        assert callback.epoch == second.epoch == [0, 1, 2, 3]
    elif name == "EarlyStopping":
        assert callback.best_epoch == second.best_epoch
    elif name == "ModelCheckpoint":
        assert files == {f"{epoch}.keras" for epoch in range(1, 5)}
        saved = keras.models.load_model(tmp_path / "chunks" / "4.keras")
        np.testing.assert_array_equal(saved.predict(test[0]), model.predict(test[0]))
        # Half way is not the end.
        earlier = keras.models.load_model(tmp_path / "chunks" / "2.keras")
        assert not np.array_equal(earlier.predict(test[0]), model.predict(test[0]))
    elif name in ("ReduceLROnPlateau", "LearningRateScheduler"):
        rates = ours["learning_rate"]
        assert rates[0] > rates[-1]
    elif name == "CSVLogger":
        lines = (tmp_path / "chunks" / "log.csv").read_text().splitlines()
        assert len(lines) == 5
        assert lines[0].split(",")[0] == "epoch"
    elif name == "TensorBoard":
        ours, theirs = (
            board_scalars(tmp_path / path / "board") for path in ("chunks", "keras")
        )
        assert ours.keys() == theirs.keys()
        for tag, values in ours.items():
            np.testing.assert_allclose(values, theirs[tag], rtol=1e-3, err_msg=str(tag))
    elif name == "LambdaCallback":
        assert seen[::2] == heard[::2] == [0, 1, 2, 3]
        assert json.loads(seen[-1])["loss"] == pytest.approx(ours["loss"][-1])


@pytest.mark.parametrize(
    "asked",
    [
        {"update_freq": 5},
        {"update_freq": "batch"},
        {"write_steps_per_second": True},
        {"profile_batch": 2},
    ],
    ids=str,
)
def test_a_board_of_batches_listens_to_them(asked, tmp_path):
    import keras

    from skfashion._backend.listeners import listens_to_batches

    board = keras.callbacks.TensorBoard(tmp_path, **{"write_graph": False, **asked})
    assert listens_to_batches(board)


@pytest.mark.parametrize("write_graph", [False, True])
def test_a_board_holds_the_epochs_of_a_classifier(
    make, write_graph, train, test, tmp_path
):
    import keras

    board = keras.callbacks.TensorBoard(tmp_path, write_graph=write_graph)
    clf = make(callbacks=[board]).fit(*train, X_val=test[0], y_val=test[1])
    scalars = board_scalars(tmp_path)
    for name, values in clf.history_.items():
        side = "validation" if name.startswith("val_") else "train"
        tag = f"epoch_{name.removeprefix('val_')}"
        np.testing.assert_allclose(scalars[side, tag], values, rtol=1e-6)
    assert len(scalars["train", "epoch_learning_rate"]) == clf.n_iter_


def test_terminate_on_nan_stops_within_the_epoch(train):
    import keras

    model, _ = twins("dense", "adam")
    model.optimizer.learning_rate = 1e30
    history = train_alone(
        model,
        *train,
        epochs=5,
        batch_size=BATCH,
        seed=0,
        callbacks=[keras.callbacks.TerminateOnNaN()],
    )
    assert len(history["loss"]) == 1


def test_what_a_callback_does_to_the_weights_counts(train):
    import keras

    class Zero(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                self.model.set_weights([0 * w for w in self.model.get_weights()])

    model, _ = twins("dense", "sgd")
    train_alone(model, *train, epochs=2, batch_size=32, seed=0, callbacks=[Zero()])
    assert not any(weights.any() for weights in model.get_weights())


def test_a_batch_hook_gets_chunks_of_one_batch_and_the_same_masks(make, train):
    import keras

    losses = []
    listener = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: losses.append((batch, logs["loss"]))
    )
    quiet = make(dropout=0.2).fit(*train)
    heard = make(dropout=0.2, callbacks=[listener]).fit(*train)
    assert len(losses) == 3 * 19
    assert losses[-1][1] == pytest.approx(heard.history_["loss"][-1])
    for name, values in quiet.history_.items():
        np.testing.assert_allclose(heard.history_[name], values, rtol=1e-6)
    np.testing.assert_array_equal(
        heard.predict_proba(train[0]), quiet.predict_proba(train[0])
    )


def test_what_a_batch_hook_does_to_the_weights_counts(train):
    import keras

    class Zero(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.set_weights([0 * w for w in self.model.get_weights()])

    fitted = make_mlp(epochs=1, callbacks=[Zero()]).fit(*train)
    assert not any(weights.any() for weights in fitted.coefs_)


def test_a_training_step_of_ones_own_goes_to_keras(train):
    import keras

    steps = []

    class Counting(keras.Model):
        def train_step(self, data):
            steps.append(1)
            return super().train_step(data)

    plain, other = twins("dense", "adam")
    own = Counting(other.inputs, other.outputs)
    own.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert not is_served(own)
    first, second = (
        train_alone(model, *train, epochs=2, batch_size=BATCH, seed=0)
        for model in (plain, own)
    )
    assert steps
    for name, values in first.items():
        np.testing.assert_allclose(second[name], values, rtol=1e-4)


def test_a_loss_of_ones_own_goes_to_keras():
    import keras

    def loss(y_true, y_pred):
        return keras.losses.sparse_categorical_crossentropy(y_true, y_pred)

    model, _ = twins("dense", "adam")
    assert is_served(model)
    model.compile("adam", loss)
    assert not is_served(model)


def test_the_estimator_stops_where_a_callback_says(train):
    import keras

    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    assert make_mlp(epochs=9, callbacks=[Stop()]).fit(*train).n_iter_ == 2
