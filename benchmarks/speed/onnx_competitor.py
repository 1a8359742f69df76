"""The competitor that predicts only: this package's networks, by ONNX Runtime."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.speed.keras_competitors import Skfashion
from benchmarks.speed.network import Network

__all__ = ["OnnxRuntime"]


class OnnxRuntime(Skfashion):
    """What ``to_onnx`` writes of a classifier that this package has fitted."""

    needs = ("onnx", "onnxruntime")

    def __init__(self) -> None:
        super().__init__("ONNX Runtime")

    def fit(self, network: Network, X: np.ndarray, y: np.ndarray, epochs: int) -> Any:
        """Train from scratch, write the file and open it."""
        import onnxruntime

        from skfashion import to_onnx

        fitted = super().fit(network, X, y, epochs)
        with tempfile.TemporaryDirectory() as folder:
            path = to_onnx(fitted, Path(folder, "network.onnx"))
            return onnxruntime.InferenceSession(path)

    def predict(self, fitted: Any, X: np.ndarray) -> np.ndarray:
        """Have the runtime compute the probabilities alone."""
        return fitted.run(["probabilities"], {"pixels": X})[0]
