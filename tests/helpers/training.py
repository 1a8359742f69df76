"""Keras models of the tests' own, trained as classifiers train theirs."""

import dataclasses
import math


def config_of(model):
    """The config of a compiled model, by which it is trained on."""
    from skfashion._networks.keras_network import read_model

    shape = model.input_shape[1:]
    image_shape = (*shape, 1)[:3] if len(shape) > 1 else (1, math.prod(shape), 1)
    return read_model(model, image_shape, as_compiled=True)


def is_served(model):
    """Whether compiled steps serve a model and its optimizer."""
    from skfashion._backend.optimizers import OptimizerConfig

    return config_of(model).servable and OptimizerConfig.of(model.optimizer).servable


def train_alone(
    model,
    x,
    y,
    sample_weight=None,
    *,
    epochs,
    batch_size,
    seed,
    validation_data=None,
    callbacks=(),
    by_keras=False,
    schedule="constant",
):
    """Train a compiled model in place; its history."""
    from skfashion._backend.optimizers import OptimizerConfig
    from skfashion._backend.trainer import train_model
    from skfashion._backend.training import Training

    x = x.reshape(len(x), -1)
    arrays = (x, y) if sample_weight is None else (x, y, sample_weight)
    config = config_of(model)
    if by_keras:
        config = dataclasses.replace(config, foreign=("Keras is to train it",))
    if validation_data is not None:
        held_out = validation_data[0]
        validation_data = held_out.reshape(len(held_out), -1), validation_data[1]
    training = Training(
        arrays,
        range(epochs),
        batch_size,
        seed,
        validation_data=validation_data,
        callbacks=callbacks,
        schedule=schedule,
    )
    optimizer = OptimizerConfig.of(model.optimizer)
    return train_model(training, config, model, optimizer)
