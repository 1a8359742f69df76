"""The tasks that store a fitted classifier, beside writing and reading as many bytes.

A round of this package's saves, loads or pickles; a round of the other writes the same
number of bytes as safely as ``save`` does, and reads them back.
"""

import functools
import os
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import skfashion
from benchmarks.shared.data import load as load_images
from benchmarks.speed.competitors import Competitor
from benchmarks.speed.keras_competitors import Skfashion
from benchmarks.speed.network import Network
from benchmarks.speed.tasks import Round, again

__all__ = ["SameBytes", "load", "pickled", "save"]


class SameBytes(Competitor):
    """Nothing but bytes, written to a file beside others and read back."""

    name = "the same bytes"


def save(competitor: Competitor, network: Network, n_images: int) -> Round:
    """Save to a file, in place of the one that is there."""
    fitted, file = _fitted(network, n_images)
    content = file.read_bytes()
    return _round(competitor, lambda: skfashion.save(fitted, file), content)


def load(competitor: Competitor, network: Network, n_images: int) -> Round:
    """Load from a file."""
    _, file = _fitted(network, n_images)
    return _round(competitor, lambda: skfashion.load(file), file.read_bytes())


def pickled(competitor: Competitor, network: Network, n_images: int) -> Round:
    """Send through pickle, there and back."""
    fitted, _ = _fitted(network, n_images)
    content = pickle.dumps(fitted)
    return _round(competitor, lambda: pickle.loads(pickle.dumps(fitted)), content)


def _round(competitor: Competitor, ours: Callable[[], Any], content: bytes) -> Round:
    if isinstance(competitor, SameBytes):
        return again(_write_and_read, content)
    return again(ours)


@functools.cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Make one folder for all files; it goes when the process ends."""
    return tempfile.TemporaryDirectory()


@functools.cache
def _fitted(network: Network, n_images: int) -> tuple[Any, Path]:
    """Fit before any clock runs; the classifier and the file that holds it."""
    images = load_images(n_images)
    fitted = Skfashion().fit(network, images.floats, images.labels, 1)
    return fitted, Path(skfashion.save(fitted, Path(_folder().name, "model")))


def _write_and_read(content: bytes) -> bytes:
    """Write safely: a file beside its place, which is on the disk before it moves."""
    file = Path(_folder().name, "bytes")
    beside = file.with_suffix(".new")
    with beside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return file.read_bytes()
