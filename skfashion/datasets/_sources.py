"""Where the Fashion-MNIST files come from, and why a copy of them is trusted.

Copies differ in their gzip header from one source to the next, so what is
pinned is the SHA-256 of the uncompressed payload, and every copy is checked on
every read, the cached one too.
"""

import functools
import hashlib
import io
import logging
import math
import sys
import tempfile
import warnings
import zlib
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skfashion._utils.files import write_whole
from skfashion._utils.text import printable
from skfashion.datasets import _debian
from skfashion.exceptions import DownloadError, WriteError

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class IdxFile:
    """A gzip-compressed IDX file: its name and what its payload must be."""

    name: str
    shape: tuple[int, ...]
    sha256: str

    @property
    def header(self) -> bytes:
        """The magic number of unsigned bytes, then each dimension."""
        numbers = (0x0800 + len(self.shape), *self.shape)
        return b"".join(number.to_bytes(4, "big") for number in numbers)

    @property
    def size(self) -> int:
        """Bytes in the uncompressed payload."""
        return len(self.header) + math.prod(self.shape)

    @property
    def room(self) -> int:
        """Bytes that no honest compressed copy exceeds."""
        return self.size + 2**16


def _pair(
    prefix: str, n_images: int, of_images: str, of_labels: str
) -> tuple[IdxFile, IdxFile]:
    """Describe the files of images and of labels, by the SHA-256 of what they hold."""
    return (
        IdxFile(f"{prefix}-images-idx3-ubyte.gz", (n_images, 28, 28), of_images),
        IdxFile(f"{prefix}-labels-idx1-ubyte.gz", (n_images,), of_labels),
    )


FILES = {
    "train": _pair(
        "train",
        60_000,
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    ),
    "test": _pair(
        "t10k",
        10_000,
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
}
SYSTEM_FOLDER = Path("/", _debian.CONTENTS)
MIRRORS = (
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
)
# Connecting and each wait for more bytes, in seconds; a mirror that drops
# packets should not hold up the sources behind it.
MIRROR_TIMEOUT = (10, 30)


def decode(blob: bytes, file: IdxFile) -> NDArray[np.uint8]:
    """Return the read-only array in `blob`, or say why it is not `file`."""
    inflater = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        # The one byte too many tells a longer payload from the true one, and
        # stops a bomb there.
        payload = inflater.decompress(blob, file.size + 1)
    except zlib.error as error:
        raise DownloadError(f"not a sound gzip file ({error})") from error
    if len(payload) > file.size:
        raise DownloadError(f"its content is longer than {file.size:,} bytes")
    if not inflater.eof:
        raise DownloadError(f"cut short after {len(blob):,} bytes")
    digest = hashlib.sha256(payload).hexdigest()
    if digest != file.sha256:
        raise DownloadError(f"its content has SHA-256 {digest}, not {file.sha256}")
    if len(payload) != file.size or not payload.startswith(file.header):
        raise DownloadError(f"not an IDX file of unsigned bytes, shape {file.shape}")
    pixels = np.frombuffer(payload, np.uint8, offset=len(file.header))
    return pixels.reshape(file.shape)


class _DeadSourceError(DownloadError):
    """A source failed for one file and would fail for the others alike."""


def _read_folder(folder: Path, file: IdxFile) -> bytes:
    with (folder / file.name).open("rb") as stream:
        return stream.read(file.room)


class _Bounded(io.BytesIO):
    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, chunk: bytes, /) -> int:  # type: ignore[override]
        if self.tell() + len(chunk) > self.room:
            raise DownloadError(f"it sent more than {self.room:,} bytes")
        return super().write(chunk)


def _read_mirror(address: str, file: IdxFile) -> bytes:
    import pooch

    # Unpacked on the way, the file would no longer be the one that is kept.
    get = pooch.HTTPDownloader(
        # Only for who is there to see it.
        progressbar=sys.stderr is not None and sys.stderr.isatty(),
        chunk_size=2**16,
        timeout=MIRROR_TIMEOUT,
        headers={"Accept-Encoding": "identity"},
    )
    received = _Bounded(file.room)
    logger.info("Downloading %s%s", address, file.name)
    try:
        get(address + file.name, received, None)
    except (OSError, ValueError) as error:
        if getattr(error, "response", None) is None:
            # No HTTP answer: the next file would only wait as long.
            raise _DeadSourceError(str(error)) from error
        raise
    return received.getvalue()


def _refuse(file: IdxFile) -> bytes:
    raise DownloadError(f"not asked for {file.name}, since download_if_missing=False")


def read_files(
    files: Iterable[IdxFile], cache: Path, *, download: bool
) -> list[NDArray[np.uint8]]:
    """Return what each file holds, read-only, from the first sound source.

    The order is `cache`, the system's folder and, if `download`, the mirrors and
    the Debian package; what was downloaded is kept in `cache`.
    """
    with ExitStack() as stack:

        @functools.cache
        def package() -> Path:
            temporary = tempfile.TemporaryDirectory(prefix="skfashion-")
            folder = Path(stack.enter_context(temporary))
            try:
                return _debian.unpack(folder)
            except DownloadError as error:
                raise _DeadSourceError(str(error)) from error

        sources: dict[str, Callable[[IdxFile], bytes]] = {
            str(folder): partial(_read_folder, folder)
            for folder in (cache, SYSTEM_FOLDER)
        }
        if download:
            sources |= {address: partial(_read_mirror, address) for address in MIRRORS}
            sources[f"Debian package {_debian.PACKAGE}"] = lambda file: _read_folder(
                package(), file
            )
        else:
            sources["mirrors and Debian package"] = _refuse
        dead: dict[str, str] = {}
        return list(map(partial(_read_first_sound, cache, sources, dead), files))


def _read_first_sound(
    cache: Path,
    sources: dict[str, Callable[[IdxFile], bytes]],
    dead: dict[str, str],
    file: IdxFile,
) -> NDArray[np.uint8]:
    # What lies on this machine is used where it is; but a bad copy in the cache
    # is replaced, or it would be read and refused on every call.
    in_place = [str(cache), str(SYSTEM_FOLDER)]
    answers: dict[str, str] = {}
    for label, read in sources.items():
        try:
            if label in dead:
                raise _DeadSourceError(dead[label])
            blob = read(file)
            array = decode(blob, file)
        except OSError as error:
            answers[label] = error.strerror or str(error)
            if isinstance(error, _DeadSourceError):
                dead[label] = answers[label]
            elif isinstance(error, DownloadError) and label == str(cache):
                in_place.clear()
            continue
        if label not in in_place:
            try:
                write_whole(cache / file.name, blob, follow=False)
            except WriteError as error:
                reason = getattr(error.__cause__, "strerror", error)
                warnings.warn(
                    "Fashion-MNIST was loaded but cannot be kept for the next time "
                    f"in {printable(cache)} ({printable(reason)}).",
                    stacklevel=4,
                )
        return array
    names = ", ".join(each.name for pair in FILES.values() for each in pair)
    raise DownloadError(
        f"Fashion-MNIST is not here: none of these has a sound {file.name}.\n"
        + "".join(
            f"  {printable(label)}: {printable(answer)}\n"
            for label, answer in answers.items()
        )
        + f"To install it by hand, put {names} into {printable(cache)}."
    )
