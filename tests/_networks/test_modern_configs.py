"""Norms, residual sums, several convolutions a stage: what they compute and refuse."""

from dataclasses import replace

import numpy as np
import pytest

from skfashion._backend.statistics import estimate_statistics
from skfashion._backend.training import Training
from skfashion._networks.cnn_config import CNNConfig
from skfashion._networks.config import config_from_dict
from skfashion._networks.forward import bind_numpy
from skfashion._networks.mlp_config import MLPConfig
from skfashion.exceptions import ParameterError

CNN = CNNConfig(
    image_shape=(28, 28, 1),
    n_classes=10,
    stem_filters=16,
    filters=(16, 32, 64),
    convolutions=2,
    padding="same",
    residual=True,
    batch_normalization=True,
    pooling="max",
    dense_sizes=(),
    logit_scale=0.25,
)
MLP = MLPConfig(
    n_features=20,
    n_classes=3,
    hidden_layer_sizes=(8, 8, 4, 4),
    residual=True,
    batch_normalization=True,
)


def made_up(config, seed=0):
    """Values of weights among which no norm is trivial."""
    draw = np.random.default_rng(seed)
    return [
        (value + 0.3 * draw.random(value.shape)).astype(np.float32)
        for value in config.initial_values(seed)
    ]


def test_the_network_is_the_published_one():
    layers = [type(layer).__name__ for layer in CNN.layers()]
    stage = ["Conv2D", "MaxPooling2D", "BatchNormalization", "Activation"]
    stage += ["Conv2D", "BatchNormalization", "Add", "Activation"]
    stem = ["Reshape", "Conv2D", "BatchNormalization", "Activation"]
    end = ["GlobalMaxPooling2D", "Dense", "Rescaling", "Activation"]
    assert layers == [*stem, *stage * 3, *end]
    # 75,472 where the output has no bias.
    assert CNN.n_weights == CNN.build().count_params() == 75_482


@pytest.mark.parametrize("width", range(1, 21))
def test_rows_of_any_width_fit(width):
    for changes in (
        {},
        {"padding": "valid", "residual": False, "pooling": "average"},
        {"kernel_size": 5, "pooling": "flatten", "batch_normalization": False},
    ):
        config = replace(CNN, image_shape=(1, width, 1), filters=(2, 3, 2), **changes)
        rows = np.ones((2, width), np.float32)
        values = made_up(config)
        assert [v.shape for v in values] == config.weight_shapes()
        outputs = config.forward_pass()(rows, values)
        assert outputs.shape == (2, 10)
        if width in (1, 7, 20):
            theirs = config.build(values)(rows)
            np.testing.assert_allclose(outputs, theirs, rtol=1e-4, atol=1e-6)


def test_one_row_of_a_normalized_mlp_goes_through_numpy():
    rows = np.random.default_rng(1).random((1, 20), np.float32)
    values = made_up(MLP)
    theirs = MLP.build(values)(rows)
    ours = bind_numpy(MLP, values)(rows)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"residual": True}, r"residual=True.*set convolutions=2\."),
        ({"residual": True, "convolutions": 2}, r"residual=True.*padding='same'\."),
        ({"residual": 1}, "residual=1 must be True or False"),
        ({"batch_normalization": "yes"}, "batch_normalization='yes'"),
        ({"padding": "full"}, "padding='full' must be one of valid, same"),
        ({"pooling": ["max"]}, r"pooling=\['max'\] must be one of flatten, max"),
        ({"convolutions": 0}, "convolutions=0"),
        ({"convolutions": 10**9}, "convolutions=1000000000"),
        ({"stem_filters": 0}, "stem_filters"),
        ({"logit_scale": 0}, "logit_scale=0"),
    ],
    ids=str,
)
def test_what_no_network_has_is_refused(wrong, told):
    plain = CNNConfig(image_shape=(8, 8, 1), n_classes=3)
    with pytest.raises(ParameterError, match=told):
        replace(plain, **wrong)


def test_kernels_of_one_pixel_need_no_padding():
    config = replace(CNN, padding="valid", kernel_size=1)
    assert config.layers()[-1].name == "probabilities"


@pytest.mark.parametrize("config", [CNN, MLP], ids=["cnn", "mlp"])
def test_configs_of_former_versions_are_as_they_were(config):
    kind = type(config)
    size = {"image_shape": (8, 8, 1)} if kind is CNNConfig else {"n_features": 9}
    plain = kind(n_classes=3, **size)
    new = {"stem_filters", "convolutions", "padding", "residual", "pooling"}
    new |= {"batch_normalization", "logit_scale"}
    held = {k: v for k, v in plain.to_dict().items() if k not in new}
    assert config_from_dict(held) == plain


def test_values_of_a_field_share_a_compiled_step():
    assert CNN.without_values() == replace(CNN, logit_scale=0.5).without_values()
    assert CNN.without_values() != replace(CNN, logit_scale=1.0).without_values()


@pytest.mark.parametrize(
    "config", [replace(CNN, filters=(3,)), MLP], ids=["cnn", "mlp"]
)
def test_statistics_are_those_of_the_rows(config):
    rows = np.random.default_rng(0).random((90, config.n_features), np.float32)
    training = Training((rows, np.zeros(90, int)), range(1), 90, 0)
    values = estimate_statistics(training, config, made_up(config))
    model = config.build(values)
    # In one batch of all rows, what a norm gives in training and afterwards is alike.
    first = next(layer for layer in model.layers if "norm" in layer.name)
    import keras

    seen = keras.Model(model.input, first.input)(rows).numpy()
    seen = seen.reshape(-1, seen.shape[-1])
    np.testing.assert_allclose(first.moving_mean, seen.mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(
        first.moving_variance, seen.var(axis=0), rtol=1e-3, atol=1e-6
    )
    np.testing.assert_allclose(model(rows), model(rows, training=True), atol=1e-4)
    # Batches, the last of which is smaller, come to nearly the same.
    cut = estimate_statistics(replace(training, batch_size=40), config, values)
    for one, other in zip(values, cut, strict=True):
        np.testing.assert_allclose(one, other, rtol=0.5, atol=0.05)
