"""One operation in place of the many of which Keras makes an optimizer's step."""

from typing import Any

import numpy as np

from skfashion._backend.runtime import keras, tf

__all__ = ["can_update", "update_variables"]


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
