"""A classifier's network, and the scale of pixels, as nodes of an ONNX graph."""

from dataclasses import replace

import numpy as np

from skfashion._networks.config import NetworkConfig
from skfashion._networks.forward import bind
from skfashion.neural_network._base import BaseFashionClassifier
from skfashion.persistence._onnx_graph import Tensor
from skfashion.persistence._onnx_operations import OPERATIONS, image
from skfashion.preprocessing import PixelScaler
from skfashion.preprocessing._views import places_of_views

__all__ = ["labels", "probabilities", "scaled", "type_of_labels"]

# By NumPy's kind of the labels; all others are text.
_LABELS = {"i": np.int64, "u": np.int64, "b": np.bool_, "f": np.float64}


def scaled(scaler: PixelScaler, rows: Tensor) -> Tensor:
    """Scale rows of pixels, with the operations and the types of ``transform``."""
    rows = rows / (scaler.data_max_ - scaler.data_min_)
    if scaler.data_min_ != 0:
        rows = rows + 0.5
    return rows.clip(0, 1)


def probabilities(classifier: BaseFashionClassifier, rows: Tensor) -> Tensor:
    """Compute the probabilities of rows of pixels, the mean over views if asked."""
    n_views, graph = classifier.n_views, rows.graph
    if n_views == 1:
        return _forward(classifier, rows)
    shape = classifier.image_shape_
    images = image(rows, shape)
    views = []
    for lines, columns in places_of_views(n_views, shape):
        view = images
        for axis, places in ((2, lines), (3, columns)):
            view = view.apply("Gather", graph.constant(places, of=np.int64), axis=axis)
        views.append(OPERATIONS.reshape(view, (-1, *rows.shape[1:])).name)
    together = Tensor(graph, graph.add("Concat", *views, axis=0), rows.shape)
    found = _forward(classifier, together)
    apart = OPERATIONS.reshape(found, (n_views, -1, *found.shape[1:]))
    mean = apart.apply("ReduceMean", graph.constant([0], of=np.int64), keepdims=0)
    return Tensor(graph, mean.name, found.shape)


def _forward(classifier: BaseFashionClassifier, rows: Tensor) -> Tensor:
    fitted = classifier._fitted_network
    config = fitted.config
    if isinstance(config, NetworkConfig) and not fitted.changed_by_hand:
        # Its weights are of float32 whatever it computed in.
        single = replace(config, dtype_policy="float32")
        return bind(single, OPERATIONS, fitted.values)(rows)
    from skfashion.persistence._onnx_keras import forward

    return forward(classifier, rows)


def labels(classes: np.ndarray, probabilities: Tensor) -> tuple[str, np.dtype]:
    """Find the labels of greatest probability: their name in the graph, their type."""
    graph = probabilities.graph
    dtype = type_of_labels(classes)
    held = graph.constant(classes.astype(dtype))
    best = probabilities.apply("ArgMax", axis=1, keepdims=0)
    return graph.add("Gather", held, best.name), dtype


def type_of_labels(classes: np.ndarray) -> np.dtype:
    """Tell as which type labels leave the graph; object stands for text."""
    return np.dtype(_LABELS.get(classes.dtype.kind, np.object_))
