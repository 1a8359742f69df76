"""The statistics of a network's norms, estimated anew with weights of any origin.

The moving averages of training belong to the weights that it went through. The mean of
the weights of several epochs is none of these.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from skfashion._backend.gather import permutation
from skfashion._backend.inference import traced_graph
from skfashion._backend.runtime import tf
from skfashion._backend.tensors import as_tensor, take
from skfashion._backend.training import Training

__all__ = ["estimate_statistics"]

# They tell a mean to a hundredth of the spread of what is averaged.
_ENOUGH_ROWS = 2**14


def estimate_statistics(
    training: Training, config: Any, values: Sequence[np.ndarray]
) -> list[np.ndarray]:
    """Give weights whose norms know the rows that were trained on.

    Parameters
    ----------
    training : Training
        On what the network was trained, and in batches of which size.
    config : NetworkConfig
        The network.
    values : sequence of ndarray
        Of its weights.

    Returns
    -------
    list of ndarray
        The values, those of means and variances estimated anew: of the rows in the
        order of an epoch that would come next, for they may come sorted by label, and
        varied as in that. As in training each norm goes by its batch; nothing is
        dropped.
    """
    values = list(values)
    kinds = [weight.name for weight in config.weights()]
    places = [n for n, kind in enumerate(kinds) if kind.startswith("moving_")]
    if not places:
        return values
    weights = [as_tensor(value) for value in values]
    graph = traced_graph(
        ("statistics", config.for_prediction()),
        config.statistics_pass,
        config.n_features,
        weights,
    )
    epoch = training.epochs.stop
    order = permutation(training.seed, epoch, training.n_rows)
    order, totals = order[:_ENOUGH_ROWS], None
    variations = training.variations(epoch)
    vary = None if variations is None else variations.take
    for start in range(0, len(order), training.batch_size):
        rows = order[start : start + training.batch_size]
        batch = tf.cast(take(training.arrays[0], rows, len(rows), vary), tf.float32)
        seen = [np.asarray(s, np.float64) for s in graph(batch, *weights)]
        # As sums of squares, so that what differs between batches counts too.
        for mean, variance in zip(seen[::2], seen[1::2], strict=True):
            variance += mean**2
        sums = [len(rows) * moment for moment in seen]
        totals = sums if totals is None else list(map(np.add, totals, sums))
    assert totals is not None
    moments = iter(total / len(order) for total in totals)
    for mean_place, variance_place in zip(places[::2], places[1::2], strict=True):
        mean, square = next(moments), next(moments)
        values[mean_place] = mean.astype(np.float32)
        values[variance_place] = np.maximum(square - mean**2, 0).astype(np.float32)
    return values
