"""The same nodes for skl2onnx, which converts pipelines of any steps it knows."""

from typing import Any

import numpy as np

from skfashion._utils.extras import extra
from skfashion.exceptions import MissingExtraError, ParameterError
from skfashion.neural_network import (
    FashionCNNClassifier,
    FashionMLPClassifier,
    KerasImageClassifier,
)
from skfashion.preprocessing import PixelScaler

__all__ = ["register_onnx_converters"]


def register_onnx_converters() -> None:
    """Have skl2onnx convert the classifiers of this package, and ``PixelScaler``.

    Within pipelines and meta-estimators of any steps that skl2onnx knows. To be called
    once in a process, before ``skl2onnx.to_onnx``.

    Raises
    ------
    MissingExtraError
        If onnx or skl2onnx is not installed.

    See Also
    --------
    to_onnx : Writes a classifier, or a pipeline of ``PixelScaler`` and one, without
        skl2onnx.

    Examples
    --------
    >>> from skl2onnx import to_onnx
    >>> from sklearn.decomposition import PCA
    >>> from sklearn.pipeline import make_pipeline
    >>> from skfashion import FashionMLPClassifier, PixelScaler, load_fashion_sample
    >>> from skfashion.persistence import register_onnx_converters
    >>> register_onnx_converters()
    >>> X, y = load_fashion_sample(return_X_y=True)
    >>> mlp = FashionMLPClassifier(32, epochs=1, random_state=0)
    >>> model = make_pipeline(PixelScaler(flatten=True), PCA(16), mlp).fit(X, y)
    >>> written = to_onnx(model, X[:1], options={"zipmap": False})
    >>> [output.name for output in written.graph.output]
    ['label', 'probabilities']
    """
    with extra("onnx", "register_onnx_converters"):
        import onnx  # noqa: F401
    try:
        from skl2onnx import update_registered_converter
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"register_onnx_converters needs {error.name}, which is not installed: "
            "pip install skl2onnx."
        ) from error
    classifiers = FashionCNNClassifier, FashionMLPClassifier, KerasImageClassifier
    # Those that skl2onnx has for every classifier.
    options = {
        "nocl": [True, False],
        "output_class_labels": [False, True],
        "zipmap": [True, False, "columns"],
    }
    for kind in classifiers:
        name = f"Skfashion{kind.__name__}"
        update_registered_converter(
            kind, name, _classifier_shapes, _convert_classifier, options=options
        )
    name = f"Skfashion{PixelScaler.__name__}"
    update_registered_converter(PixelScaler, name, _scaler_shape, _convert_scaler)


def _scaler_shape(operator: Any) -> None:
    from skl2onnx.common.data_types import FloatTensorType

    shape = [*operator.inputs[0].type.shape]
    if operator.raw_operator._makes_rows:
        shape = [shape[0], operator.raw_operator.n_features_in_]
    operator.outputs[0].type = FloatTensorType(shape)


def _classifier_shapes(operator: Any) -> None:
    from skl2onnx.common import data_types

    from skfashion.persistence._onnx_network import type_of_labels

    types = {
        "b": data_types.BooleanTensorType,
        "f": data_types.DoubleTensorType,
        "i": data_types.Int64TensorType,
        "O": data_types.StringTensorType,
    }
    classes = operator.raw_operator.classes_
    n_rows = operator.inputs[0].get_first_dimension()
    operator.outputs[0].type = types[type_of_labels(classes).kind]([n_rows])
    operator.outputs[1].type = data_types.FloatTensorType([n_rows, len(classes)])


def _convert_scaler(scope: Any, operator: Any, container: Any) -> None:
    from skfashion.persistence._onnx_network import scaled

    scaler = operator.raw_operator
    graph, rows = _begun(scope, operator, scaler.n_features_in_)
    name = scaled(scaler, rows).name
    shape = operator.outputs[0].type.shape[1:]
    if len(shape) > 1:
        name = graph.add("Reshape", name, graph.constant([-1, *shape], of=np.int64))
    graph.give(name, operator.outputs[0].full_name)
    _hand_over(graph, container)


def _convert_classifier(scope: Any, operator: Any, container: Any) -> None:
    from skfashion.persistence._onnx_network import labels, probabilities

    classifier = operator.raw_operator
    graph, rows = _begun(scope, operator, classifier.n_features_in_)
    found = probabilities(classifier, rows)
    label, _ = labels(classifier.classes_, found)
    for name, output in zip((label, found.name), operator.outputs, strict=True):
        graph.give(name, output.full_name)
    _hand_over(graph, container)


def _begun(scope: Any, operator: Any, n_features: int) -> tuple[Any, Any]:
    from skfashion.persistence._onnx_graph import Graph

    graph = Graph(f"{scope.get_unique_operator_name('skfashion')}_")
    return graph, graph.rows(operator.inputs[0].full_name, n_features)


def _hand_over(graph: Any, container: Any) -> None:
    from onnx import helper

    from skfashion.persistence._onnx_graph import OPSET

    asked = container.target_opset_any_domain("")
    if asked < OPSET:
        raise ParameterError(
            f"target_opset={asked} must be {OPSET} or more, which skfashion's "
            "converters are written for."
        )
    container.initializers.extend(graph.constants)
    for node in graph.nodes:
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        container.add_node(
            *(node.op_type, list(node.input), list(node.output)),
            op_version=OPSET,
            name=node.name,
            **attributes,
        )
