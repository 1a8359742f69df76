"""The values of a network as arrays, these as bytes, and back bit by bit."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

__all__ = ["pack", "unpack"]


# Of a file that anybody may have written.
_MOST_ARRAYS = 10_000


def pack(member: str, arrays: Sequence[np.ndarray]) -> tuple[dict[str, Any], bytes]:
    """Lay arrays end to end.

    Parameters
    ----------
    member : str
        Name under which the bytes will be kept.
    arrays : sequence of ndarray
        Of numbers.

    Returns
    -------
    table : dict
        The name, and the type and the shape of each array, for JSON.
    content : bytes
        The same on every machine.
    """
    little = [a.astype(a.dtype.newbyteorder("<"), copy=False) for a in arrays]
    table = {"member": member, "arrays": [[a.dtype.str, list(a.shape)] for a in little]}
    return table, b"".join(array.tobytes() for array in little)


def unpack(table: Mapping[str, Any], members: dict[str, bytes]) -> list[np.ndarray]:
    """Take the arrays of a table out of the members of a file.

    Parameters
    ----------
    table : dict
        What ``pack`` said, as anybody may have written it.
    members : dict of str to bytes
        Contents by name; the one that is used is removed.

    Returns
    -------
    list of ndarray
        Views of the bytes.

    Raises
    ------
    ValueError
        If table and bytes do not agree.
    """
    content, start, arrays = members.pop(table["member"]), 0, []
    if len(table["arrays"]) > _MOST_ARRAYS:
        raise ValueError(f"no network has more than {_MOST_ARRAYS} arrays of weights")
    for text, shape in table["arrays"]:
        dtype = np.dtype(text)
        if dtype.kind not in "fiu" or not all(type(n) is int and n >= 0 for n in shape):
            raise ValueError(f"{text} {shape} is no array of weights")
        count = int(np.prod(shape, dtype=object))
        arrays.append(np.frombuffer(content, dtype, count, start).reshape(shape))
        start += arrays[-1].nbytes
    if start != len(content):
        raise ValueError("its weights are not as many as it says")
    return arrays
