"""``max_time``: how many whole epochs fit into it, settled before the first step."""

from time import perf_counter
from typing import TYPE_CHECKING

from skfashion._backend.listeners import listens_to_batches, restores
from skfashion._backend.timing import time_epoch
from skfashion._backend.training import Training
from skfashion.exceptions import ParameterError
from skfashion.neural_network._callbacks import callbacks_of
from skfashion.neural_network._fitted_network import FittedNetwork
from skfashion.neural_network._targets import TrainingData
from skfashion.neural_network._training import augmenter_of, subsample_of

if TYPE_CHECKING:
    from skfashion.neural_network._base import BaseFashionClassifier

__all__ = ["epochs_within"]

# Parts of the budget: for how long steps are timed, and how late the end may be.
_TIMED, _LATE = 0.02, 0.05


def epochs_within(
    estimator: "BaseFashionClassifier",
    network: FittedNetwork,
    data: TrainingData,
    seed: int,
    began: float,
) -> int:
    """Tell how many epochs ``max_time`` is enough for, at least one.

    Parameters
    ----------
    estimator : classifier
        Its parameters are read.
    network : FittedNetwork
        What will be trained, which is left as it is.
    data : TrainingData
        On what.
    seed : int
        Of all that is drawn.
    began : float
        Reading of ``time.perf_counter`` from which the budget counts.

    Returns
    -------
    int
        By the speed that some steps had, the last ends at most 5% late.

    Raises
    ------
    ParameterError
        If training goes through ``keras.Model.fit``, whose steps cannot be tried out,
        or callbacks listen to batches, which may take any time.
    """
    budget = float(estimator.max_time)
    config, optimizer = network.trained_as()
    if not config.servable or not optimizer.servable:
        raise ParameterError(
            f"max_time={estimator.max_time!r} needs a network and an optimizer of "
            "Keras's own parts; set max_time=None and the number of epochs."
        )
    with callbacks_of(estimator.callbacks) as callbacks:
        for callback in callbacks:
            if listens_to_batches(callback) or restores(callback):
                raise ParameterError(
                    f"max_time={estimator.max_time!r} cannot tell how long "
                    f"{type(callback).__name__} takes, which is called at each batch "
                    "or saves them; leave that callback out, or set max_time=None and "
                    "the number of epochs."
                )
    training = Training(
        data.arrays,
        range(1),
        int(estimator.batch_size),
        seed,
        data.held_out,
        augmenter=augmenter_of(estimator, seed, part=False),
        subsample=subsample_of(estimator, network, range(1), len(data.X), callbacks),
    )
    trained, evaluated = time_epoch(
        training, config, optimizer, network.values, _TIMED * budget
    )
    left = budget + _LATE * budget - (perf_counter() - began)
    whole = trained + evaluated
    # The first and the last epoch have all rows.
    if training.subsample is None or left < 2 * whole:
        return max(1, int(left / whole))
    part = training.subsample.count(1) / training.n_rows
    return 2 + int((left - 2 * whole) / (trained * part + evaluated))
