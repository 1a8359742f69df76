"""The competitors: each library used as its own tutorial uses it.

Libraries are imported inside the methods, so that the table of rows can be read
without them and a fresh process loads only what it measures.
"""

import importlib.util
import os
import time
from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np

from benchmarks.shared.data import Images
from benchmarks.speed.models import fold, torch_module
from benchmarks.speed.network import CLASSES, Network

__all__ = ["Competitor", "ScikitLearn", "Skorch", "Trainer"]


class Competitor:
    """One that does what a row has it do."""

    name: str
    needs: ClassVar[tuple[str, ...]] = ()

    @property
    def installed(self) -> bool:
        """Whether the libraries it needs are here."""
        return all(map(importlib.util.find_spec, self.needs))


class Trainer(Competitor, ABC):
    """One way to train a network and to predict with it."""

    sizes_parameter = "hidden_layer_sizes"
    from_bytes = False

    def inputs(self, images: Images, network: Network) -> np.ndarray:
        """Shape the images as this library wants them, before any clock runs."""
        return fold(images.floats, network)

    @abstractmethod
    def estimator(self, network: Network, epochs: int) -> Any:
        """Make an untrained classifier."""

    def fit(self, network: Network, X: np.ndarray, y: np.ndarray, epochs: int) -> Any:
        """Train from scratch, the building of the network included."""
        return self.estimator(network, epochs).fit(X, y)

    def predict(self, fitted: Any, X: np.ndarray) -> np.ndarray:
        """Predict probabilities."""
        return fitted.predict_proba(X)

    def epoch_seconds(
        self, network: Network, X: np.ndarray, y: np.ndarray, epochs: int
    ) -> list[float]:
        """Train from scratch; the seconds of each epoch but the first."""
        classifier = self.estimator(network, 1)
        ends = []
        for _ in range(epochs):
            self.train_on(classifier, X, y)
            ends.append(time.perf_counter())
        return np.diff(ends).tolist()

    def train_on(self, classifier: Any, X: np.ndarray, y: np.ndarray) -> None:
        """Train a classifier one epoch on."""
        classifier.partial_fit(X, y)


class ScikitLearn(Trainer):
    """scikit-learn's own multi-layer perceptron."""

    name = "MLPClassifier"

    def estimator(self, network: Network, epochs: int) -> Any:
        """Give it Keras's learning rate, and no penalty or momentum."""
        from sklearn.neural_network import MLPClassifier

        return MLPClassifier(
            network.hidden,
            solver=network.optimizer,
            alpha=0,
            batch_size=network.batch_size,
            learning_rate_init=network.learning_rate,
            momentum=0,
            max_iter=epochs,
            random_state=0,
        )

    def train_on(self, classifier: Any, X: np.ndarray, y: np.ndarray) -> None:
        """Train one epoch on; the first call must be told the classes."""
        classifier.partial_fit(X, y, classes=range(CLASSES))


class Skorch(Trainer):
    """Skorch on PyTorch, under autocast if asked."""

    needs = ("torch", "skorch")

    def __init__(self, name: str = "skorch", *, autocast: bool = False) -> None:
        self.name = name
        self.autocast = autocast

    def inputs(self, images: Images, network: Network) -> np.ndarray:
        """Put channels first."""
        return fold(images.floats, network, channels_first=True)

    def estimator(self, network: Network, epochs: int) -> Any:
        """Make a network without validation rows, as ours has none."""
        import torch
        from skorch import NeuralNetClassifier

        torch.set_num_threads(len(os.sched_getaffinity(0)))

        class Autocast(NeuralNetClassifier):
            def infer(self, x: Any, **parameters: Any) -> Any:
                with torch.autocast("cpu", dtype=torch.bfloat16):
                    return super().infer(x, **parameters).float()

        optimizers = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
        kind = Autocast if self.autocast else NeuralNetClassifier
        return kind(
            torch_module(network),
            criterion=torch.nn.CrossEntropyLoss,
            optimizer=optimizers[network.optimizer],
            lr=network.learning_rate,
            batch_size=network.batch_size,
            max_epochs=epochs,
            iterator_train__shuffle=True,
            train_split=None,
            verbose=0,
        )
