"""One fit in a process of its own: prints the most bytes the process ever held.

Its parent must be small, for a process starts from its parent's peak.
"""

import resource
import sys
from typing import Any

import numpy as np

from benchmarks.shared.child import tell
from benchmarks.shared.data import Images, floats_from, load_bytes
from benchmarks.speed.rows import ROWS


def main(name: str, n_images: int) -> None:
    """Fit the row's network for one epoch, as the named competitor does."""
    row = ROWS["memory"]
    competitor = next(one for one in row.competitors if one.name == name)
    pixels, labels = load_bytes(n_images)
    # Bytes are let go before training, and floats are never made from bytes.
    floats: Any = None if competitor.from_bytes else floats_from(pixels)
    images = Images(pixels if competitor.from_bytes else np.empty(0), floats, labels)
    del pixels, floats
    X = competitor.inputs(images, row.network)
    competitor.fit(row.network, X, labels, 1)
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tell(kilobytes * 1024)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
