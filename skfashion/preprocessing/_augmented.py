"""What an augmentation draws for each row and epoch, and what becomes of the rows.

Each purpose has one PCG64 an epoch, seeded by the fit's seed, the number of the epoch
and that of the purpose, and read one 64-bit word a row, in the order of the training
array. So the bits depend neither on how rows are cut into chunks nor on their order.
"""

from dataclasses import dataclass

import numpy as np

from skfashion.preprocessing._image_moves import cut_out, rotate, take_moved

__all__ = ["Augmenter", "Variations"]

# Beyond those of order and dropout masks, which draw from the same seed and epoch.
_FLIP, _SHIFT, _ROTATION, _CUTOUT = range(2**31, 2**31 + 4)
# Images at once, for what stands in between to stay in a processor's cache.
_BLOCK_BYTES, _ROTATED_PIXELS = 2**20, 2**15


@dataclass(frozen=True)
class Augmenter:
    """The augmentation of one fit.

    Parameters
    ----------
    horizontal_flip : bool
        Whether images are mirrored.
    shift : int
        Most pixels that an image moves, along either axis.
    rotation : float
        Most degrees that it is turned, either way.
    cutout : int
        Side of the square that is set to 0, in pixels.
    image_shape : tuple of (int, int, int)
        Height, width and channels of a row.
    seed : int
        Of all that is drawn.
    alternates : bool
        Whether a row is mirrored every other epoch; otherwise by chance, as it must
        be where a row's number says nothing of which image it is.
    """

    horizontal_flip: bool
    shift: int
    rotation: float
    cutout: int
    image_shape: tuple[int, int, int]
    seed: int
    alternates: bool

    def draw(self, epoch: int, n_rows: int) -> "Variations":
        """Draw what becomes of each row of a training array in an epoch."""

        def words(purpose: int, epoch: int = epoch) -> np.ndarray:
            generator = np.random.PCG64([self.seed, epoch, purpose])
            return generator.random_raw(n_rows).astype("<u8", copy=False)

        def pairs(purpose: int, *below: int) -> np.ndarray:
            """Two whole numbers a row, from 0 to less than these."""
            halves = words(purpose).view("<u4").reshape(-1, 2).astype(np.uint64)
            scaled = halves * np.array(below, dtype=np.uint64)
            return (scaled >> np.uint64(32)).astype(np.int32)

        mirrored = shifts = degrees = centres = None
        if self.horizontal_flip and self.alternates:
            mirrored = (words(_FLIP, 0) >> np.uint64(63)) != epoch % 2
        elif self.horizontal_flip:
            mirrored = (words(_FLIP) >> np.uint64(63)).astype(bool)
        if self.shift:
            shifts = pairs(_SHIFT, *[2 * self.shift + 1] * 2) - self.shift
        if self.rotation:
            parts = words(_ROTATION) / 2.0**63 - 1
            degrees = self.rotation * parts
        if self.cutout:
            centres = pairs(_CUTOUT, *self.image_shape[:2])
        return Variations(self, mirrored, shifts, degrees, centres)


@dataclass(frozen=True)
class Variations:
    """What becomes of each row of a training array in one epoch.

    Parameters
    ----------
    augmenter : Augmenter
        Which drew the rest.
    mirrored : ndarray of shape (n_rows,), bool, or None
        Which rows are mirrored; None for none.
    shifts : ndarray of shape (n_rows, 2), int, or None
        Pixels down and to the right.
    degrees : ndarray of shape (n_rows,), float, or None
        Of the rotation.
    centres : ndarray of shape (n_rows, 2), int, or None
        Row and column of the middle of the square that is cut out.
    """

    augmenter: Augmenter
    mirrored: np.ndarray | None
    shifts: np.ndarray | None
    degrees: np.ndarray | None
    centres: np.ndarray | None

    def take(self, array: np.ndarray, rows: np.ndarray, out: np.ndarray) -> None:
        """Copy some rows as they are varied.

        Parameters
        ----------
        array : ndarray of shape (n_rows, n_features)
            The training array, in C order; a ``numpy.memmap``, for one.
        rows : ndarray of shape (n,), int
            Numbers of rows in it.
        out : ndarray of shape (n, n_features)
            Written to; of the array's type, in C order.
        """
        shape = self.augmenter.image_shape
        images = array.reshape(-1, *shape)
        varied = out.reshape(-1, *shape)
        for part in _parts(len(rows), _BLOCK_BYTES // max(1, images[:1].nbytes)):
            self._take(images, rows[part], varied[part])

    def _take(self, images: np.ndarray, rows: np.ndarray, out: np.ndarray) -> None:
        if self.mirrored is None and self.shifts is None:
            np.take(images, rows, axis=0, out=out, mode="clip")
        else:
            n_rows = len(rows)
            mirrored, shifts = np.zeros(n_rows, bool), np.zeros((n_rows, 2), np.int32)
            if self.mirrored is not None:
                mirrored = self.mirrored[rows]
            if self.shifts is not None:
                shifts = self.shifts[rows]
            take_moved(images, rows, mirrored, shifts, out)
        if self.degrees is not None:
            pixels = out.shape[1] * out.shape[2]
            for part in _parts(len(rows), _ROTATED_PIXELS // pixels):
                out[part] = rotate(out[part], self.degrees[rows[part]])
        if self.centres is not None:
            cut_out(out, self.augmenter.cutout, self.centres[rows])


def _parts(n_rows: int, size: int) -> list[slice]:
    """Cut a number of rows into parts of a size, or of one row where that is less."""
    size = max(1, size)
    return [slice(start, start + size) for start in range(0, n_rows, size)]
