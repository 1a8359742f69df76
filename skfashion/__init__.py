"""Keras networks for small images that behave like scikit-learn estimators.

The public names are loaded on first use (PEP 562), so ``import skfashion``
costs nothing and does not load TensorFlow.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from skfashion import (
        comparison,
        datasets,
        displays,
        exceptions,
        inspection,
        metrics,
        neural_network,
        persistence,
        preprocessing,
        recipes,
        report,
    )
    from skfashion.datasets import (
        CLASS_NAMES,
        fetch_fashion_mnist,
        load_fashion_sample,
        load_image_folder,
    )
    from skfashion.neural_network import (
        FashionCNNClassifier,
        FashionMLPClassifier,
        KerasImageClassifier,
        Network,
    )
    from skfashion.persistence import (
        compare_models,
        export_keras,
        from_keras,
        load,
        save,
        to_demo_page,
        to_onnx,
    )
    from skfashion.preprocessing import Augmentation, PixelScaler

__version__ = "0.1.0"

_HOME = {
    "Augmentation": "preprocessing",
    "CLASS_NAMES": "datasets",
    "FashionCNNClassifier": "neural_network",
    "FashionMLPClassifier": "neural_network",
    "KerasImageClassifier": "neural_network",
    "Network": "neural_network",
    "PixelScaler": "preprocessing",
    "compare_models": "persistence",
    "export_keras": "persistence",
    "fetch_fashion_mnist": "datasets",
    "from_keras": "persistence",
    "load": "persistence",
    "load_fashion_sample": "datasets",
    "load_image_folder": "datasets",
    "save": "persistence",
    "to_demo_page": "persistence",
    "to_onnx": "persistence",
}

__all__ = [
    "CLASS_NAMES",
    "Augmentation",
    "FashionCNNClassifier",
    "FashionMLPClassifier",
    "KerasImageClassifier",
    "Network",
    "PixelScaler",
    "compare_models",
    "comparison",
    "datasets",
    "displays",
    "exceptions",
    "export_keras",
    "fetch_fashion_mnist",
    "from_keras",
    "inspection",
    "load",
    "load_fashion_sample",
    "load_image_folder",
    "metrics",
    "neural_network",
    "persistence",
    "preprocessing",
    "recipes",
    "report",
    "save",
    "to_demo_page",
    "to_onnx",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'skfashion' has no attribute {name!r}")
    if name not in _HOME:
        return importlib.import_module(f"skfashion.{name}")
    value = getattr(importlib.import_module(f"skfashion.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
