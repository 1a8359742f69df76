"""A Keras network of somebody's own as nodes of an ONNX graph, by tf2onnx."""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import onnx

from skfashion._networks.keras_config import KerasConfig
from skfashion._utils.extras import extra
from skfashion.exceptions import ParameterError
from skfashion.neural_network._base import BaseFashionClassifier
from skfashion.persistence._exported import keras_network
from skfashion.persistence._onnx_graph import OPSET, Tensor

if TYPE_CHECKING:
    import keras

__all__ = ["forward"]

_MIXED = ("mixed_bfloat16", "mixed_float16")


def forward(classifier: BaseFashionClassifier, rows: Tensor) -> Tensor:
    """Compute the probabilities that a network gives for rows of pixels."""
    graph = rows.graph
    written = _written(classifier)
    written = onnx.compose.add_prefix(written, f"{graph.prefix}network_").graph
    graph.give(rows.name, written.input[0].name)
    graph.nodes += written.node
    graph.constants += written.initializer
    n_classes = classifier._fitted_network.config.n_classes
    return Tensor(graph, written.output[0].name, (-1, n_classes))


def _written(classifier: BaseFashionClassifier) -> onnx.ModelProto:
    """Have tf2onnx write the network, from rows to probabilities."""
    from skfashion._backend.runtime import notices_held_back, tf

    with extra("onnx", "to_onnx of a Keras network of your own"), _same_environment():
        from tf2onnx.convert import from_function

    config: Any = classifier._fitted_network.config
    network = _in_float32(classifier)
    own = isinstance(config, KerasConfig)

    def compute(rows: Any) -> Any:
        if own and config.rescale is not None:
            rows *= config.rescale
        outputs = network(tf.reshape(rows, (-1, *config.input_shape)), training=False)
        return tf.nn.softmax(outputs) if own and config.from_logits else outputs

    inputs = [tf.TensorSpec((None, config.n_features), tf.float32, name="rows")]
    # It tells of each pass over the graph, and warns of its own use of TensorFlow.
    log = logging.getLogger("tf2onnx")
    level = log.level
    log.setLevel(logging.CRITICAL)
    function = tf.function(compute, autograph=False)
    try:
        with notices_held_back():
            written, _ = from_function(function, input_signature=inputs, opset=OPSET)
        onnx.checker.check_model(written)
    except Exception as error:
        # It raises anything at all for what it cannot convert.
        raise ParameterError(
            f"estimator={classifier!r:.80} has a network that tf2onnx cannot write as "
            f"ONNX: {error!s:.200}"
        ) from error
    finally:
        log.setLevel(level)
    return written


@contextmanager
def _same_environment() -> Iterator[None]:
    """Have an import set no variable, of which tf2onnx's sets TensorFlow's level."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
        os.environ.update(before)


def _in_float32(classifier: BaseFashionClassifier) -> "keras.Model":
    """Build the network so that all of its layers compute in float32."""
    fitted = classifier._fitted_network
    config = fitted.config
    if isinstance(config, KerasConfig) and not (
        config.foreign or fitted.changed_by_hand
    ):
        held = json.loads(config.description)
        _settle_policies(held)
        description = json.dumps(held, sort_keys=True)
        return replace(config, description=description).build(fitted.values)
    network = keras_network(classifier)
    types = {layer.compute_dtype for layer in network._flatten_layers()}
    if types - {"float32"}:
        raise ParameterError(
            f"estimator={classifier!r:.80} has a network of the caller's parts that "
            f"computes in {', '.join(sorted(types))}, but ONNX is written in float32."
        )
    return network


def _settle_policies(held: Any) -> None:
    """Replace Keras's mixed policies, in place."""
    if isinstance(held, dict):
        for name, value in held.items():
            if value in _MIXED and name in ("dtype", "name"):
                held[name] = "float32"
            else:
                _settle_policies(value)
    elif isinstance(held, list):
        for value in held:
            _settle_policies(value)
