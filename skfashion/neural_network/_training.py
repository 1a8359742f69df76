"""The training of an estimator's network, as its parameters say."""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from skfashion._backend.listeners import restores
from skfashion._backend.schedules import CONSTANT, check_schedule
from skfashion._backend.subsample import Subsample
from skfashion._backend.training import History, Training
from skfashion._networks.config import NetworkConfig
from skfashion._utils.fit_tasks import FitTasks
from skfashion._utils.interrupt import finishing_epochs
from skfashion.exceptions import CheckpointError
from skfashion.neural_network._averaging import begin_average
from skfashion.neural_network._callbacks import callbacks_of
from skfashion.neural_network._checkpoint import Checkpoints
from skfashion.neural_network._epochs import AfterEpoch, EarlyStopping
from skfashion.neural_network._fitted_network import FittedNetwork
from skfashion.neural_network._targets import TrainingData
from skfashion.preprocessing._augmentation import settle_augmentation
from skfashion.preprocessing._augmented import Augmenter

if TYPE_CHECKING:
    from skfashion.neural_network._base import BaseFashionClassifier

__all__ = [
    "augmenter_of",
    "divergence",
    "joined",
    "subsample_of",
    "train_network",
]

_PEAK = 5.0


def train_network(
    estimator: "BaseFashionClassifier",
    network: FittedNetwork,
    data: TrainingData,
    seed: int,
    epochs: int,
    part: bool,
    checkpoints: Checkpoints | None,
    tasks: FitTasks | None,
) -> tuple[History, bool]:
    """Train a network on from where it stands.

    Parameters
    ----------
    estimator : classifier
        Its parameters are read, and how many epochs it has trained.
    network : FittedNetwork
        What is trained.
    data : TrainingData
        On what.
    seed : int
        Of all that is drawn.
    epochs : int
        How many.
    part : bool
        Whether the data are a part, and others will follow.
    checkpoints : Checkpoints or None
        Where each epoch is saved, and gone on from.
    tasks : FitTasks or None
        What tells scikit-learn's callbacks of each epoch.

    Returns
    -------
    history : dict of str to list of float
        Loss and metrics of these epochs.
    interrupted : bool
        Whether Ctrl-C ended training.
    """
    schedule = CONSTANT if part else estimator.learning_rate_schedule
    check_schedule(schedule, network.optimizer)
    progress = None
    done, left = 0, epochs
    if checkpoints is not None:
        progress = checkpoints.go_to_last(network, epochs)
        done = progress.epochs
        left = 0 if progress.over else epochs - done
    stopping = None
    if estimator.early_stopping and data.held_out is not None:
        stopping = EarlyStopping(estimator.n_iter_no_change)
    sums = None if progress is None else progress.arrays.get("sums")
    average = None if part else begin_average(estimator, network, epochs, sums, done)
    first = estimator.n_epochs_ + done
    all_epochs = range(estimator.n_epochs_, first + left)
    with (
        finishing_epochs() as interrupted,
        callbacks_of(estimator.callbacks) as callbacks,
    ):
        subsample = None
        if not part:
            seen = progress.arrays.get("seen", []) if progress and done else None
            subsample = subsample_of(
                estimator, network, all_epochs, len(data.X), callbacks, seen
            )
        training = Training(
            data.arrays,
            range(first, first + left),
            int(estimator.batch_size),
            seed,
            data.held_out,
            AfterEpoch(
                first + left,
                estimator.verbose,
                stopping,
                average,
                checkpoints,
                progress,
                interrupted,
                tasks,
                subsample,
                functools.partial(_fitted_attributes, estimator, network),
            ),
            callbacks,
            schedule,
            _peak(estimator),
            all_epochs,
            augmenter_of(estimator, seed, part=part),
            subsample,
        )
        if tasks is not None and left:
            tasks.begin_epoch()
        keeps = part or estimator.warm_start
        history = network.train(training, keeps_optimizer=keeps)
    if stopping is not None and stopping.best_values is not None:
        network.set_values(stopping.best_values)
    if average is not None:
        average.end(network, training)
    return history if progress is None else progress.history, interrupted()


def joined(before: History, history: History) -> History:
    """Join the history of a fit to that of those before it."""
    return {
        name: [*before.get(name, []), *history.get(name, [])]
        for name in {**before, **history}
    }


def _fitted_attributes(
    estimator: "BaseFashionClassifier",
    network: FittedNetwork,
    values: list[Any],
    history: History,
) -> dict[str, Any]:
    """Give the attributes of the estimator as if training had ended with values."""
    return {
        **vars(estimator),
        "_fitted_network": FittedNetwork(network.config, network.optimizer, values),
        "history_": joined(estimator.history_, history),
        "n_iter_": len(history["loss"]),
    }


def _peak(estimator: "BaseFashionClassifier") -> float:
    """Tell by what the optimizer's own learning rate is multiplied at a schedule's top.

    A rate that falls to 0 may begin higher than one that stays; Keras's own are for the
    latter. What somebody has set is taken as it is.
    """
    own = estimator.learning_rate is None and isinstance(estimator.optimizer, str)
    return _PEAK if own else 1.0


def augmenter_of(
    estimator: "BaseFashionClassifier", seed: int, *, part: bool
) -> Augmenter | None:
    """Make what varies the training images of a fit, or of a part of the data."""
    shape = estimator.image_shape_
    augmentation = settle_augmentation(estimator.augmentation, shape)
    if augmentation is None:
        return None
    # Rows of a part have no number that lasts, to be mirrored in turn by.
    return augmentation._augmenter(shape, seed, alternates=not part)


def subsample_of(
    estimator: "BaseFashionClassifier",
    network: FittedNetwork,
    epochs: range,
    n_rows: int,
    callbacks: Sequence[Any],
    seen: list[np.ndarray] | None = None,
) -> Subsample | None:
    """Make what chooses the rows of each epoch; None where each has all.

    So it is where nobody tells the loss of a row, as ``keras.Model.fit``, and models
    that were changed by hand. ``seen`` is what a fit that was stopped knew of the rows.
    """
    part = getattr(estimator, "subsample", 1.0)
    config, optimizer = network.trained_as()
    tells = isinstance(config, NetworkConfig) and optimizer.servable
    if part == 1 or not tells or any(map(restores, callbacks)):
        return None
    if seen is None:
        return Subsample.new(float(part), epochs, n_rows)
    if [(held.shape, held.dtype) for held in seen] != [((n_rows, 3), np.float32)]:
        raise CheckpointError(
            f"checkpoint={str(estimator.checkpoint)!r} does not hold what was seen of "
            "the rows: empty it to train anew."
        )
    return Subsample(float(part), epochs, seen[0].copy())


def divergence(loss: float, epoch: int, values: Sequence[Any]) -> str | None:
    """Say by which sign training has diverged; None if it has not."""
    if not np.isfinite(loss):
        return f"the loss of epoch {epoch} is {loss}"
    # The loss was computed before the last step.
    if not all(np.isfinite(value).all() for value in values):
        return f"after epoch {epoch} not all weights are finite"
    return None
