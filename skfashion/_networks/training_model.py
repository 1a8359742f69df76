"""What a compiled step trains of a config: variables, a loss, run-time arguments.

The dropout rate, the masks, the l2 penalty, label smoothing and the factors of pixels
and logits are arguments of the compiled step, so that a search over them compiles once.
XLA draws random numbers slowly, so that masks are drawn outside. No Keras layer takes
part, and no metric: the fewer operations, the sooner it is traced, and the faster is a
short epoch.
"""

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from skfashion._backend.batch_normalization import normalize_batch
from skfashion._backend.convolution import convolve, serves
from skfashion._backend.inference import OPERATIONS
from skfashion._backend.runtime import keras, tf
from skfashion._networks.layers import OUTPUT, BatchNormalization, Dropout, Rescaling
from skfashion._networks.smoothing import smoothed

if TYPE_CHECKING:
    from skfashion._networks.config import NetworkConfig

__all__ = ["TrainingModel"]

_MASK_VALUES = 2**16


def _convolve(rows: Any, kernel: Any, padding: str) -> Any:
    if serves(rows, kernel, padding):
        return convolve(rows, kernel, padding)
    return OPERATIONS.convolve(rows, kernel, padding)


_TRAINED = SimpleNamespace(**{**vars(OPERATIONS), "convolve": _convolve})
# Of the last layer: the loss is computed from what softmax would be given.
_WITHOUT_SOFTMAX = SimpleNamespace(
    **{**vars(OPERATIONS), "activate": lambda _name, rows: rows}
)


class TrainingModel:
    """The variables of a network, and what is computed with them while it trains.

    Parameters
    ----------
    config : NetworkConfig
        Values of its fields do not matter where they are arguments.

    Attributes
    ----------
    variables : list of keras.Variable
        The weights, in the order of the config.
    inputs : tf.TensorSpec
        Of the rows that are evaluated.
    """

    def __init__(self, config: "NetworkConfig") -> None:
        self._layers: list[tuple[Any, bool, list[keras.Variable]]] = []
        shape: tuple[int, ...] = (config.n_features,)
        for layer in config.layers():
            # As Keras has them, for some optimizers look at the path.
            with keras.name_scope(layer.name):
                made = [
                    keras.Variable(
                        np.zeros(weight.shape, np.float32),
                        trainable=weight.is_trained,
                        name=weight.name,
                    )
                    for weight in layer.weights(shape)
                ]
            half = config.dtype_policy != "float32" and not layer.in_float32
            self._layers.append((layer, half, made))
            shape = layer.output_shape(shape)
        self.variables = [variable for _, _, made in self._layers for variable in made]
        self._sources = {layer.adds for layer, _, _ in self._layers}
        self._penalized = bool(config.l2)
        self._smoothed = bool(config.label_smoothing)
        self.inputs = tf.TensorSpec((None, config.n_features), tf.float32)

    @property
    def trainable_variables(self) -> list[keras.Variable]:
        """Those that gradients change; norms keep statistics besides."""
        return [variable for variable in self.variables if variable.trainable]

    @staticmethod
    def arguments(config: "NetworkConfig") -> np.ndarray:
        """Collect the run-time arguments of a config, but for the masks."""
        dropped = min(round(config.dropout * _MASK_VALUES), _MASK_VALUES - 1)
        logit_scale = getattr(config, "logit_scale", 1.0)
        scales = [config.rescale or 1.0, logit_scale]
        held = [dropped, *scales, config.l2, config.label_smoothing]
        return np.array(held, dtype=np.float32)

    def run(
        self, arguments: Any, x: Any, y: Any, weight: Any, masks: list[Any] | None
    ) -> tuple[list[Any], list[Any], Any, Any]:
        """Compute losses of some rows, which of them are right (1 or 0), and logits.

        The loss is the sum of the losses, each times its factor; a mean would cost
        its gradient ten operations. ``masks`` is None where nothing is dropped, as in
        evaluation.
        """
        dropped, *factors, l2, smoothing = tf.unstack(arguments, num=5)
        scales = dict(zip(("rescaling", "logit_scale"), factors, strict=True))
        rows = x if x.dtype == tf.float32 else tf.cast(x, tf.float32)
        left = iter(masks or ())
        squares = []
        kept: dict[str, Any] = {}
        for layer, half, made in self._layers:
            dtype = tf.bfloat16 if half else tf.float32
            if isinstance(layer, Rescaling):
                rows = tf.cast(rows, tf.float32) * scales[layer.name]
            elif isinstance(layer, Dropout):
                if masks is not None:
                    rows = _drop(rows, next(left), dropped)
            else:
                if rows.dtype != dtype:
                    rows = tf.cast(rows, dtype)
                weights = [tf.convert_to_tensor(variable.value) for variable in made]
                if self._penalized and made and made[0].name == "kernel":
                    squares.append(tf.reduce_sum(weights[0] ** 2))
                if half and not layer.keeps_weights:
                    weights = [tf.cast(value, dtype) for value in weights]
                if layer.adds is not None:
                    weights = [kept[layer.adds]]
                ops = _WITHOUT_SOFTMAX if layer.name == OUTPUT else _TRAINED
                if isinstance(layer, BatchNormalization) and masks is not None:
                    rows = _normalize(layer, rows, weights, made)
                else:
                    rows = layer.forward(ops, rows, *layer.bind(ops, weights))
            if layer.name in self._sources:
                kept[layer.name] = rows
        if self._smoothed and masks is not None:
            targets = smoothed(y, rows.shape[-1], smoothing)
            losses = [tf.nn.softmax_cross_entropy_with_logits(targets, rows)]
        else:
            losses = [tf.nn.sparse_softmax_cross_entropy_with_logits(y, rows)]
        if weight is None:
            weight = tf.ones_like(losses[0])
        factors = [weight / tf.cast(tf.size(y), tf.float32)]
        if squares:
            losses.append(tf.add_n(squares))
            factors.append(l2)
        right = tf.equal(tf.argmax(rows, axis=-1, output_type=y.dtype), y)
        return losses, factors, tf.cast(right, tf.float32), rows

    def reseed(self, seed: int, epoch: int) -> None:
        """Do nothing: masks are drawn outside."""

    def begin_count(self) -> None:
        """Do nothing: the step counts what is right."""

    def logs(self, loss: float, right: float, n_rows: int) -> dict[str, float]:
        """Name the metrics of some rows."""
        return {"accuracy": right / n_rows, "loss": loss / n_rows}


def _drop(rows: Any, mask: Any, dropped: Any) -> Any:
    """Drop where the mask is below a number, and scale up what is left."""
    scale = tf.cast(_MASK_VALUES / (_MASK_VALUES - dropped), rows.dtype)
    kept = tf.cast(mask, tf.float32) >= dropped
    return tf.where(kept, rows * scale, tf.zeros((), rows.dtype))


def _normalize(
    layer: BatchNormalization, rows: Any, weights: list[Any], made: list[keras.Variable]
) -> Any:
    """Normalize by the rows at hand, and have the moving averages follow."""
    gamma, beta, *averages = weights
    rows, *seen = normalize_batch(rows, gamma, beta, layer.epsilon)
    for variable, average, new in zip(made[2:], averages, seen, strict=True):
        tf.raw_ops.AssignVariableOp(
            resource=variable.value.handle,
            value=average * layer.momentum + new * (1 - layer.momentum),
        )
    return rows
