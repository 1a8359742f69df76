"""What an epoch draws, in NumPy, on the thread that gathers: order and dropout masks.

Each purpose has one PCG64 an epoch, seeded by the fit's seed, the number of the epoch
and that of the purpose, from 0 on; those of augmentation begin at 2**31. Masks are read
in whole 64-bit words and advanced to a row's place, so that bits do not depend on how
rows are cut into chunks.
"""

import numpy as np

__all__ = ["draw_mask", "permutation"]

_ORDER, _FIRST_MASK = 0, 1
_PER_WORD = 4


def permutation(seed: int, epoch: int, n_rows: int) -> np.ndarray:
    """Draw the order of the rows of an epoch.

    Training on from epoch 5 sees what an uninterrupted run would have seen.
    """
    return np.random.default_rng([seed, epoch, _ORDER]).permutation(n_rows)


def draw_mask(
    seed: int, epoch: int, number: int, size: int, places: range
) -> np.ndarray:
    """Draw the dropout mask of some rows.

    Parameters
    ----------
    seed : int
        Of the fit.
    epoch : int
        Its number.
    number : int
        Of the dropout layer, from 0.
    size : int
        Values of a row that may be dropped.
    places : range
        Of the rows in the epoch's order.

    Returns
    -------
    ndarray of shape (len(places), size), uint16
        Uniform from 0 to 65535.
    """
    words = -(-size // _PER_WORD)
    generator = np.random.PCG64([seed, epoch, _FIRST_MASK + number])
    generator.advance(places.start * words)
    drawn = generator.random_raw(len(places) * words).astype("<u8", copy=False)
    return drawn.view("<u2").reshape(len(places), words * _PER_WORD)[:, :size]
