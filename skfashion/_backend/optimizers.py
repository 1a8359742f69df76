"""Optimizers as values."""

import functools
import inspect
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

import numpy as np

from skfashion._backend.runtime import keras
from skfashion._utils.validation import as_float
from skfashion.exceptions import ParameterError

__all__ = [
    "RATE",
    "OptimizerConfig",
    "config_from_dict",
    "from_dict",
    "is_of_keras",
    "optimizer_config",
    "to_dict",
]


# Where the learning rate, if it is a number, stands among an optimizer's variables.
RATE = 1


@dataclass(frozen=True)
class OptimizerConfig:
    """An optimizer as a value: its class and its settings, without a variable.

    Parameters
    ----------
    kind : type
        Subclass of ``keras.optimizers.Optimizer``.
    settings : dict
        As its ``get_config`` tells them, but for a learning-rate schedule, which is an
        object.
    """

    kind: Any
    settings: dict[str, Any]

    @classmethod
    def of(cls, optimizer: keras.optimizers.Optimizer) -> "OptimizerConfig":
        """Take the settings of an optimizer."""
        settings = optimizer.get_config()
        schedule = getattr(optimizer, "_learning_rate", None)
        if isinstance(schedule, _Schedule):
            settings["learning_rate"] = schedule
        return cls(type(optimizer), settings)

    def make(self) -> keras.optimizers.Optimizer:
        """Make an optimizer without state."""
        # Optimizers and schedules within are made anew too.
        settings = from_dict(to_dict(self.settings))
        if is_of_keras(self.kind):
            return self.kind(**settings)
        return self.kind.from_config(settings)

    @property
    def learning_rate(self) -> float | None:
        """The step size; None where a schedule gives it."""
        rate = self.settings.get("learning_rate")
        return float(rate) if isinstance(rate, Real) else None

    def with_learning_rate(self, learning_rate: Any) -> "OptimizerConfig":
        """Change the step size of training that is under way.

        Parameters
        ----------
        learning_rate : float, keras LearningRateSchedule or None
            A schedule and None leave the optimizer as it is.

        Raises
        ------
        ParameterError
            If training is under way by a schedule, which no number can replace.
        """
        if not isinstance(learning_rate, Real):
            return self
        number = as_float("learning_rate", learning_rate)
        if self.learning_rate is None:
            raise ParameterError(
                f"learning_rate={learning_rate!r:.80} cannot replace the schedule by "
                "which training began; leave the schedule, or train anew."
            )
        return replace(self, settings={**self.settings, "learning_rate": number})

    @property
    def servable(self) -> bool:
        """Whether a compiled step can take the optimizer's steps."""
        schedule = self.settings.get("learning_rate")
        return (
            is_of_keras(self.kind)
            and not issubclass(self.kind, keras.optimizers.LossScaleOptimizer)
            and not self.settings.get("gradient_accumulation_steps")
            and (isinstance(schedule, Real) or is_of_keras(type(schedule)))
        )

    def check_values(self, values: list[np.ndarray], config: Any) -> None:
        """Refuse values that are not those of the optimizer of a network.

        Raises
        ------
        ValueError
            If there are more or fewer, or of other shapes or types.
        """
        optimizer = self.make()
        optimizer.build(config.build_for_training().trainable_variables)
        wanted = [(tuple(v.shape), v.dtype) for v in optimizer.variables]
        if [(value.shape, value.dtype.name) for value in values] != wanted:
            raise ValueError("its optimizer does not have the values that it brings")

    @functools.cached_property
    def key(self) -> str:
        """Equal where the compiled steps are: a numeric learning rate is left out."""
        settings = {**self.settings, "name": None}
        if self.learning_rate is not None:
            settings["learning_rate"] = None
        return repr((self.kind.__name__, to_dict(settings)))


def is_of_keras(kind: type) -> bool:
    """Whether a class is one of Keras's optimizers or learning-rate schedules."""
    return any(getattr(m, kind.__name__, None) is kind for m, _ in _HOMES.values())


def to_dict(value: Any) -> Any:
    """Take optimizers and schedules apart, within lists and dicts too.

    Parameters
    ----------
    value : object
        One of Keras's own becomes numbers and text; of another class, that class is
        left beside its settings.

    Returns
    -------
    object
        For ``from_dict``.
    """
    if isinstance(value, OptimizerConfig):
        return _taken_apart(value.kind, value.settings)
    if isinstance(value, keras.optimizers.Optimizer):
        return to_dict(OptimizerConfig.of(value))
    if isinstance(value, _Schedule):
        return _taken_apart(type(value), value.get_config())
    if isinstance(value, dict):
        return {name: to_dict(held) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [to_dict(held) for held in value]
    return value


def _taken_apart(kind: type, settings: dict[str, Any]) -> dict[str, Any]:
    taken: dict[str, Any] = {"module": None, "class_name": kind}
    for name, (_, base) in _HOMES.items():
        if is_of_keras(kind) and issubclass(kind, base):
            taken = {"module": name, "class_name": kind.__name__}
    return {**taken, "config": to_dict(settings)}


def from_dict(value: Any) -> Any:
    """Put together what ``to_dict`` took apart.

    Nothing but classes of Keras's optimizers and schedules is looked up by name, and
    Keras's own deserializer, which knows many more, is not asked.

    Raises
    ------
    ValueError
        If a name is none of these.
    """
    if isinstance(value, list | tuple):
        return [from_dict(held) for held in value]
    if not isinstance(value, dict):
        return value
    if not {"module", "class_name", "registered_name"} & value.keys():
        return {name: from_dict(held) for name, held in value.items()}
    kind, settings = _kind_of(value), from_dict(value["config"])
    if isinstance(value["class_name"], str):
        return kind(**settings)
    return OptimizerConfig(kind, settings).make()


def config_from_dict(held: dict[str, Any]) -> OptimizerConfig:
    """Make an optimizer's config of what ``to_dict`` gave, or anybody wrote.

    Raises
    ------
    ValueError
        If it is none of an optimizer.
    """
    kind = _kind_of(held)
    if not issubclass(kind, keras.optimizers.Optimizer):
        raise ValueError(f"{kind.__name__} is no optimizer")
    return OptimizerConfig(kind, from_dict(held["config"]))


def _kind_of(held: dict[str, Any]) -> type:
    kind = held["class_name"]
    if isinstance(kind, type):
        return kind
    module, base = _HOMES[held["module"]]
    found = getattr(module, kind, None) if isinstance(kind, str) else None
    if (
        held.get("registered_name") is not None
        or not isinstance(found, type)
        or not issubclass(found, base)
        or found is base
    ):
        raise ValueError(f"{kind!r:.80} is no optimizer or schedule of Keras's")
    return found


_Schedule = keras.optimizers.schedules.LearningRateSchedule
# Where Keras keeps its optimizers and schedules, and what each of them is.
_HOMES = {
    "keras.optimizers": (keras.optimizers, keras.optimizers.Optimizer),
    "keras.optimizers.schedules": (keras.optimizers.schedules, _Schedule),
}


def optimizer_config(
    optimizer: "str | keras.optimizers.Optimizer",
    learning_rate: "float | keras.optimizers.schedules.LearningRateSchedule | None",
    weight_decay: float | None = None,
) -> OptimizerConfig:
    """Settle the optimizer of a fit; one that is given is copied, never used.

    Parameters
    ----------
    optimizer : str or keras.optimizers.Optimizer
        Keras's name of an optimizer, or one to copy the settings of.
    learning_rate : float, keras LearningRateSchedule or None
        Replaces the optimizer's own learning rate unless it is None.
    weight_decay : float or None, default=None
        Replaces the optimizer's own unless it is None.

    Returns
    -------
    OptimizerConfig
        No variable is made for it but at the first use of a name.

    Raises
    ------
    ParameterError
        If Keras knows no optimizer of that name, or it has no such setting.
    """
    if isinstance(optimizer, str):
        known = _known_optimizers()
        if optimizer.lower() not in known:
            raise ParameterError(
                f"optimizer={optimizer!r} is not known to Keras; it must be a Keras "
                f"optimizer or one of {', '.join(sorted(known))}."
            )
        config = _by_name(optimizer.lower())
    elif isinstance(optimizer, keras.optimizers.Optimizer):
        config = OptimizerConfig.of(optimizer)
    else:
        raise ParameterError(
            f"optimizer={optimizer!r} must be a name or an object of a Keras "
            "optimizer, as keras.optimizers.SGD()."
        )
    if isinstance(learning_rate, Real):
        learning_rate = as_float("learning_rate", learning_rate)
    elif not isinstance(learning_rate, _Schedule | None):
        raise ParameterError(
            f"learning_rate={learning_rate!r} must be a number or an object of a Keras "
            "learning-rate schedule."
        )
    settings = dict(config.settings)
    if learning_rate is not None:
        settings["learning_rate"] = learning_rate
    if weight_decay is not None:
        # One that scales the loss leaves the decay to the optimizer within it.
        if "weight_decay" not in settings or "inner_optimizer" in settings:
            raise ParameterError(
                f"weight_decay={weight_decay!r} is no setting of optimizer="
                f"{config.kind.__name__}: set weight_decay=None, and give it an "
                "optimizer that has a decay of its own."
            )
        settings["weight_decay"] = as_float("weight_decay", weight_decay)
    return replace(config, settings=settings)


@functools.cache
def _by_name(name: str) -> OptimizerConfig:
    # Without a name Keras would number it, and count up for everyone else.
    return OptimizerConfig.of(_known_optimizers()[name](name=name))


@functools.cache
def _known_optimizers() -> dict[str, Any]:
    """Keras's optimizers that can be made from a name alone."""
    return {
        name.lower(): member
        for name, member in vars(keras.optimizers).items()
        if inspect.isclass(member)
        and issubclass(member, keras.optimizers.Optimizer)
        and member is not keras.optimizers.Optimizer
        and all(
            parameter.default is not parameter.empty or parameter.kind in (2, 4)
            for parameter in inspect.signature(member).parameters.values()
        )
    }
