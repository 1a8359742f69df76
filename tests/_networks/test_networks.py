import random

import numpy as np
import pytest

from skfashion._networks.networks import build_cnn, build_mlp
from skfashion.exceptions import ParameterError


@pytest.mark.parametrize(
    ("sizes", "expected"), [((300, 100), 266_610), ((32,), 25_450), ((), 7_850)]
)
def test_mlp_has_as_many_weights_as_published(sizes, expected):
    assert build_mlp(784, 10, hidden_layer_sizes=sizes).count_params() == expected


@pytest.mark.parametrize("width", range(1, 21))
def test_cnn_takes_rows_of_any_width(width):
    network = build_cnn((1, width, 1), 3, filters=(4, 4, 4))
    assert network(np.zeros((2, width))).shape == (2, 3)


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (5, 40, 2)])
def test_cnn_takes_images_of_any_shape(shape):
    network = build_cnn(shape, 10, kernel_size=5)
    assert network(np.zeros((2, np.prod(shape)))).shape == (2, 10)


@pytest.mark.parametrize(
    "build",
    [lambda **p: build_mlp(784, 10, **p), lambda **p: build_cnn((28, 28, 1), 10, **p)],
)
class TestEither:
    def test_seed_decides_the_weights(self, build):
        first, again, other = (
            [w for w in build(seed=seed).get_weights() if w.ndim > 1]
            for seed in (0, 0, 1)
        )
        assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
        assert not any(np.array_equal(a, b) for a, b in zip(first, other, strict=True))

    def test_no_two_layers_draw_the_same_numbers(self, build):
        layers = build(dropout=0.5).layers
        seeds = [
            layer.kernel_initializer.get_config()["seed"]
            for layer in layers
            if hasattr(layer, "kernel_initializer")
        ]
        seeds += [layer.seed for layer in layers if hasattr(layer, "seed")]
        assert len(set(seeds)) == len(seeds) > 4

    def test_python_generator_is_left_alone(self, build):
        before = random.getstate()
        build(dropout=0.5)
        assert random.getstate() == before

    def test_names_of_activations(self, build):
        def activations(name):
            return [
                layer.activation.__name__
                for layer in build(activation=name).layers
                if hasattr(layer, "activation")
            ][:-1]

        assert set(activations("logistic")) == {"sigmoid"}
        assert set(activations("identity")) == {"linear"}
        assert set(activations("gelu")) == {"gelu"}
        with pytest.raises(ParameterError, match=r"activation='rellu'.*logistic.*relu"):
            build(activation="rellu")

    def test_penalty_is_the_sum_of_squared_kernels(self, build):
        network = build(l2=0.5)
        kernels = [w for w in network.get_weights() if w.ndim > 1]
        expected = 0.5 * sum(float((w**2).sum()) for w in kernels)
        assert float(sum(network.losses)) == pytest.approx(expected, rel=1e-4)
