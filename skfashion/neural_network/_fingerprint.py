"""What makes a fit this one and no other: its versions, parameters and data."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from skfashion._serialization.json import Decoder, encode
from skfashion._utils.text import printable
from skfashion._utils.versions import LIBRARIES, versions

__all__ = ["differences", "fingerprint"]

_FORMAT = 3
# Parameters that do not decide what is trained, or not by themselves: the seed counts.
_NOT_COUNTED = ("callbacks", "checkpoint", "random_state", "verbose")


def _sum_of(arrays: Sequence[np.ndarray]) -> str:
    """Sum arrays up in a few characters that no others share."""
    total = hashlib.sha256()
    for array in arrays:
        total.update(f"{array.dtype.str}{array.shape}".encode())
        # A view, for images may be many.
        total.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return total.hexdigest()


def fingerprint(
    estimator: Any,
    classes: np.ndarray,
    seed: int | None,
    data: Mapping[str, Sequence[np.ndarray] | None],
) -> dict[str, dict[str, Any]]:
    """Tell what makes a fit this one and no other.

    Parameters
    ----------
    estimator : classifier
        With its parameters.
    classes : ndarray
        Labels, sorted.
    seed : int or None
        None where any will do.
    data : dict of str to sequence of ndarray
        All that is trained on, and from; None where there is no such thing.

    Returns
    -------
    dict of str to dict
        "versions", "parameters" and "data", each by name, for JSON.
    """
    params: dict[str, Any] = {}
    for name, value in estimator._params_of_fit(len(classes)).items():
        if name not in _NOT_COUNTED:
            params |= _taken_apart(name, value)
    return {
        "versions": {"format": _FORMAT, **versions(*LIBRARIES)},
        "parameters": {
            "class": type(estimator).__name__,
            **params,
            # As it was settled: the same rows may come in another shape.
            "image_shape": encode("image_shape", estimator.image_shape_),
            "seed of random_state": seed,
            "labels": encode("y", classes.tolist()),
        },
        "data": {
            name: None if arrays is None else _sum_of(arrays)
            for name, arrays in data.items()
        },
    }


def _taken_apart(name: str, value: Any) -> dict[str, Any]:
    """Turn a parameter into what JSON can hold, a setting of Keras's objects each."""
    encoded = encode(name, value)
    if not hasattr(value, "get_config"):
        return {name: encoded}
    # Keras numbers the names of optimizers throughout the process.
    config = {key: held for key, held in value.get_config().items() if key != "name"}
    parts = {f"{name}.{key}": encode(name, held) for key, held in config.items()}
    return {name: type(value).__name__, **parts}


def differences(
    theirs: dict[str, dict[str, Any]], ours: dict[str, dict[str, Any]]
) -> list[str]:
    """Tell in words what two fingerprints do not share."""
    told = []
    for kind, known in ours.items():
        for name in sorted(known.keys() | theirs[kind].keys()):
            there, here = theirs[kind].get(name), known.get(name)
            if there == here:
                continue
            if kind == "data":
                told.append(f"{printable(name)} differs")
            else:
                told.append(
                    f"{printable(name)} is {Decoder().decode(there)!r:.60} there, "
                    f"{Decoder().decode(here)!r:.60} here"
                )
    return told
