"""Keras models of the tests' own, trained as classifiers train theirs."""


def is_served(model):
    """Whether compiled steps serve a model and its optimizer."""
    from skfashion._backend.optimizers import OptimizerConfig
    from skfashion._networks.keras_config import KerasConfig

    return KerasConfig(model).servable and OptimizerConfig.of(model.optimizer).servable


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
):
    """Train a compiled model in place; its history."""
    from skfashion._backend.optimizers import OptimizerConfig
    from skfashion._backend.trainer import Training, train_model
    from skfashion._networks.keras_config import KerasConfig

    arrays = (x, y) if sample_weight is None else (x, y, sample_weight)
    config = KerasConfig(model)
    config.servable &= not by_keras
    training = Training(
        arrays,
        range(epochs),
        batch_size,
        seed,
        validation_data=validation_data,
        callbacks=callbacks,
    )
    optimizer = OptimizerConfig.of(model.optimizer)
    return train_model(training, config, model, optimizer)
