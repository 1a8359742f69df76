"""Whole models in and out: files of our own, plain Keras, two of them compared."""

from skfashion.persistence._export import export_keras
from skfashion.persistence._files import load, save
from skfashion.persistence._from_keras import from_keras
from skfashion.persistence._keras import compare_models

__all__ = ["compare_models", "export_keras", "from_keras", "load", "save"]
