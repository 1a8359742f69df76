"""Optimizers: made fresh from a name or as a copy, new step sizes, fused steps."""

import functools
import inspect
from numbers import Real
from typing import Any

import numpy as np

from skfashion._backend.runtime import keras, tf
from skfashion._utils.validation import as_float
from skfashion.exceptions import ParameterError

__all__ = ["can_update", "make_optimizer", "set_learning_rate", "update_variables"]


def make_optimizer(
    optimizer: "str | keras.optimizers.Optimizer",
    learning_rate: "float | keras.optimizers.schedules.LearningRateSchedule | None",
) -> keras.optimizers.Optimizer:
    """Make a fresh optimizer; one that is given is copied, never used.

    Parameters
    ----------
    optimizer : str or keras.optimizers.Optimizer
        Keras's name of an optimizer, or one to copy the settings of.
    learning_rate : float, keras LearningRateSchedule or None
        Replaces the optimizer's own learning rate unless it is None.

    Returns
    -------
    keras.optimizers.Optimizer
        Without state.

    Raises
    ------
    ParameterError
        If Keras knows no optimizer of that name.
    """
    kind: Any
    if isinstance(optimizer, str):
        known = _known_optimizers()
        if optimizer.lower() not in known:
            raise ParameterError(
                f"optimizer={optimizer!r} is not known to Keras; it must be a Keras "
                f"optimizer or one of {', '.join(sorted(known))}."
            )
        # Without a name Keras would number it, and count up for everyone else.
        kind = known[optimizer.lower()]
        config: dict[str, Any] = {"name": optimizer.lower()}
    else:
        if not isinstance(optimizer, keras.optimizers.Optimizer):
            raise ParameterError(
                f"optimizer={optimizer!r} must be a name or an object of a Keras "
                "optimizer, as keras.optimizers.SGD()."
            )
        kind, config = type(optimizer), optimizer.get_config()
    if isinstance(learning_rate, Real):
        learning_rate = as_float("learning_rate", learning_rate)
    elif not isinstance(
        learning_rate, keras.optimizers.schedules.LearningRateSchedule | None
    ):
        raise ParameterError(
            f"learning_rate={learning_rate!r} must be a number or an object of a Keras "
            "learning-rate schedule."
        )
    if learning_rate is not None:
        config["learning_rate"] = learning_rate
    # Not from_config alone: it takes schedules only in their serialized form.
    return kind(**config) if isinstance(optimizer, str) else kind.from_config(config)


def set_learning_rate(
    optimizer: keras.optimizers.Optimizer, learning_rate: Any
) -> None:
    """Give an optimizer that is under way a new learning rate, if it is a number.

    Parameters
    ----------
    optimizer : keras.optimizers.Optimizer
        Its state is kept.
    learning_rate : float, keras LearningRateSchedule or None
        A schedule and None leave the optimizer as it is.

    Raises
    ------
    ParameterError
        If the optimizer is under way by a schedule, which no number can replace.
    """
    if not isinstance(learning_rate, Real):
        return
    number = as_float("learning_rate", learning_rate)
    try:
        optimizer.learning_rate = number
    except TypeError as error:
        raise ParameterError(
            f"learning_rate={learning_rate!r:.80} cannot replace the schedule by which "
            "training began; leave the schedule, or train anew."
        ) from error


def can_update(optimizer: keras.optimizers.Optimizer) -> bool:
    """Tell whether ``update_variables`` does all that an optimizer's own step does.

    Parameters
    ----------
    optimizer : keras.optimizers.Optimizer
        Of Keras or of somebody's who may have overridden the step.

    Returns
    -------
    bool
        Whether it may take the place of that step.
    """
    kinds = keras.optimizers.Optimizer, keras.optimizers.Nadam
    known = [kind._backend_update_step for kind in kinds]
    return type(optimizer)._backend_update_step in known


def update_variables(
    optimizer: keras.optimizers.Optimizer,
    gradients: list[Any],
    variables: list[Any],
    learning_rate: Any,
) -> None:
    """Update variables as ``optimizer.update_step`` does, in fewer operations.

    Keras writes Adam's step as some twenty operations a variable, TensorFlow has
    one for them all: on batches of 32 that is a sixth of a training step.

    Parameters
    ----------
    optimizer : keras.optimizers.Optimizer
        Built.
    gradients : list of tf.Tensor
        Clipped and so on already.
    variables : list of keras.Variable
        Of the model, one a gradient.
    learning_rate : tf.Tensor
        Of this step.
    """
    if isinstance(optimizer, keras.optimizers.Nadam):
        # All that its own step does beside.
        momentum = 1 - 0.5 * tf.pow(0.96, tf.cast(optimizer.iterations + 1, tf.float32))
        product = tf.cast(optimizer._u_product, tf.float32)
        optimizer._u_product.assign(product * optimizer.beta_1 * momentum)
    if not _is_adam(optimizer):
        for gradient, variable in zip(gradients, variables, strict=True):
            optimizer.update_step(gradient, variable, learning_rate)
        return
    step = tf.cast(optimizer.iterations + 1, tf.float32)
    # The operation takes 1 - beta_2 in float32, where 1 - 0.999 is 1e-5 too small.
    beta_2 = optimizer.beta_2
    excess = (1 - float(np.float32(beta_2))) / (1 - beta_2)
    settings = {
        "beta1_power": tf.pow(tf.cast(optimizer.beta_1, tf.float32), step),
        "beta2_power": tf.pow(tf.cast(beta_2, tf.float32), step),
        "lr": tf.cast(learning_rate, tf.float32) * excess**0.5,
        "beta1": optimizer.beta_1,
        "beta2": beta_2,
        "epsilon": optimizer.epsilon,
    }
    for gradient, variable in zip(gradients, variables, strict=True):
        number = optimizer._get_variable_index(variable)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.value.handle,
            m=optimizer._momentums[number].value.handle,
            v=optimizer._velocities[number].value.handle,
            grad=tf.convert_to_tensor(gradient),
            **settings,
        )


def _is_adam(optimizer: keras.optimizers.Optimizer) -> bool:
    adam = keras.optimizers.Adam
    return (
        isinstance(optimizer, adam)
        and type(optimizer).update_step is adam.update_step
        and not optimizer.amsgrad
        and all(moment.dtype == "float32" for moment in optimizer._momentums)
    )


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
