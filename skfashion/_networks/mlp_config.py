"""The hyper-parameters of a multi-layer perceptron."""

from dataclasses import dataclass

from skfashion._networks.config import NetworkConfig
from skfashion._networks.layers import Dense, Layer, Shape
from skfashion._utils.validation import check_count, layer_sizes

__all__ = ["MLPConfig"]


@dataclass(frozen=True, kw_only=True)
class MLPConfig(NetworkConfig):
    """A multi-layer perceptron with a softmax output.

    Parameters
    ----------
    n_features : int
        Number of inputs, one a pixel.
    hidden_layer_sizes : sequence of int, default=(300, 100)
        Units of each hidden layer.
    **others
        See ``NetworkConfig``; with ``residual``, hidden layers of the size of the one
        before add their inputs to what they compute.

    Examples
    --------
    >>> from skfashion._networks.mlp_config import MLPConfig
    >>> MLPConfig(n_features=784, n_classes=10).n_weights
    266610
    """

    n_features: int
    hidden_layer_sizes: Shape = (300, 100)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_count("n_features", self.n_features)
        self._settle(
            "hidden_layer_sizes",
            layer_sizes("hidden_layer_sizes", self.hidden_layer_sizes),
        )

    def _inner_layers(self) -> list[Layer]:
        stack: list[Layer] = []
        before = None
        for number, size in enumerate(self.hidden_layer_sizes, 1):
            adds = stack[-1].name if self.residual and size == before else None
            hidden = Dense(f"hidden_{number}", size, self.activation)
            stack += self._hidden_layer(
                hidden, f"{number}", adds=adds, normalized=self.batch_normalization
            )
            stack += self._dropout(f"dropout_{number}")
            before = size
        return stack
