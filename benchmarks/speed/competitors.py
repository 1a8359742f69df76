"""The competitors: each library used as its own tutorial uses it.

Libraries are imported inside the methods, so that the table of rows can be read
without them and a fresh process loads only what it measures.
"""

import importlib.util
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from benchmarks.shared.data import Images
from benchmarks.speed.models import fold, keras_model, torch_module
from benchmarks.speed.network import CLASSES, KERNEL, Network

__all__ = [
    "Competitor",
    "PlainKeras",
    "RawSciKeras",
    "ScikitLearn",
    "Skfashion",
    "Skorch",
]


class Competitor(ABC):
    """One way to train a network and to predict with it."""

    needs: ClassVar[tuple[str, ...]] = ()
    sizes_parameter = "hidden_layer_sizes"
    from_bytes = False

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def installed(self) -> bool:
        """Whether the libraries it needs are here."""
        return all(map(importlib.util.find_spec, self.needs))

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


class Skfashion(Competitor):
    """What is measured; parameters go to its classifiers."""

    def __init__(self, name: str = "skfashion", **parameters: Any) -> None:
        super().__init__(name)
        self.parameters = parameters
        self.from_bytes = "rescale" in parameters

    def inputs(self, images: Images, network: Network) -> np.ndarray:  # noqa: ARG002
        """Take rows, of bytes or of floats."""
        return images.bytes if self.from_bytes else images.floats

    def estimator(self, network: Network, epochs: int, callbacks: Any = None) -> Any:
        """Make the classifier of dense or of convolving networks."""
        from skfashion import FashionCNNClassifier, FashionMLPClassifier

        settings: dict[str, Any] = {
            "dropout": 0,
            "optimizer": network.optimizer,
            "batch_size": network.batch_size,
            "epochs": epochs,
            "callbacks": callbacks,
            "random_state": 0,
            **self.parameters,
        }
        if not network.filters:
            return FashionMLPClassifier(network.hidden, **settings)
        return FashionCNNClassifier(
            network.filters,
            kernel_size=KERNEL,
            dense_sizes=network.hidden,
            **settings,
        )

    def epoch_seconds(
        self, network: Network, X: np.ndarray, y: np.ndarray, epochs: int
    ) -> list[float]:
        """Fit once; the seconds from one epoch's end to the next."""
        clock, ends = epoch_clock()
        self.estimator(network, epochs, callbacks=[clock]).fit(X, y)
        return np.diff(ends).tolist()


class PlainKeras(Competitor):
    """Keras itself, in the precision that is given to each layer."""

    needs = ("keras",)

    def __init__(self, name: str = "plain Keras", dtype: str = "float32") -> None:
        super().__init__(name)
        self.dtype = dtype

    def estimator(self, network: Network, epochs: int) -> Any:  # noqa: ARG002
        """Build and compile a model, which is told the epochs by ``fit``."""
        return keras_model(network.hidden, network, self.dtype)

    def fit(
        self,
        network: Network,
        X: np.ndarray,
        y: np.ndarray,
        epochs: int,
        callbacks: Sequence[Any] = (),
    ) -> Any:
        """Build, compile and fit."""
        model = self.estimator(network, epochs)
        model.fit(
            X,
            y,
            batch_size=network.batch_size,
            epochs=epochs,
            callbacks=list(callbacks),
            verbose=0,
        )
        return model

    def predict(self, fitted: Any, X: np.ndarray) -> np.ndarray:
        """Predict as one does without thinking."""
        return fitted.predict(X, verbose=0)

    def epoch_seconds(
        self, network: Network, X: np.ndarray, y: np.ndarray, epochs: int
    ) -> list[float]:
        """Fit once; the seconds from one epoch's end to the next."""
        clock, ends = epoch_clock()
        self.fit(network, X, y, epochs, callbacks=[clock])
        return np.diff(ends).tolist()


class RawSciKeras(Competitor):
    """SciKeras's wrapper around the function that builds the Keras model."""

    needs = ("scikeras",)
    sizes_parameter = "model__hidden"

    def __init__(self, name: str = "raw SciKeras") -> None:
        super().__init__(name)

    def estimator(self, network: Network, epochs: int) -> Any:
        """Wrap the function."""
        from scikeras.wrappers import KerasClassifier

        return KerasClassifier(
            keras_model,
            model__hidden=network.hidden,
            model__network=network,
            batch_size=network.batch_size,
            epochs=epochs,
            verbose=0,
        )


class ScikitLearn(Competitor):
    """scikit-learn's own multi-layer perceptron."""

    def __init__(self, name: str = "MLPClassifier") -> None:
        super().__init__(name)

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


class Skorch(Competitor):
    """Skorch on PyTorch, under autocast if asked."""

    needs = ("torch", "skorch")

    def __init__(self, name: str = "skorch", *, autocast: bool = False) -> None:
        super().__init__(name)
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

        kind = Autocast if self.autocast else NeuralNetClassifier
        return kind(
            torch_module(network),
            criterion=torch.nn.CrossEntropyLoss,
            optimizer={"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[
                network.optimizer
            ],
            lr=network.learning_rate,
            batch_size=network.batch_size,
            max_epochs=epochs,
            iterator_train__shuffle=True,
            train_split=None,
            verbose=0,
        )


def epoch_clock() -> tuple[Any, list[float]]:
    """Make a Keras callback and the list in which it notes the epochs' ends.

    It asks for epochs only: a callback for batches slows Keras down.
    """
    import keras

    ends: list[float] = []

    def note(epoch: int, logs: Any) -> None:  # noqa: ARG001
        ends.append(time.perf_counter())

    return keras.callbacks.LambdaCallback(on_epoch_end=note), ends
