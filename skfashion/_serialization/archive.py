"""A zip file whose members are named, measured and summed in a manifest.

Members are stored, never compressed, so that nothing in a file can be larger than the
file. Nothing is unpacked to disk.
"""

import hashlib
import io
import json
import os
import re
import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from skfashion._utils.files import write_whole
from skfashion._utils.text import printable
from skfashion.exceptions import ModelFileError

__all__ = [
    "MADE_UP",
    "from_json",
    "make_archive",
    "read_archive",
    "read_stream",
    "refuse_devices",
    "to_json",
    "write_archive",
]

_MANIFEST = "manifest.json"
_NAME = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)*\.(json|bin)")
_MOST_MEMBERS = 1000
# The date of every member, so that the same content makes the same file.
_DATE = (1980, 1, 1, 0, 0, 0)
# A zip file ends with these many that say where it begins.
_END_BYTES = 22
# What zipfile and json make of damaged bytes.
_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    MemoryError,
    NotImplementedError,
    OSError,
    OverflowError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
    struct.error,
)
# What a description that is damaged, or made up, makes of the code that reads it.
MADE_UP = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)


def write_archive(
    path: str | os.PathLike[str], about: Mapping[str, Any], members: Mapping[str, bytes]
) -> Path:
    """Write members and a manifest with their sums, whole or not at all.

    Not through a link, which anybody may have put there.
    """
    return write_whole(path, make_archive(about, members), follow=False)


def make_archive(about: Mapping[str, Any], members: Mapping[str, bytes]) -> bytes:
    """Give the content of a file of members and a manifest with their sums."""
    manifest = {
        **about,
        "members": {
            name: {"bytes": len(content), "sha256": _sum(content)}
            for name, content in members.items()
        },
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in {_MANIFEST: to_json(manifest), **members}.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), content)
    return stream.getvalue()


def read_archive(
    path: str | os.PathLike[str],
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Read a manifest and its members, each checked by its length and its sum.

    Parameters
    ----------
    path : str or path
        Of a file that may be anybody's.

    Returns
    -------
    manifest : dict
        What ``write_archive`` was told about the members.
    members : dict of str to bytes
        By name.

    Raises
    ------
    ModelFileError
        If it is not what ``write_archive`` writes, in whichever way.
    OSError
        If there is no such file, or it cannot be read.
    """
    refuse_devices(path)
    with Path(path).open("rb") as stream:
        return read_stream(path, stream)


def read_stream(
    path: str | os.PathLike[str], stream: BinaryIO
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Read a manifest and its members from a stream; ``path`` is for errors."""
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_members(archive, stream)
            members = {name: archive.read(name) for name in archive.namelist()}
        manifest = from_json(members.pop(_MANIFEST))
        _check_sums(manifest["members"], members)
    except _DAMAGE as error:
        raise ModelFileError(
            f"{printable(path)} is not a file that skfashion wrote, or it is damaged: "
            f"{printable(error):.200}."
        ) from error
    return manifest, members


def refuse_devices(path: str | os.PathLike[str]) -> None:
    """Refuse what may have no end, or keep its reader waiting for ever."""
    try:
        mode = Path(path).stat().st_mode
    except ValueError as error:
        raise ModelFileError(f"{path!r} cannot be the name of a file.") from error
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise ModelFileError(f"{printable(path)} is a device or a pipe, not a file.")


def _check_members(archive: zipfile.ZipFile, stream: BinaryIO) -> None:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    size = stream.seek(0, os.SEEK_END)
    stream.seek(-_END_BYTES, os.SEEK_END)
    ends_here = stream.read(4) == b"PK\5\6"
    if not ends_here or min(info.header_offset for info in infos) != 0:
        raise ValueError("it has bytes before or after the archive")
    # Members that share bytes would make much of a small file.
    if sum(info.file_size for info in infos) > size:
        raise ValueError("its members are larger than the file")
    if len(infos) > _MOST_MEMBERS or len(set(names)) != len(names):
        raise ValueError("it has too many members, or one of them twice")
    for info in infos:
        if not _NAME.fullmatch(info.filename):
            raise ValueError(f"it has a member named {info.filename!r}")
        if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
            raise ValueError(f"its member {info.filename!r} is compressed or encrypted")
        if info.file_size != info.compress_size:
            raise ValueError(f"its member {info.filename!r} is not as long as it says")


def _check_sums(expected: Mapping[str, Any], members: Mapping[str, bytes]) -> None:
    if expected.keys() != members.keys():
        odd = sorted(expected.keys() ^ members.keys())
        raise ValueError(f"members and manifest do not agree on {', '.join(odd)}")
    for name, content in members.items():
        known = expected[name]
        if known["bytes"] != len(content) or known["sha256"] != _sum(content):
            raise ValueError(f"its member {name!r} is not the one that was written")


def to_json(value: Any) -> bytes:
    """Write a value as JSON, sorted, so that equal values give equal bytes."""
    return json.dumps(value, sort_keys=True).encode()


def from_json(content: bytes) -> Any:
    """Read JSON; an object at the top."""
    # As it is written: JSON in other encodings is nobody's of ours.
    value = json.loads(content.decode("utf-8"))
    if not isinstance(value, dict):
        raise TypeError("JSON that is not an object")
    return value


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
