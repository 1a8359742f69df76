"""The classifiers."""

from skfashion.neural_network._cnn import FashionCNNClassifier
from skfashion.neural_network._mlp import FashionMLPClassifier

__all__ = ["FashionCNNClassifier", "FashionMLPClassifier"]
