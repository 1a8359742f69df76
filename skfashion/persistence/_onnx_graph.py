"""An ONNX graph while it is written: its nodes, its constants and its tensors."""

from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

from skfashion._utils.versions import versions
from skfashion.exceptions import ParameterError

__all__ = ["OPSET", "Graph", "Tensor"]

# Of the standard operators; the first in which ReduceMean takes its axes as an input.
OPSET = 18
# Of a protocol buffer.
_MOST_BYTES = 2**31 - 1


class Graph:
    """Nodes and constants, in the order in which they are added.

    Parameters
    ----------
    prefix : str, default=""
        Begins each name, so that graphs can be joined.

    Attributes
    ----------
    nodes : list of NodeProto
        What is computed.
    constants : list of TensorProto
        What it is computed with.
    """

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def add(self, kind: str, *inputs: str, **attributes: Any) -> str:
        """Add a node; give the name of its output."""
        name = f"{self.prefix}{kind}_{len(self.nodes)}"
        output = f"{name}_output"
        node = helper.make_node(kind, inputs, [output], name, **attributes)
        self.nodes.append(node)
        return output

    def give(self, name: str, output: str) -> None:
        """Give a result to others, by a name of theirs."""
        self.nodes.append(helper.make_node("Identity", [name], [output], output))

    def constant(self, values: Any, *, of: type | None = None) -> str:
        """Add a constant; give its name."""
        name = f"{self.prefix}constant_{len(self.constants)}"
        array = np.asarray(values, dtype=of)
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def to_bytes(
        self,
        inputs: dict[str, tuple[Any, tuple[int, ...]]],
        outputs: dict[str, tuple[Any, tuple[int, ...]]],
    ) -> bytes:
        """Make a file of it, whose inputs and outputs are of a type and a shape a row.

        Raises
        ------
        ParameterError
            If there is more than such a file may hold.
        """
        taken, given = (
            [
                helper.make_tensor_value_info(
                    name,
                    helper.np_dtype_to_tensor_dtype(np.dtype(dtype)),
                    ("n", *shape),
                )
                for name, (dtype, shape) in described.items()
            ]
            for described in (inputs, outputs)
        )
        version = helper.make_opsetid("", OPSET)
        model = helper.make_model(
            helper.make_graph(self.nodes, "skfashion", taken, given, self.constants),
            opset_imports=[version],
            # The first with that opset, for runtimes that are not the newest.
            ir_version=helper.find_min_ir_version_for([version]),
            producer_name="skfashion",
            producer_version=versions("skfashion")["skfashion"],
        )
        if model.ByteSize() > _MOST_BYTES:
            raise ParameterError(
                f"estimator makes {model.ByteSize():,} bytes, but an ONNX file "
                f"holds {_MOST_BYTES:,} at most; use skfashion.save."
            )
        return model.SerializeToString(deterministic=True)

    def rows(self, pixels: str, n_features: int) -> "Tensor":
        """Make rows of float32 of an input of images, or of rows, of any type."""
        shape = self.constant([-1, n_features], of=np.int64)
        rows = self.add("Reshape", pixels, shape)
        name = self.add("Cast", rows, to=TensorProto.FLOAT)
        return Tensor(self, name, (-1, n_features))


class Tensor:
    """A result of float32 in a graph, which the records of layers compute with.

    Parameters
    ----------
    graph : Graph
        Where it is.
    name : str
        In that graph.
    shape : tuple of int
        As the records have it: -1 for the rows, channels last. In the graph the
        channels of images come first, as ONNX convolves them.
    """

    def __init__(self, graph: Graph, name: str, shape: tuple[int, ...]) -> None:
        self.graph = graph
        self.name = name
        self.shape = shape

    def apply(self, kind: str, *inputs: str, **attributes: Any) -> "Tensor":
        """Add a node that takes this tensor first, and changes no shape."""
        name = self.graph.add(kind, self.name, *inputs, **attributes)
        return Tensor(self.graph, name, self.shape)

    def by_channel(self, kind: str, values: np.ndarray) -> "Tensor":
        """Add a node that takes this tensor and a number for each channel."""
        behind = (1,) * (len(self.shape) - 2)
        values = values.reshape(-1, *behind)
        return self.apply(kind, self.graph.constant(values, of=np.float32))

    def clip(self, least: float, most: float) -> "Tensor":
        """Bring what is beyond two limits to these."""
        limits = (self.graph.constant(v, of=np.float32) for v in (least, most))
        return self.apply("Clip", *limits)

    def _with(self, kind: str, other: Any) -> "Tensor":
        if isinstance(other, Tensor):
            return self.apply(kind, other.name)
        return self.apply(kind, self.graph.constant(other, of=np.float32))

    def __mul__(self, other: Any) -> "Tensor":
        return self._with("Mul", other)

    def __truediv__(self, other: Any) -> "Tensor":
        return self._with("Div", other)

    def __add__(self, other: Any) -> "Tensor":
        return self._with("Add", other)

    def __sub__(self, other: Any) -> "Tensor":
        return self._with("Sub", other)

    def __matmul__(self, kernel: np.ndarray) -> "Tensor":
        product = self._with("MatMul", kernel)
        return Tensor(self.graph, product.name, (-1, kernel.shape[-1]))
