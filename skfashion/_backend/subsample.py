"""Which rows an epoch trains on, where it leaves out those that are learnt already."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from skfashion._backend.gather import permutation
from skfashion._backend.runtime import tf

__all__ = ["Subsample", "see"]

# Part of the rows of an epoch that have the highest priority; the others are there by
# chance, so that each is seen again, and what is known of it does not get too old.
_PREFERRED = 0.6
# Of so few rows none is left out: what they lack is steps, not time.
_FEWEST = 1000


@dataclass
class Subsample:
    """A part of the rows for each epoch of a fit but its first and its last.

    Mostly those of the highest priority: -p log(p), of the probability p that the
    network gave to their own label when it was last trained on them. It is the loss
    times the trust in the label. By the loss alone they would be the ones whose labels
    are wrong, where there are such.

    The first epoch tells that of all rows. The last has networks with norms end with
    the statistics of all rows, not of the hard ones.

    Parameters
    ----------
    part : float
        Of the rows.
    epochs : range
        Numbers of all epochs of the fit.
    seen : ndarray of shape (n_rows, 3), float32
        When each row was last trained on: its loss, 1 where it was classified right or
        0, and its priority; changed from epoch to epoch.
    """

    part: float
    epochs: range
    seen: np.ndarray

    @classmethod
    def new(cls, part: float, epochs: range, n_rows: int) -> Self:
        """Begin with rows that were never seen."""
        return cls(part, epochs, np.full((n_rows, 3), [np.inf, 0, np.inf], np.float32))

    def count(self, epoch: int) -> int:
        """Tell the number of rows of an epoch."""
        n_rows = len(self.seen)
        if epoch in (self.epochs[0], self.epochs[-1]):
            return n_rows
        return max(round(self.part * n_rows), min(n_rows, _FEWEST))

    def order(self, seed: int, epoch: int) -> np.ndarray:
        """Draw the rows of an epoch, in their order."""
        order = permutation(seed, epoch, len(self.seen))
        count = self.count(epoch)
        if count == len(order):
            return order
        # Stable, for equal numbers are to give the same rows on every machine.
        falling = np.argsort(-self.seen[:, 2], kind="stable")
        taken = np.zeros(len(order), bool)
        taken[falling[: round(_PREFERRED * count)]] = True
        others = order[~taken[order]]
        taken[others[: count - np.count_nonzero(taken)]] = True
        return order[taken[order]]

    def take(self, rows: np.ndarray, seen: np.ndarray) -> None:
        """Take note of rows that were trained on."""
        self.seen[rows] = seen

    def complete(self, sums: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Make sums of losses and right answers of an epoch's rows those of all rows.

        Those that it left out count as when they were last trained on.
        """
        n_rows, told = len(self.seen), self.seen[:, :2]
        here = told[rows].sum(axis=0, dtype=float)
        # Of the weights, not of the rows.
        penalty = (sums - here) / len(rows)
        return told.sum(axis=0, dtype=float) + n_rows * penalty


def see(labels: Any, logits: Any, losses: Any, right: Any, weights: Any) -> Any:
    """Compute, as a tensor, what is to be known of the rows of a step."""
    # Without the label smoothing that the losses may have.
    plain = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    priority = plain * tf.exp(-plain)
    return tf.stack([losses * weights, right, priority * weights], axis=1)
