"""A fitted network as the Keras model that someone asked for.

From then on the model's weights are the truth, and anyone may change them.
"""

from typing import TYPE_CHECKING, Any

from skfashion._backend.fingerprint import fingerprint
from skfashion._backend.optimizers import OptimizerConfig
from skfashion._backend.runtime import keras
from skfashion._backend.tensors import Places
from skfashion._backend.trainer import train_model
from skfashion._backend.training import History, Training
from skfashion._backend.watch import Watch
from skfashion._networks.config import NetworkConfig
from skfashion._networks.keras_config import KerasConfig

if TYPE_CHECKING:
    from scikeras.wrappers import KerasClassifier

__all__ = ["ExposedModel"]


class ExposedModel:
    """A compiled Keras model of a network.

    Parameters
    ----------
    config : NetworkConfig or KerasConfig
        Of the network.
    optimizer : OptimizerConfig
        It is compiled with.
    values : list of arrays or tensors
        Of its weights.
    optimizer_values : list of arrays or tensors, or None
        Of its optimizer's variables, where training goes on from them.

    Attributes
    ----------
    model : keras.Model
        To be handed out.
    """

    def __init__(
        self,
        config: NetworkConfig | KerasConfig,
        optimizer: OptimizerConfig,
        values: list[Any],
        optimizer_values: list[Any] | None,
    ) -> None:
        self.model = config.build(values)
        self.model.compile(
            optimizer=optimizer.make(),
            # Not by name, of which SciKeras makes a function that says less.
            loss=keras.losses.SparseCategoricalCrossentropy(config.from_logits),
            metrics=["accuracy"],
        )
        self._config = config
        # Or Keras would warn of it when it loads the model from a file.
        self.model.optimizer.build(self.model.trainable_variables)
        self.write(values, optimizer_values)
        self._as_built = fingerprint(self.model)
        self._held: KerasClassifier | None = None
        self._weights = Places(self.model.weights)
        self._watch = Watch(self.model.weights)

    @property
    def changed_by_hand(self) -> bool:
        """Whether the model is another than it was made to be."""
        return fingerprint(self.model) != self._as_built

    def may_have_changed(self) -> bool:
        """Whether somebody may have changed the weights since this was asked last."""
        return self._watch.may_have_changed()

    def read(self, *, with_optimizer: bool) -> tuple[list[Any], list[Any] | None]:
        """Read the values of the weights, and of the optimizer's variables."""
        if not with_optimizer:
            return self._weights.read(), None
        self.model.optimizer.build(self.model.trainable_variables)
        return self._weights.read(), Places(self.model.optimizer.variables).read()

    def write(self, values: list[Any], optimizer_values: list[Any] | None) -> None:
        """Give the model values of its weights, and of its optimizer's variables."""
        Places(self.model.weights).write(values)
        if optimizer_values is not None:
            self.model.optimizer.build(self.model.trainable_variables)
            Places(self.model.optimizer.variables).write(optimizer_values)

    def trained_as(
        self, anew: OptimizerConfig | None
    ) -> tuple[NetworkConfig | KerasConfig, Any]:
        """Tell by which config it trains, as it is, and what its optimizer begins by.

        ``anew`` is that of a model that nobody has changed, None where it goes on.
        """
        if not self.changed_by_hand:
            return self._config, anew
        changed = self._config.as_changed_to(self.model)
        return changed, anew and OptimizerConfig.of(self.model.optimizer)

    def train(self, training: Training, anew: OptimizerConfig | None) -> History:
        """Train it on, as it is; its optimizer begins ``anew``, or goes on."""
        config, anew = self.trained_as(anew)
        return train_model(training, config, self.model, anew)

    def hold(self) -> "KerasClassifier":
        """Have SciKeras hold the model; the same at each call."""
        from skfashion.neural_network._scikeras import hold

        if self._held is None:
            with self._watch.unnoticed():
                shapes = self._config.input_shape, self._config.n_classes
                self._held = hold(self.model, *shapes)
        return self._held
