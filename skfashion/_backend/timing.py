"""How long an epoch takes, told by training for a short while on throw-away values."""

from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import Any

from skfashion._backend.compiled_step import CompiledStep
from skfashion._backend.listeners import Silence
from skfashion._backend.optimizers import OptimizerConfig
from skfashion._backend.trainer import borrowed, gathered, gathering
from skfashion._backend.training import Training

__all__ = ["time_epoch"]

# Most validation rows whose evaluation is timed, and as many before, to compile it.
_EVALUATED_ROWS = 4096
_COMPILING_ROWS = 1024


def time_epoch(
    training: Training,
    config: Any,
    optimizer: OptimizerConfig,
    values: Any,
    seconds: float,
) -> tuple[float, float]:
    """Tell how many seconds an epoch of all rows takes, and the evaluation after it.

    The step that the fit is to borrow is compiled first, which is not counted, and
    trains then on real rows, gathered as in training, for an epoch or a part of it.
    What it has become is kept by nobody: each fit loads its own values.

    Parameters
    ----------
    training : Training
        Callbacks are not called.
    config : NetworkConfig or KerasConfig
        One that is ``servable``, as the optimizer.
    optimizer : OptimizerConfig
        It begins anew.
    values : list of arrays or tensors
        Of the network's variables.
    seconds : float
        For how long steps are timed: one chunk at least.

    Returns
    -------
    (float, float)
        Seconds, without what callbacks, checkpoints and early stopping take.
    """
    with (
        borrowed(training, config, optimizer) as step,
        ThreadPoolExecutor(1) as gatherer,
    ):
        step.load(config, optimizer, values, None)
        step.begin_epoch(training.seed, training.epochs.start)
        _compile(step, training)
        took = _time_training(step, training, gatherer, seconds)
        if training.validation_data is None:
            return took, 0.0
        return took, _time_evaluation(step, training.validation_data)


def _compile(step: CompiledStep, training: Training) -> None:
    """Take a step of each kind that an epoch has."""
    epoch, size = training.epochs.start, training.batch_size
    order, factors = training.order(epoch), training.factors(epoch)
    gather = gathering(step, training, epoch, order)
    batches = list(step.chunks(len(order), size, one_by_one=True))
    for places in {batches[0], batches[-1]}:
        chunk, count = gather(places)
        step.train_chunk(chunk, count, size, factors[:1]).numpy()


def _time_training(
    step: CompiledStep,
    training: Training,
    gatherer: ThreadPoolExecutor,
    seconds: float,
) -> float:
    epoch, n_rows, took = training.epochs.start, 0, 0.0
    order = training.order(epoch)
    began = perf_counter()
    while not n_rows or took < seconds:
        for chunk, count, factors in gathered(
            step, training, epoch, order, False, gatherer
        ):
            step.train_chunk(chunk, count, training.batch_size, factors).numpy()
            n_rows += count
            took = perf_counter() - began
            if took >= seconds:
                break
    return took * training.n_rows / n_rows


def _time_evaluation(step: CompiledStep, held_out: Any) -> float:
    step.evaluate(tuple(array[:_COMPILING_ROWS] for array in held_out), Silence())
    some = tuple(array[:_EVALUATED_ROWS] for array in held_out)
    began = perf_counter()
    step.evaluate(some, Silence())
    return (perf_counter() - began) * len(held_out[0]) / len(some[0])
