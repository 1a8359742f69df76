"""A trained network as a value: its config, the values of its weights, perhaps more.

The optimizer's state belongs to it only where training goes on from it: after
``partial_fit``, and after ``fit`` with ``warm_start=True``. Otherwise an optimizer
begins anew when training goes on. So it behaves the same afterwards whichever way it
came to be: fitted, loaded, unpickled, copied or converted.

A Keras model is made when someone asks. From then on its weights are the truth.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from skfashion._networks.config import NetworkConfig, config_from_dict
from skfashion._networks.keras_config import KerasConfig
from skfashion._utils.memory import aligned_copy, kept_copy
from skfashion._utils.processes import refuse_after_fork
from skfashion.exceptions import ParameterError
from skfashion.neural_network._bound_network import BoundNetwork, as_arrays

if TYPE_CHECKING:
    from skfashion._backend.optimizers import OptimizerConfig
    from skfashion._backend.training import Training
    from skfashion.neural_network._exposed_model import ExposedModel

__all__ = ["FittedNetwork"]

_Forward = Callable[[np.ndarray], np.ndarray]

# Rows a prediction holds in memory at once, beyond its input and output: of a chain
# of dense layers, and of networks that make much more of a row, which are fewer where
# images are larger than 28x28 pixels.
_DENSE_ROWS = 4096
_PREDICT_ROWS = 1024
_PREDICT_VALUES = _PREDICT_ROWS * 28 * 28
_FEWEST_ROWS = 8


class FittedNetwork:
    """A network and the values of its weights.

    Parameters
    ----------
    config : NetworkConfig or KerasConfig
        What it computes.
    optimizer : OptimizerConfig or dict
        What trains it, or what ``optimizers.to_dict`` made of that.
    values : list of ndarray, float32
        Of its weights; never written to.
    optimizer_values : list of ndarray or None, default=None
        Of the optimizer's variables, where training goes on from them.
    """

    def __init__(
        self,
        config: NetworkConfig | KerasConfig,
        optimizer: "OptimizerConfig | dict[str, Any]",
        values: Sequence[np.ndarray],
        optimizer_values: Sequence[np.ndarray] | None = None,
    ) -> None:
        self.config = config
        self._optimizer = optimizer
        self.keeps_optimizer = optimizer_values is not None
        # Arrays or, where TensorFlow has made them, tensors.
        self._values: list[Any] = list(values)
        self._optimizer_values = (
            None if optimizer_values is None else list(optimizer_values)
        )
        self._exposed: ExposedModel | None = None
        self._bound: BoundNetwork | None = None
        self._writing, self._binding = threading.Lock(), threading.Lock()
        self._training = threading.RLock()

    # What it holds

    @property
    def optimizer(self) -> "OptimizerConfig":
        """What trains it."""
        if isinstance(self._optimizer, dict):
            from skfashion._backend.optimizers import config_from_dict

            # Not before: it takes the import of Keras.
            self._optimizer = config_from_dict(self._optimizer)
        return self._optimizer

    @property
    def values(self) -> list[np.ndarray]:
        """The values of its weights, not to be written to."""
        return as_arrays(self._current()[0])

    @property
    def optimizer_values(self) -> list[np.ndarray] | None:
        """The values of its optimizer's variables; None where it begins anew."""
        held = self._current()[1]
        return None if held is None else as_arrays(held)

    def _current(self) -> tuple[list[Any], list[Any] | None]:
        if self._exposed is None:
            return self._values, self._optimizer_values
        return self._exposed.read(with_optimizer=self.keeps_optimizer)

    @contextmanager
    def training_on(self) -> Iterator["FittedNetwork"]:
        """Give what to train on in its place, and leave it as it was if that fails.

        That is a copy, which nobody else sees, or itself where its Keras model was
        handed out; then one fit at a time.
        """
        if self._exposed is None:
            copy = FittedNetwork(
                self.config, self._optimizer, self._values, self._optimizer_values
            )
            yield copy
            if self._exposed is not None:
                # Meanwhile someone asked for the model, which is to be the truth.
                self._take(*copy._current(), copy.keeps_optimizer)
            return
        with self._training:
            optimizer, keeps_optimizer = self._optimizer, self.keeps_optimizer
            before = self._current()
            try:
                yield self
            except BaseException:
                self._optimizer = optimizer
                self._take(*before, keeps_optimizer)
                raise

    @property
    def is_exposed(self) -> bool:
        """Whether its Keras model was handed out."""
        return self._exposed is not None

    def _take(
        self,
        values: list[Any],
        optimizer_values: list[Any] | None,
        keeps_optimizer: bool,
    ) -> None:
        with self._writing:
            self.keeps_optimizer = keeps_optimizer
            if self._exposed is not None:
                self._exposed.write(values, optimizer_values)
            else:
                self._values, self._optimizer_values = values, optimizer_values

    def set_values(self, values: list[Any]) -> None:
        """Give it values of its training, such as those of the best epoch."""
        with self._writing:
            if self._exposed is None:
                self._values = values
            else:
                self._exposed.write(values, None)

    def go_to(
        self, values: list[np.ndarray], optimizer_values: list[np.ndarray] | None
    ) -> None:
        """Give it the weights and the optimizer's state of an epoch of its training.

        Raises
        ------
        ValueError
            If they are not of its shapes.
        """
        if [v.shape for v in values] != self.config.weight_shapes():
            raise ValueError("these are not the weights of this network")
        keeps = optimizer_values is not None
        self._take([aligned_copy(value) for value in values], optimizer_values, keeps)

    def copy(self) -> "FittedNetwork":
        """Give another of the same values, which are shared: nobody writes to them."""
        self._refuse_change_by_hand()
        return FittedNetwork(self.config, self._optimizer, *self._current())

    def _refuse_change_by_hand(self) -> None:
        if self.changed_by_hand:
            raise ParameterError(
                "model_ was changed by hand, and is not the classifier's network any "
                "more; it cannot be saved or copied: use export_keras."
            )

    def to_state(self) -> dict[str, Any]:
        """Give it as plain Python values and arrays."""
        optimizer = self._optimizer
        if not isinstance(optimizer, dict):
            from skfashion._backend.optimizers import to_dict

            optimizer = to_dict(optimizer)
        self._refuse_change_by_hand()
        values, optimizer_values = self._current()
        return {
            "config": self.config.to_dict(),
            "optimizer": optimizer,
            "values": as_arrays(values),
            "optimizer_values": optimizer_values and as_arrays(optimizer_values),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> "FittedNetwork":
        """Make it anew from what ``to_state`` gave."""
        optimizer_values = state["optimizer_values"]
        return cls(
            config_from_dict(state["config"]),
            state["optimizer"],
            [kept_copy(value) for value in state["values"]],
            optimizer_values and [aligned_copy(value) for value in optimizer_values],
        )

    @property
    def exposed(self) -> "ExposedModel":
        """The Keras model that it was made to; the same at each call."""
        refuse_after_fork()
        from skfashion.neural_network._exposed_model import ExposedModel

        with self._writing:
            if self._exposed is None:
                values = self._values, self._optimizer_values
                self._exposed = ExposedModel(self.config, self.optimizer, *values)
                # From now on they are the model's, and not to be held twice.
                self._values, self._optimizer_values, self._bound = [], None, None
        return self._exposed

    @property
    def changed_by_hand(self) -> bool:
        """Whether its Keras model is another than it was made to be."""
        return self._exposed is not None and self._exposed.changed_by_hand

    def set_learning_rate(self, learning_rate: Any) -> None:
        """Give training that goes on another learning rate, if it is a number."""
        optimizer = self.optimizer.with_learning_rate(learning_rate)
        if optimizer is self._optimizer:
            return
        self._optimizer = optimizer
        if self._exposed is not None:
            self._exposed.model.optimizer.learning_rate = optimizer.learning_rate
        elif self._optimizer_values is not None:
            from skfashion._backend.optimizers import RATE

            rate = np.array(optimizer.learning_rate, dtype=np.float32)
            self._optimizer_values = [*self._optimizer_values]
            self._optimizer_values[RATE] = rate

    # Prediction

    def predict(
        self,
        rows: np.ndarray,
        averaged: Callable[[_Forward], _Forward] = lambda forward: forward,
    ) -> np.ndarray:
        """Compute probabilities, of shape (n, n_classes) and in float32.

        In bounded memory, and from any number of threads. ``averaged`` makes of the
        forward pass one that shows the network several views of each row.
        """
        bound = self._bind()
        if len(rows) == 1 and bound.one is not None:
            return averaged(bound.one)(rows.astype(np.float32, copy=False))
        refuse_after_fork()
        from skfashion._backend.inference import in_parts

        most = _DENSE_ROWS
        if bound.one is None:
            fit = max(_PREDICT_VALUES // rows.shape[1], _FEWEST_ROWS)
            most = min(_PREDICT_ROWS, fit)
        return in_parts(averaged(bound.many), rows, most)

    def _bind(self) -> BoundNetwork:
        bound, values = self._bound, self._values
        if self._exposed is not None:
            refuse_after_fork()
            # Anyone may change a model that was handed out. One thread at a time, for
            # the first that asks is told of changes that others need to know of.
            with self._binding:
                bound = self._bound
                if bound is not None and not self._exposed.may_have_changed():
                    return bound
                values, _ = self._exposed.read(with_optimizer=False)
                if bound is None or not bound.looks_at(values):
                    self._bound = bound = BoundNetwork(self.config, values)
                return bound
        elif bound is not None and bound.values is values:
            return bound
        self._bound = bound = BoundNetwork(self.config, values)
        return bound

    # Training

    def trained_as(self) -> "tuple[NetworkConfig | KerasConfig, OptimizerConfig]":
        """Tell by which config and optimizer it trains, also if changed by hand."""
        if self._exposed is None:
            return self.config, self.optimizer
        return self._exposed.trained_as(self.optimizer)

    def train(
        self, training: "Training", *, keeps_optimizer: bool
    ) -> dict[str, list[float]]:
        """Train on from where it stands.

        Parameters
        ----------
        training : Training
            On what, and for how long.
        keeps_optimizer : bool
            Whether the optimizer's state belongs to it afterwards.

        Returns
        -------
        dict of str to list of float
            Loss and metrics by epoch.
        """
        refuse_after_fork()
        from skfashion._backend.trainer import train

        begins = self._exposed is None and not self.keeps_optimizer
        served = self.config.servable and self.optimizer.servable
        if training.callbacks or not served:
            _ = self.exposed
        if self._exposed is None:
            state = self._values, self._optimizer_values
            history, reached = train(training, self.config, self.optimizer, state)
            values = [kept_copy(value) for value in as_arrays(reached[0])]
            kept = reached[1] if keeps_optimizer else None
            self._take(values, kept, keeps_optimizer)
        else:
            # One that was made just now has not begun yet.
            anew = None if self.keeps_optimizer or begins else self.optimizer
            history = self._exposed.train(training, anew)
            self.keeps_optimizer = keeps_optimizer
        return history
