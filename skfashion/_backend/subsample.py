"""Which rows an epoch trains on, where it leaves out those that are learnt already."""

from dataclasses import dataclass

import numpy as np

from skfashion._backend.gather import permutation

__all__ = ["Subsample"]

# Part of the rows of an epoch that are the hardest; the others are there by chance, so
# that each is seen again, and what is known of it does not get too old.
_HARDEST = 0.6


@dataclass
class Subsample:
    """A part of the rows for each epoch of a fit but its first and its last.

    The first tells the loss of all rows. The last has networks with norms end with the
    statistics of all rows, not of the hard ones.

    Parameters
    ----------
    part : float
        Of the rows.
    epochs : range
        Numbers of all epochs of the fit.
    losses : ndarray of shape (n_rows,), float32
        Of each row when it was last trained on; changed from epoch to epoch.
    """

    part: float
    epochs: range
    losses: np.ndarray

    def count(self, epoch: int) -> int:
        """Tell the number of rows of an epoch."""
        n_rows = len(self.losses)
        if epoch in (self.epochs[0], self.epochs[-1]):
            return n_rows
        return max(1, round(self.part * n_rows))

    def order(self, seed: int, epoch: int) -> np.ndarray:
        """Draw the rows of an epoch, in their order."""
        order = permutation(seed, epoch, len(self.losses))
        count = self.count(epoch)
        if count == len(order):
            return order
        # Stable, for equal losses are to give the same rows on every machine.
        falling = np.argsort(-self.losses, kind="stable")
        taken = np.zeros(len(order), bool)
        taken[falling[: round(_HARDEST * count)]] = True
        others = order[~taken[order]]
        taken[others[: count - np.count_nonzero(taken)]] = True
        return order[taken[order]]

    def take(self, rows: np.ndarray, losses: np.ndarray) -> None:
        """Take note of the losses of rows that were trained on."""
        self.losses[rows] = losses
