"""The mean of the weights at the end of a fit's last epochs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from skfashion._utils.memory import kept_copy
from skfashion.exceptions import CheckpointError, ParameterError
from skfashion.neural_network._bound_network import as_arrays

if TYPE_CHECKING:
    from skfashion._backend.training import Training
    from skfashion.neural_network._base import BaseFashionClassifier
    from skfashion.neural_network._fitted_network import FittedNetwork

__all__ = ["WeightAverage", "begin_average", "refuse_average"]


@dataclass
class WeightAverage:
    """Adds up weights, epoch by epoch.

    Parameters
    ----------
    first : int
        Number of the first epoch whose weights count.

    Attributes
    ----------
    sums : list of ndarray, float64
        Of the weights so far; empty before that epoch.
    count : int
        Of how many epochs.
    """

    first: int
    sums: list[np.ndarray] | tuple[()] = ()
    count: int = 0

    def take(self, epoch: int, values: Sequence[Any]) -> None:
        """Take note of the weights at the end of an epoch."""
        if epoch < self.first:
            return
        arrays = [value.astype(np.float64) for value in as_arrays(values)]
        with np.errstate(all="ignore"):
            self.sums = list(map(np.add, self.sums, arrays)) if self.count else arrays
        self.count += 1

    def go_on(self, sums: list[np.ndarray], next_epoch: int) -> None:
        """Go on from the sums of a fit that was stopped before an epoch."""
        self.sums, self.count = sums, max(0, next_epoch - self.first)

    def end(self, network: "FittedNetwork", training: "Training") -> None:
        """Give a network the mean, if there is one."""
        if not self.count:
            return
        from skfashion._backend.statistics import estimate_statistics

        # A training that diverged is warned of afterwards.
        with np.errstate(all="ignore"):
            mean = [(total / self.count).astype(np.float32) for total in self.sums]
            values = estimate_statistics(training, network.config, mean)
        network.set_values([kept_copy(value) for value in values])


def begin_average(
    estimator: "BaseFashionClassifier",
    network: "FittedNetwork",
    epochs: int,
    sums: list[np.ndarray] | None,
    done: int,
) -> WeightAverage | None:
    """Begin the average that the parameters ask for.

    Parameters
    ----------
    estimator : classifier
        Its parameters are read, and how many epochs it has trained.
    network : FittedNetwork
        What is trained.
    epochs : int
        How many its fit has.
    sums : list of ndarray or None
        Of a fit that was stopped.
    done : int
        How many epochs that fit had.

    Returns
    -------
    WeightAverage or None
        None where no parameter asks for it.

    Raises
    ------
    ParameterError
        If the network's model was changed by hand.
    CheckpointError
        If the sums are not those of such a fit.
    """
    wanted = getattr(estimator, "weight_averaging", None)
    if not wanted:
        return None
    if network.changed_by_hand:
        raise ParameterError(
            f"weight_averaging={wanted!r:.80} does not go with a model_ that was "
            "changed by hand; set weight_averaging=None."
        )
    begun = estimator.n_epochs_
    average = WeightAverage(begun + max(0, epochs - int(wanted)))
    if done:
        average.go_on(sums or [], begun + done)
        shapes = network.config.weight_shapes() if average.count else []
        if [total.shape for total in average.sums] != shapes:
            raise CheckpointError(
                f"checkpoint={str(estimator.checkpoint)!r} holds the weights of "
                "another network: empty it to train anew."
            )
    return average


def refuse_average(estimator: "BaseFashionClassifier", *, part: bool) -> None:
    """Refuse a mean of weights with what has no last epochs that are known before.

    Raises
    ------
    ParameterError
        If that is asked for in ``partial_fit``, or with ``early_stopping``.
    """
    wanted = getattr(estimator, "weight_averaging", None)
    if wanted and part:
        raise ParameterError(
            f"weight_averaging={wanted!r:.80} does not go with partial_fit, which does "
            "not know its last epochs; set weight_averaging=None."
        )
    if wanted and estimator.early_stopping:
        raise ParameterError(
            f"weight_averaging={wanted!r:.80} does not go with early_stopping=True, "
            "which ends with the weights of one epoch; set weight_averaging=None or "
            "early_stopping=False."
        )
