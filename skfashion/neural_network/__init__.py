"""The classifiers."""

from skfashion.neural_network._cnn import FashionCNNClassifier
from skfashion.neural_network._keras import KerasImageClassifier
from skfashion.neural_network._mlp import FashionMLPClassifier
from skfashion.neural_network._network import Network

__all__ = [
    "FashionCNNClassifier",
    "FashionMLPClassifier",
    "KerasImageClassifier",
    "Network",
]
