"""Many fits of changing architectures: prints by how many bytes the process grew."""

import gc
import resource
import sys
from pathlib import Path

from benchmarks.shared.data import load
from benchmarks.speed.rows import ROWS

# Fits before the count begins, and in all.
_WARM_UP = 20
_FITS = 200


def main(row_name: str, name: str, n_images: int) -> None:
    """Fit and predict with one network after the other, each wider than the last."""
    row = ROWS[row_name]
    contestant = next(one for one in row.contestants if one.name == name)
    images = load(n_images)
    X = contestant.inputs(images, row.network)
    before = 0
    for number in range(_FITS):
        if number == _WARM_UP:
            before = _resident_bytes()
        fitted = contestant.fit(row.network.widened(number), X, images.labels, 1)
        contestant.predict(fitted, X)
    sys.stdout.write(f"{_resident_bytes() - before}\n")


def _resident_bytes() -> int:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
