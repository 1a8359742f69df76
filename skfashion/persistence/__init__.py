"""Whole models in and out: our own files, plain Keras, ONNX; two of them compared."""

from skfashion.persistence._demo_page import to_demo_page
from skfashion.persistence._export import export_keras
from skfashion.persistence._files import load, save
from skfashion.persistence._from_keras import from_keras
from skfashion.persistence._keras import compare_models
from skfashion.persistence._onnx import to_onnx
from skfashion.persistence._skl2onnx import register_onnx_converters

__all__ = [
    "compare_models",
    "export_keras",
    "from_keras",
    "load",
    "register_onnx_converters",
    "save",
    "to_demo_page",
    "to_onnx",
]
