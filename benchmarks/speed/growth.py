"""Many fits of changing networks: prints by how many bytes the process grew."""

import sys

from benchmarks.shared.child import resident_bytes, tell
from benchmarks.shared.data import load
from benchmarks.speed.rows import ROWS

# Fits before the count begins, and in all.
_WARM_UP = 20
_FITS = 200


def main(name: str, n_images: int) -> None:
    """Fit and predict with one network after the other, each wider than the last."""
    row = ROWS["growth"]
    competitor = next(one for one in row.competitors if one.name == name)
    images = load(n_images)
    X = competitor.inputs(images, row.network)
    before = 0
    for number in range(_FITS):
        if number == _WARM_UP:
            before = resident_bytes()
        fitted = competitor.fit(row.network.widened(number), X, images.labels, 1)
        competitor.predict(fitted, X)
    tell(resident_bytes() - before)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
