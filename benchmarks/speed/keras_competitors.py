"""The competitors that train with Keras: this package, Keras itself, and SciKeras."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.shared.data import Images
from benchmarks.speed.competitors import Trainer
from benchmarks.speed.models import keras_model, residual_network
from benchmarks.speed.network import KERNEL, Network

__all__ = ["PlainKeras", "RawSciKeras", "Skfashion"]


class Skfashion(Trainer):
    """What is measured; parameters go to its classifiers."""

    def __init__(self, name: str = "skfashion", **parameters: Any) -> None:
        self.name = name
        self.parameters = parameters
        self.from_bytes = "rescale" in parameters

    def inputs(self, images: Images, network: Network) -> np.ndarray:  # noqa: ARG002
        """Take rows, of bytes or of floats."""
        return images.bytes if self.from_bytes else images.floats

    def estimator(self, network: Network, epochs: int, callbacks: Any = None) -> Any:
        """Make the classifier of dense or of convolving networks."""
        from skfashion import FashionCNNClassifier, FashionMLPClassifier

        if network.residual:
            return self._own(network, epochs, callbacks)
        settings: dict[str, Any] = {
            "batch_normalization": bool(network.stem),
            "learning_rate_schedule": "constant",
            "augmentation": None,
            "subsample": 1.0,
            "dropout": network.dropout,
            "optimizer": network.optimizer,
            "batch_size": network.batch_size,
            "epochs": epochs,
            "callbacks": callbacks,
            "random_state": 0,
            **self.parameters,
        }
        if not network.filters:
            return FashionMLPClassifier(network.hidden, **settings)
        settings |= {
            "stem_filters": network.stem or None,
            "convolutions": 2 if network.stem else 1,
            "padding": "same" if network.stem else "valid",
            "pooling": "max" if network.stem else "flatten",
            "residual": False,
            "logit_scale": 1.0,
        }
        return FashionCNNClassifier(
            network.filters,
            kernel_size=KERNEL,
            dense_sizes=network.hidden,
            **settings,
        )

    def _own(self, network: Network, epochs: int, callbacks: Any) -> Any:
        from skfashion import KerasImageClassifier
        from skfashion import Network as Own

        return KerasImageClassifier(
            Own(residual_network, filters=network.filters),
            optimizer=network.optimizer,
            batch_size=network.batch_size,
            epochs=epochs,
            callbacks=callbacks,
            random_state=0,
        )

    def epoch_seconds(
        self, network: Network, X: np.ndarray, y: np.ndarray, epochs: int
    ) -> list[float]:
        """Fit once; the seconds from one epoch's end to the next."""
        clock, ends = _epoch_clock()
        self.estimator(network, epochs, callbacks=[clock]).fit(X, y)
        return np.diff(ends).tolist()


class PlainKeras(Trainer):
    """Keras itself, in the precision that is given to each layer."""

    needs = ("keras",)

    def __init__(self, name: str = "plain Keras", dtype: str = "float32") -> None:
        self.name = name
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
        size = network.batch_size
        model.fit(X, y, size, epochs, verbose=0, callbacks=list(callbacks))
        return model

    def predict(self, fitted: Any, X: np.ndarray) -> np.ndarray:
        """Predict as one does without thinking."""
        return fitted.predict(X, verbose=0)

    def epoch_seconds(
        self, network: Network, X: np.ndarray, y: np.ndarray, epochs: int
    ) -> list[float]:
        """Fit once; the seconds from one epoch's end to the next."""
        clock, ends = _epoch_clock()
        self.fit(network, X, y, epochs, callbacks=[clock])
        return np.diff(ends).tolist()


class RawSciKeras(Trainer):
    """SciKeras's wrapper around the function that builds the Keras model."""

    name = "raw SciKeras"
    needs = ("scikeras",)
    sizes_parameter = "model__hidden"

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

    def epoch_seconds(
        self, network: Network, X: np.ndarray, y: np.ndarray, epochs: int
    ) -> list[float]:
        """Fit once; the seconds from one epoch's end to the next."""
        clock, ends = _epoch_clock()
        self.estimator(network, epochs).set_params(callbacks=[clock]).fit(X, y)
        return np.diff(ends).tolist()


def _epoch_clock() -> tuple[Any, list[float]]:
    """Make a Keras callback and the list in which it notes the epochs' ends.

    It asks for epochs only: a callback for batches slows Keras down.
    """
    import keras

    ends: list[float] = []

    def note(epoch: int, logs: Any) -> None:  # noqa: ARG001
        ends.append(time.perf_counter())

    return keras.callbacks.LambdaCallback(on_epoch_end=note), ends
