"""Configs: what they hold, and what they become."""

import copy
import json
import pickle
import random
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from skfashion._networks.cnn_config import CNNConfig
from skfashion._networks.config import config_from_dict
from skfashion._networks.mlp_config import MLPConfig
from skfashion.exceptions import ParameterError

MLP = MLPConfig(n_features=784, n_classes=10)
CNN = CNNConfig(image_shape=(28, 28, 1), n_classes=10)
MODERN_MLP = replace(
    MLP, hidden_layer_sizes=(16, 16, 8), residual=True, batch_normalization=True
)
MODERN_CNN = CNNConfig(
    image_shape=(28, 28, 1),
    n_classes=10,
    stem_filters=3,
    filters=(4, 6),
    convolutions=2,
    padding="same",
    residual=True,
    batch_normalization=True,
    pooling="max",
    dense_sizes=(),
    logit_scale=0.25,
)
EITHER = pytest.mark.parametrize(
    "config",
    [MLP, CNN, MODERN_MLP, MODERN_CNN],
    ids=["mlp", "cnn", "modern mlp", "modern cnn"],
)


@pytest.mark.parametrize(
    ("sizes", "expected"), [((300, 100), 266_610), ((32,), 25_450), ((), 7_850)]
)
def test_mlp_has_as_many_weights_as_published(sizes, expected):
    config = replace(MLP, hidden_layer_sizes=sizes)
    assert config.n_weights == config.build().count_params() == expected


@pytest.mark.parametrize("width", range(1, 21))
def test_cnn_takes_rows_of_any_width(width):
    config = CNNConfig(image_shape=(1, width, 1), n_classes=3, filters=(4, 4, 4))
    network = config.build()
    assert network(np.zeros((2, width))).shape == (2, 3)
    assert config.weight_shapes() == [w.shape for w in network.get_weights()]


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (5, 40, 2)])
def test_cnn_takes_images_of_any_shape(shape):
    config = CNNConfig(image_shape=shape, n_classes=10, kernel_size=5)
    network = config.build()
    assert network(np.zeros((2, np.prod(shape)))).shape == (2, 10)
    assert config.n_weights == network.count_params()


def test_the_field_decides_which_copy_it_is():
    config = replace(MLP, hidden_layer_sizes=[np.int64(3)], dropout=np.float32(0.5))
    assert config.hidden_layer_sizes == (3,)
    assert type(config.dropout) is float
    assert {config: 1}[replace(MLP, hidden_layer_sizes=3, dropout=0.5)] == 1
    with pytest.raises(FrozenInstanceError):
        config.dropout = 0.0


@pytest.mark.parametrize(
    "wrong",
    [
        {"n_classes": 0},
        {"activation": "rellu"},
        {"activation": 3},
        {"dropout": 1.0},
        {"dropout": "0.5"},
        {"l2": -1.0},
        {"l2": float("nan")},
        {"rescale": 0},
        {"rescale": 10**59},
        {"rescale": True},
        {"dtype_policy": "float16"},
    ],
    ids=str,
)
@EITHER
def test_what_no_network_has_is_refused(config, wrong):
    (name,) = wrong
    with pytest.raises(ParameterError, match=name):
        replace(config, **wrong)


@EITHER
class TestEither:
    def test_it_goes_through_json_and_copies(self, config):
        config = replace(config, dropout=0.25, rescale=1 / 255, l2=1e-3)
        # JSON has lists for tuples.
        again = config_from_dict(json.loads(json.dumps(config.to_dict())))
        assert again == config
        assert hash(again) == hash(config)
        assert pickle.loads(pickle.dumps(config)) == copy.deepcopy(config) == config
        with pytest.raises(ValueError, match="are not the fields of"):
            config_from_dict({**config.to_dict(), "more": 1})
        (needed,) = {"image_shape", "n_features"} & vars(config).keys()
        without = {k: v for k, v in config.to_dict().items() if k != needed}
        with pytest.raises(ValueError, match="are not the fields of"):
            config_from_dict(without)

    def test_seed_decides_the_weights(self, config):
        first, again, other = (
            [w for w in config.initial_values(seed) if w.ndim > 1] for seed in (0, 0, 1)
        )
        assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
        assert not any(np.array_equal(a, b) for a, b in zip(first, other, strict=True))

    def test_weights_begin_as_glorot_and_bengio_s(self, config):
        import keras

        names = [weight.name for weight in config.weights()]
        for name, values in zip(names, config.initial_values(0), strict=True):
            theirs = keras.initializers.GlorotUniform(0)(values.shape).numpy()
            if name != "kernel":
                assert (values == (name in ("gamma", "moving_variance"))).all()
                continue
            assert values.dtype == np.float32
            assert np.abs(values).max() == pytest.approx(np.abs(theirs).max(), rel=0.1)
            # Of the smallest kernels, of some dozens of numbers, there is more chance.
            assert values.std() == pytest.approx(theirs.std(), rel=0.3)

    def test_no_two_layers_draw_the_same_numbers(self, config):
        layers = replace(config, dropout=0.5).build().layers
        seeds = [
            layer.kernel_initializer.get_config()["seed"]
            for layer in layers
            if hasattr(layer, "kernel_initializer")
        ]
        seeds += [layer.seed for layer in layers if hasattr(layer, "seed")]
        assert len(set(seeds)) == len(seeds) > 4

    def test_python_generator_is_left_alone(self, config):
        before = random.getstate()
        replace(config, dropout=0.5).build()
        assert random.getstate() == before

    def test_names_of_activations(self, config):
        def activations(name):
            return [
                layer.activation.__name__
                for layer in replace(config, activation=name).build().layers
                if hasattr(layer, "activation")
            ][:-1]

        # Of layers that a norm follows the activation comes after that.
        others = {"linear"} if config.batch_normalization else set()
        assert set(activations("logistic")) == {"sigmoid"} | others
        assert set(activations("identity")) == {"linear"}
        assert set(activations("gelu")) == {"gelu"} | others
        with pytest.raises(ParameterError, match=r"activation='rellu'.*logistic.*relu"):
            activations("rellu")

    def test_penalty_is_the_sum_of_squared_kernels(self, config):
        network = replace(config, l2=0.5).build()
        kernels = [w for w in network.get_weights() if w.ndim > 1]
        expected = 0.5 * sum(float((w**2).sum()) for w in kernels)
        assert float(sum(network.losses)) == pytest.approx(expected, rel=1e-4)

    @pytest.mark.parametrize(
        ("weighted", "xla"),
        [(False, False), (True, True)],
        ids=["even", "weighted, under XLA"],
    )
    def test_training_is_keras_s_own(self, config, weighted, xla, train, monkeypatch):
        from skfashion._backend import compiled_step
        from skfashion._backend.optimizers import optimizer_config
        from skfashion._backend.trainer import train as train_chunks
        from skfashion._backend.training import Training

        if config.batch_normalization and not weighted:
            # Weights are no matter of norms: once is enough.
            return
        if xla and not config.suits_xla:
            assert not compiled_step.wants_xla(config, 10**6)
            return
        monkeypatch.setattr(compiled_step, "_XLA_STEPS", 1 if xla else 10**9)
        config = replace(config, l2=1e-3, rescale=0.5)
        x, y = train[0][:80], train[1][:80]
        arrays = (x, y)
        if weighted:
            arrays += (np.linspace(0, 2, 80, dtype=np.float32),)
        values = config.initial_values(3)
        history, (reached, _) = train_chunks(
            Training(arrays, range(1), 32, 5, validation_data=(x, y)),
            config,
            optimizer_config("sgd", 0.1),
            (values, None),
        )
        model = config.build(values)
        model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.optimizer.learning_rate = 0.1
        order = np.random.default_rng([5, 0]).permutation(80)
        total = 0.0
        for start in range(0, 80, 32):
            rows = order[start : start + 32]
            model.reset_metrics()
            log = model.train_on_batch(*(a[rows] for a in arrays), return_dict=True)
            total += log["loss"] * len(rows)
        for ours, theirs in zip(reached, model.get_weights(), strict=True):
            # Norms make a step of what differs in the last bits.
            atol = 1e-4 if config.batch_normalization else 1e-6
            np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=atol)
        assert history["loss"] == [pytest.approx(total / 80, rel=1e-4)]
        told = model.evaluate(x, y, verbose=0, return_dict=True)
        assert history["val_loss"] == [pytest.approx(told["loss"], rel=1e-3)]
        assert history["val_accuracy"] == [pytest.approx(told["accuracy"])]
