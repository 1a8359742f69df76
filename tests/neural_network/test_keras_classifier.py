"""A network of one's own: what it may be, what is refused, and what it leaves alone."""

import copy
import pickle
import random

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

import skfashion
from helpers.classifiers import make_keras, small_network
from skfashion import KerasImageClassifier, Network, PixelScaler
from skfashion.exceptions import NotReproducibleWarning, ParameterError


@pytest.fixture(scope="module")
def fitted(train):
    return make_keras(epochs=6, dropout=0.2).fit(*train)


def built(n_classes=10, **params):
    return small_network((28, 28, 1), n_classes, **params)


def sequential(*layers):
    import keras

    return keras.Sequential([keras.Input((28, 28, 1)), *layers])


def softmax(inputs=None, n=10):
    import keras

    layer = keras.layers.Dense(n, activation="softmax")
    return layer if inputs is None else layer(inputs)


# What a network may be


def test_a_function_learns(fitted, test):
    assert fitted.score(*test) > 0.6
    assert fitted.image_shape_ == (28, 28, 1)
    assert fitted.n_iter_ == len(fitted.loss_curve_) == 6


def rows(image_shape, n_classes):
    import keras

    n_pixels = int(np.prod(image_shape))
    return keras.Sequential([keras.Input((n_pixels,)), softmax(n=n_classes)])


def without_channels(image_shape, n_classes):
    import keras

    flatten = keras.layers.Flatten()
    return keras.Sequential([keras.Input(image_shape[:2]), flatten, softmax()])


def of_any_size(image_shape, n_classes):
    import keras

    pool = keras.layers.GlobalAveragePooling2D()
    return keras.Sequential([keras.Input((None, None, 1)), pool, softmax()])


def without_an_input(image_shape, n_classes):
    import keras

    return keras.Sequential([keras.layers.Flatten(), softmax()])


def of_several_parts(image_shape, n_classes):
    import keras

    stem = keras.Sequential([keras.Input(image_shape), keras.layers.Flatten()])
    images = keras.Input(image_shape)
    return keras.Model(images, softmax(stem(images)))


FUNCTIONS = [rows, without_channels, of_any_size, without_an_input, of_several_parts]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_shapes_that_a_network_may_take(function, train):
    clf = make_keras(function, epochs=1).fit(*train)
    assert clf.predict_proba(train[0]).shape == (600, 10)
    assert clf._fitted_network.config.servable
    again = pickle.loads(pickle.dumps(clf))
    np.testing.assert_array_equal(
        again.predict_proba(train[0]), clf.predict_proba(train[0])
    )


def test_logits_give_the_same_as_probabilities(train):
    given = [
        make_keras(epochs=1, logits=logits, from_logits=logits).fit(*train)
        for logits in (False, True)
    ]
    ours, theirs = (clf.predict_proba(train[0]) for clf in given)
    np.testing.assert_allclose(ours, theirs, atol=1e-4)
    np.testing.assert_allclose(theirs.sum(axis=1), 1, atol=1e-5)


def test_the_model_of_logits_gives_logits(train):
    clf = make_keras(epochs=1, logits=True, from_logits=True).fit(*train)
    expected = clf.predict_proba(train[0])
    outputs = clf.model_.predict(train[0].reshape(-1, 28, 28, 1), verbose=0)
    assert outputs.min() < 0
    np.testing.assert_array_equal(clf.predict_proba(train[0]), expected)
    assert clf.keras_classifier_.model_ is clf.model_


def test_bytes_and_scaled_pixels_train_alike(sample, train):
    X, y = sample
    scaled = make_keras(epochs=1).fit(*train)
    raw = make_keras(epochs=1, rescale=1 / 255).fit(X[:600], y[:600])
    np.testing.assert_allclose(
        raw.predict_proba(X[:600]), scaled.predict_proba(train[0]), atol=1e-3
    )


def test_a_network_that_scales_by_itself_is_not_warned_of(sample):
    import keras

    def scaling(image_shape, n_classes):
        layers = [keras.layers.Rescaling(1 / 255), keras.layers.Flatten(), softmax()]
        return keras.Sequential([keras.Input(image_shape), *layers])

    clf = make_keras(scaling, epochs=1).fit(sample[0][:300], sample[1][:300])
    assert np.isfinite(clf.predict_proba(sample[0])).all()


# Fine-tuning


def test_a_model_keeps_its_weights_and_is_not_changed(train):
    import keras

    model = built()
    before = model.get_weights()
    clf = make_keras(model, epochs=1, optimizer=keras.optimizers.SGD(1e-30))
    clf.fit(*train)
    after = clf.model_.get_weights()
    for weight, was, now in zip(model.weights, before, after, strict=True):
        assert "/moving_" in weight.path or np.allclose(was, now)
    clf.set_params(optimizer="adam").fit(*train)
    assert all(map(np.array_equal, before, model.get_weights()))
    # Each fit begins there anew.
    first = clf.predict_proba(train[0])
    np.testing.assert_array_equal(first, clf.fit(*train).predict_proba(train[0]))


def test_frozen_layers_stay_frozen(train):
    model = built()
    for layer in model.layers[:-1]:
        layer.trainable = False
    before = model.get_weights()
    clf = make_keras(model, epochs=1).fit(*train)
    after = clf.model_.get_weights()
    assert all(map(np.array_equal, before[:-2], after[:-2]))
    assert not np.array_equal(before[-2], after[-2])
    assert len(clf.model_.trainable_variables) == 2


def test_a_clone_shares_the_model_and_trains_alike(train):
    clf = make_keras(built(), epochs=1)
    other = clone(clf)
    assert other.network is clf.network
    proba = clf.fit(*train).predict_proba(train[0])
    np.testing.assert_array_equal(other.fit(*train).predict_proba(train[0]), proba)


# What is refused


def refused():
    """Networks that are none, how they are given, and what is said."""
    import keras

    layers = keras.layers
    images = keras.Input((28, 28, 1))
    flat = layers.Flatten()
    yield 3, "must be a function that maps image_shape and n_classes"
    yield keras.Model, "must be a function that maps image_shape and n_classes"
    yield (lambda meta: "text"), "cannot be called as network"
    yield (lambda shape, n: "text"), "gave 'text' for image_shape="
    yield keras.Sequential([flat, softmax()]), "has no weights yet"
    yield (
        (lambda shape, n: sequential(layers.Flatten(), softmax(n=7))),
        (r"outputs of shape \(7,\), but must have \(10,\)"),
    )
    yield (lambda shape, n: sequential(softmax())), r"outputs of shape \(28, 28, 10\)"
    yield built(logits=True), "set from_logits=True if it gives logits"
    two = keras.Model([images, keras.Input((3,))], softmax(layers.Flatten()(images)))
    yield two, "has 2 inputs; a classifier of images has one"
    output = softmax(layers.Flatten()(images))
    yield keras.Model(images, [output, output]), "has 2 outputs"
    other = keras.Sequential([keras.Input((32, 32, 3)), layers.Flatten(), softmax()])
    yield other, r"takes inputs of shape \(32, 32, 3\), but the images are"
    frozen = built()
    frozen.trainable = False
    yield frozen, "has no weight to train: every layer is frozen"
    named = keras.Model(images, {"labels": softmax(layers.Flatten()(images))})
    yield named, "gives a dict of outputs; it must give one tensor"
    half = layers.Dense(10, activation="softmax", dtype="bfloat16")
    yield sequential(layers.Flatten(), half), "has weights of bfloat16, .*mixed_bfloat"


@pytest.mark.parametrize("number", range(14))
def test_what_is_no_network_is_refused_in_one_sentence(number, train):
    network, told = list(refused())[number]
    clf = KerasImageClassifier(network)
    with pytest.raises(ParameterError, match=told):
        clf.fit(*train)
    assert vars(clf).keys() == set(clf.get_params(deep=False))


def test_probabilities_are_not_taken_for_logits(train):
    with pytest.raises(ParameterError, match="from_logits=True, but network="):
        make_keras(from_logits=True).fit(*train)


def test_one_output_for_two_classes_is_refused(train):
    X, y = train
    import keras

    model = sequential(keras.layers.Flatten(), keras.layers.Dense(1, "sigmoid"))
    with pytest.raises(ParameterError, match="has one output; it must have one for"):
        make_keras(model).fit(X, y > 4)


def test_variables_that_keras_does_not_know_are_refused(train):
    import keras
    import tensorflow as tf

    class Own(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.factor = tf.Variable(1.0)

        def call(self, inputs):
            return inputs * self.factor

    network = sequential(Own(), keras.layers.Flatten(), softmax())
    with pytest.raises(ParameterError, match=r"holds a tf\.Variable, which"):
        make_keras(network).fit(*train)


# Parameters to search over


def test_a_search_over_the_networks_parameters(train):
    pipeline = make_pipeline(PixelScaler(), make_keras(epochs=1))
    grid = {"kerasimageclassifier__network__filters": [2, 4]}
    search = GridSearchCV(pipeline, grid, cv=2).fit(*train)
    best = search.best_estimator_[-1].network.get_params()["filters"]
    assert best == search.best_params_["kerasimageclassifier__network__filters"]
    assert search.estimator[-1].network.get_params()["filters"] == 8


def test_parameters_of_a_bare_function_are_refused():
    with pytest.raises(ParameterError, match=r"Network\(function, width=\.\.\.\)"):
        KerasImageClassifier(small_network).set_params(network__width=3)


def test_parameters_of_the_optimizer_as_scikeras_has_them_are_refused():
    with pytest.raises(ParameterError, match=r"0\.1 cannot be set in an .* give opt"):
        make_keras().set_params(optimizer__learning_rate=0.1)


def test_a_network_knows_the_parameters_of_its_function():
    network = Network(small_network, filters=3)
    assert network.get_params() == {
        "function": small_network,
        "filters": 3,
        "dropout": 0.0,
        "logits": False,
    }
    assert repr(network) == (
        "Network(small_network, filters=3, dropout=0.0, logits=False)"
    )
    assert clone(network) == network
    with pytest.raises(ParameterError, match="has no parameter width; beside"):
        network.set_params(width=3)
    assert network.get_params()["filters"] == 3
    with pytest.raises(ParameterError, match="needs a value of depth"):
        Network(lambda image_shape, n_classes, depth: None)


# Seeds, and what is left alone


def greedy(image_shape, n_classes):
    """Draws from everything, and changes what it can."""
    import keras
    import tensorflow as tf

    keras.config.set_dtype_policy("mixed_bfloat16")
    scale = random.random() + np.random.rand()  # noqa: NPY002
    scale += float(tf.random.uniform(()) + keras.random.uniform(()))
    scale += float(tf.random.get_global_generator().uniform(()))
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(image_shape),
            layers.Rescaling(scale),
            layers.Flatten(),
            layers.Dense(n_classes, activation="softmax", dtype="float32"),
        ]
    )


def test_building_leaves_generators_names_and_policy_as_they_were(train):
    import keras
    import tensorflow as tf

    def drawn():
        layer = keras.layers.Dense(1)
        return (
            random.random(),
            np.random.rand(),  # noqa: NPY002
            float(tf.random.uniform(())),
            float(tf.random.get_global_generator().uniform(())),
            float(keras.random.uniform(())),
            layer.name,
            layer.dtype_policy.name,
        )

    def begun():
        keras.utils.set_random_seed(3)
        tf.random.set_global_generator(tf.random.Generator.from_seed(4))
        keras.utils.clear_session()
        return drawn()

    expected = [begun(), drawn()]
    found = [begun()]
    scales = set()
    for seed in (0, 0, 1):
        clf = make_keras(greedy, epochs=1, random_state=seed).fit(*train)
        clf.predict(train[0])
        assert clf.model_.name == "sequential"
        scales.add(clf.model_.layers[0].scale)
        clone(clf)
        pickle.loads(pickle.dumps(clf))
    assert [*found, drawn()] == expected
    # The seed decides all that it drew.
    assert len(scales) == 2


@pytest.mark.parametrize("kind", ["function", "model"])
def test_the_same_seed_gives_the_same_bits(kind, train):
    network = small_network if kind == "function" else built(dropout=0.4)
    inner = {"dropout": 0.4} if kind == "function" else {}

    def bits(**params):
        clf = make_keras(network, **inner, **params)
        return clf.fit(*train).predict_proba(train[0])

    first = bits(epochs=2)
    np.testing.assert_array_equal(first, bits(epochs=2))
    assert not np.array_equal(first, bits(epochs=2, random_state=1))
    warm = make_keras(network, **inner, epochs=1, warm_start=True)
    warm.fit(*train).fit(*train)
    np.testing.assert_array_equal(first, warm.predict_proba(train[0]))


def test_epochs_from_a_checkpoint_give_the_same_bits(train, tmp_path):
    params = {"dropout": 0.3, "epochs": 3}
    whole = make_keras(**params).fit(*train)

    class KilledError(Exception):
        pass

    import keras

    class Killer(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if epoch == 2:
                raise KilledError

    folder = tmp_path / "epochs"
    with pytest.raises(KilledError):
        make_keras(**params, checkpoint=folder, callbacks=[Killer()]).fit(*train)
    again = make_keras(**params, checkpoint=folder).fit(*train)
    np.testing.assert_array_equal(
        again.predict_proba(train[0]), whole.predict_proba(train[0])
    )
    other = make_keras(**{**params, "dropout": 0.1}, checkpoint=folder)
    with pytest.raises(ValueError, match="network is '"):
        other.fit(*train)


@pytest.mark.parametrize(
    "copied",
    [lambda c: pickle.loads(pickle.dumps(c)), copy.deepcopy],
    ids=["pickle", "deepcopy"],
)
def test_copies_go_on_to_the_same_bits(copied, train):
    clf = make_keras(dropout=0.3, epochs=1).partial_fit(*train, classes=range(10))
    other = copied(clf)
    for one in (clf, other):
        one.partial_fit(*train)
    np.testing.assert_array_equal(
        other.predict_proba(train[0]), clf.predict_proba(train[0])
    )


def test_an_unfitted_one_with_a_model_is_pickled(train, tmp_path):
    clf = make_keras(built(), epochs=1)
    joblib.dump(clf, tmp_path / "clf")
    again = joblib.load(tmp_path / "clf").fit(*train)
    np.testing.assert_array_equal(
        again.predict_proba(train[0]), clf.fit(*train).predict_proba(train[0])
    )


# Parts of the caller's own


def test_early_stopping_and_callbacks(train, test):
    import keras

    seen = keras.callbacks.History()
    clf = make_keras(
        epochs=4, early_stopping=True, n_iter_no_change=1, callbacks=[seen]
    )
    clf.fit(*train, X_val=test[0], y_val=test[1])
    assert len(seen.history["val_loss"]) == clf.n_iter_
    assert max(clf.validation_scores_) == pytest.approx(clf.score(*test), abs=1e-6)


def noisy(draw):
    import keras

    class Noise(keras.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.seeds = keras.random.SeedGenerator()

        def call(self, inputs, training=False):
            return inputs + draw(self, inputs) if training else inputs

    def network(image_shape, n_classes):
        layers = [Noise(name="noise"), keras.layers.Flatten(), softmax(n=n_classes)]
        return keras.Sequential([keras.Input(image_shape), *layers])

    return network


def test_layers_of_ones_own_with_seeds_of_theirs(train):
    import keras

    network = noisy(
        lambda layer, x: keras.random.normal(keras.ops.shape(x), seed=layer.seeds)
    )

    def bits(**params):
        return make_keras(network, **params).fit(*train).predict_proba(train[0])

    np.testing.assert_array_equal(bits(epochs=1), bits(epochs=1))
    assert not np.array_equal(bits(epochs=1), bits(epochs=1, random_state=1))


def draws():
    """What no seed of ours reaches, and how it is named."""
    import keras
    import tensorflow as tf

    yield lambda layer, x: tf.random.normal(tf.shape(x)), "noise.*RandomStandardNormal"
    yield lambda layer, x: keras.random.normal((28, 28, 1)), "keras.random without a se"
    yield lambda layer, x: random.random(), "a generator of Python's or NumPy's"


@pytest.mark.parametrize("number", range(3))
def test_what_no_seed_reaches_is_named(number, train):
    draw, told = list(draws())[number]
    with pytest.warns(NotReproducibleWarning, match=told):
        make_keras(noisy(draw), epochs=1).fit(*train)
    make_keras(noisy(draw), epochs=1, random_state=None).fit(*train)


def test_a_class_of_ones_own(train):
    import keras

    class Own(keras.Model):
        def __init__(self, n_classes):
            super().__init__()
            self.flatten = keras.layers.Flatten()
            self.dense = keras.layers.Dense(n_classes)

        def call(self, inputs):
            return self.dense(self.flatten(inputs))

        def train_step(self, data):
            steps.append(1)
            return super().train_step(data)

    steps = []
    clf = make_keras(lambda shape, n: Own(n), epochs=2, from_logits=True).fit(*train)
    assert steps
    assert clf.score(*train) > 0.5
    again = make_keras(lambda shape, n: Own(n), epochs=2, from_logits=True).fit(*train)
    np.testing.assert_array_equal(
        again.predict_proba(train[0]), clf.predict_proba(train[0])
    )


def doubled(keras):
    class Double(keras.layers.Layer):
        def call(self, inputs):
            return inputs * 2

    return Double()


def test_a_model_that_a_function_gives_twice_is_refused(train):
    import keras

    flatten = keras.layers.Flatten()
    held = keras.Sequential(
        [keras.Input((28, 28, 1)), doubled(keras), flatten, softmax()]
    )
    before = held.get_weights()
    with pytest.raises(ParameterError, match="was given before: a function must"):
        make_keras(lambda shape, n: held, epochs=1).fit(*train)
    assert all(map(np.array_equal, before, held.get_weights()))


def test_parameters_set_after_a_fit_leave_the_fitted_network(train):
    import keras

    def network(image_shape, n_classes, width=3):
        layers = [doubled(keras), keras.layers.Flatten(), keras.layers.Dense(width)]
        return keras.Sequential([keras.Input(image_shape), *layers, softmax()])

    clf = KerasImageClassifier(Network(network), epochs=1).fit(*train)
    clf.set_params(network__width=7)
    assert clf.predict_proba(train[0]).shape == (600, 10)
    assert clf.model_.layers[-2].units == 3


def test_a_weight_that_is_frozen_by_hand_stays_as_it_is(train):
    clf = make_keras(epochs=1, warm_start=True).fit(*train)
    kernel = clf.model_.weights[0]
    kernel.trainable = False
    before = kernel.numpy()
    clf.fit(*train)
    np.testing.assert_array_equal(clf.model_.weights[0].numpy(), before)


def test_functions_of_any_signature():
    def of_any(*args, width=3):
        return small_network(*args, filters=width)

    def by_place(shape, n, width=3, /):
        return small_network(shape, n, filters=width)

    assert Network(of_any, width=5)((28, 28, 1), 10).layers[1].filters == 5
    network = Network(by_place)
    for few in (lambda meta: None, lambda meta, *, width=3: None, lambda: None):
        message = r"function=<.* cannot be called as function\(image_shape, n_cl"
        with pytest.raises(ParameterError, match=message):
            Network(few)
        with pytest.raises(ParameterError, match=message):
            network.set_params(function=few)
    with pytest.raises(ParameterError, match="has no parameter width"):
        Network(by_place, width=5)


def test_a_model_of_a_class_that_keras_cannot_build_is_refused(train):
    import keras

    class Own(keras.Model):
        pass

    images = keras.Input((28, 28, 1))
    model = Own(images, softmax(keras.layers.Flatten()(images)))
    with pytest.raises(ParameterError, match="give the function that builds the model"):
        make_keras(model, epochs=1).fit(*train)


def test_a_second_fit_traces_nothing(train):
    from skfashion._backend import step_cache

    step_cache.cache_clear()
    make_keras(epochs=1, filters=5).fit(*train)
    make_keras(epochs=1, filters=5, rescale=1.25).fit(*train)
    misses = step_cache.cache_info().misses
    make_keras(epochs=1, filters=5, random_state=3, rescale=0.75).fit(*train)
    make_keras(epochs=1, filters=5, random_state=4).fit(*train)
    assert step_cache.cache_info().misses == misses == 2


# Weights that are not what the others are


def adapted():
    import keras

    layer = keras.layers.Normalization()
    layer.adapt(np.random.default_rng(0).normal(0.4, 0.2, (50, 28, 28, 1)))
    return sequential(layer, keras.layers.Flatten(), softmax())


@pytest.mark.parametrize("network", [adapted, lambda: lambda *_: adapted()])
def test_an_adapted_normalization_computes_with_what_it_was_adapted_to(
    network, train, tmp_path
):
    clf = KerasImageClassifier(network(), epochs=1, random_state=0).fit(*train)
    p = clf.predict_proba(train[0][:50])
    plain = adapted()
    plain.set_weights(clf._fitted_network.values)
    plain.layers[0].finalize_state()
    images = train[0][:50].reshape(-1, 28, 28, 1)
    np.testing.assert_allclose(p, plain(images).numpy(), atol=1e-5)
    np.testing.assert_allclose(p, clf.model_(images).numpy(), atol=1e-5)
    # And so while it trains.
    plain = adapted()
    plain.compile("adam", "sparse_categorical_crossentropy")
    X, y = train[0].reshape(-1, 28, 28, 1), np.unique(train[1], return_inverse=True)[1]
    loss = plain.evaluate(X, y, verbose=0)
    clf = KerasImageClassifier(plain, epochs=1, learning_rate=1e-9).fit(*train)
    assert clf.loss_curve_[0] == pytest.approx(loss, abs=1e-4)
    again = skfashion.load(skfashion.save(clf, tmp_path / "model.skfashion"))
    np.testing.assert_array_equal(
        again.predict_proba(train[0]), clf.predict_proba(train[0])
    )


@pytest.mark.parametrize("policy", ["float64", "float16"])
def test_weights_of_other_types_are_trained_and_saved(policy, train, tmp_path):
    import keras

    layers = [keras.layers.Conv2D(2, 3, strides=4), keras.layers.BatchNormalization()]
    layers = [type(made)(**{**made.get_config(), "dtype": policy}) for made in layers]
    network = sequential(*layers, keras.layers.Flatten(), softmax())
    clf = KerasImageClassifier(network, epochs=1, random_state=0).fit(*train)
    again = skfashion.load(skfashion.save(clf, tmp_path / "model.skfashion"))
    np.testing.assert_array_equal(
        again.predict_proba(train[0]), clf.predict_proba(train[0])
    )
