"""Where a fit stands after each epoch, in a folder, for the same fit to go on from.

A file says whose training it holds: the versions, the parameters and the sums of the
data. Only the very same fit may go on, so that its last bits are those of a fit that
was never stopped: the order of the rows comes from the seed and the epoch, and all
else that changes while training is in the file.
"""

import os
import re
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from skfashion._backend.runtime import count_threads
from skfashion._serialization.archive import (
    MADE_UP,
    from_json,
    read_archive,
    to_json,
    write_archive,
)
from skfashion._serialization.arrays import pack, unpack
from skfashion._utils.text import printable
from skfashion.exceptions import (
    CheckpointError,
    CheckpointWarning,
    ParameterError,
    WriteError,
)
from skfashion.neural_network._bound_network import as_arrays
from skfashion.neural_network._fingerprint import differences, fingerprint
from skfashion.neural_network._fitted_network import FittedNetwork
from skfashion.neural_network._targets import TrainingData

if TYPE_CHECKING:
    from skfashion.neural_network._base import BaseFashionClassifier

__all__ = ["Checkpoints", "Progress", "open_checkpoints"]

# What early stopping remembers from epoch to epoch, but for the weights.
_STOPPING = {"best", "wait"}
_KEPT = 2
# Most differences that are named: another kind of network differs in many.
_TOLD = 5
_NAME = re.compile(r"epoch-(\d+)\.checkpoint")


@dataclass
class Progress:
    """Where training stands after an epoch.

    Attributes
    ----------
    seed : int
        Of all that is drawn.
    n_epochs : int
        How many epochs there will be.
    history : dict of str to list of float
        Loss and metrics of each epoch so far.
    arrays : dict of str to list of ndarray
        The values of "variables", "optimizer" and of the "best" epoch.
    stopping : dict
        What early stopping remembers, but for the best weights.
    over : bool
        Whether it has ended training.
    """

    seed: int
    n_epochs: int
    history: dict[str, list[float]] = field(default_factory=dict)
    arrays: dict[str, list[np.ndarray]] = field(default_factory=dict)
    stopping: dict[str, Any] = field(default_factory=dict)
    over: bool = False

    @property
    def epochs(self) -> int:
        """How many epochs were trained."""
        return len(self.history.get("loss", ()))

    def take(
        self, values: Sequence[Any], optimizer_values: Sequence[Any] | None
    ) -> None:
        """Take the values of a network and of its optimizer's variables."""
        self.arrays["variables"] = as_arrays(values)
        self.arrays["optimizer"] = as_arrays(optimizer_values or ())


class Checkpoints:
    """The last epochs of one fit, in a folder.

    Parameters
    ----------
    folder : str or path
        Theirs alone; made when the first is written.
    fingerprint : dict
        What ``fingerprint`` told of the fit.
    seed : int
        Of a fit that begins.

    Attributes
    ----------
    last : Progress or None
        The newest that can be read; None before the first.
    seed : int
        Of the fit, where it has begun already.

    Raises
    ------
    CheckpointError
        If the folder holds another fit's epochs, or none that can be read.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        fingerprint: dict[str, dict[str, Any]],
        seed: int,
    ) -> None:
        if not os.fspath(folder):
            raise ParameterError("checkpoint='' must name a folder, or be None.")
        self._folder = Path(folder)
        self._fingerprint = fingerprint
        self._begun = False
        self._threads = count_threads()
        self.last = self._read()
        self.seed = seed if self.last is None else self.last.seed
        # Of this fit, or there were none: another's is not to be touched.
        with suppress(OSError, ValueError):
            # A process that was killed while it wrote left a part behind.
            for part in self._folder.glob(".epoch-*.checkpoint.*.part"):
                part.unlink(missing_ok=True)

    def write(self, progress: Progress) -> None:
        """Write an epoch, whole or not at all, and drop all but the last two.

        Raises
        ------
        WriteError
            If it cannot be written, or the folder has gone since the first.
        """
        if self._begun and not self._folder.is_dir():
            # Not made anew: a drive may be gone, and its place is on another.
            raise WriteError(
                f"Cannot write to {printable(self._folder)}: the folder has gone."
            )
        state: dict[str, Any] = {
            "seed": progress.seed,
            "n_epochs": progress.n_epochs,
            "history": progress.history,
            "stopping": progress.stopping,
            "over": progress.over,
            "arrays": {},
        }
        members = {}
        for name, arrays in progress.arrays.items():
            member = f"{name}.bin"
            state["arrays"][name], members[member] = pack(member, arrays)
        write_archive(
            self._folder / f"epoch-{progress.epochs:06d}.checkpoint",
            {"fingerprint": self._fingerprint, "threads": self._threads},
            {"progress.json": to_json(state), **members},
        )
        self._begun = True
        with suppress(OSError):
            for path in self._files()[_KEPT:]:
                path.unlink(missing_ok=True)

    def go_to_last(self, network: FittedNetwork, n_epochs: int) -> Progress:
        """Bring a network to the last epoch, or save where training begins."""
        progress = self.last
        if progress is not None:
            arrays = progress.arrays
            try:
                network.go_to(arrays["variables"], arrays["optimizer"] or None)
            except (TypeError, ValueError) as error:
                raise CheckpointError(
                    f"checkpoint={str(self._folder)!r} holds the weights of another "
                    "network: empty it to train anew."
                ) from error
        else:
            progress = Progress(self.seed, n_epochs)
            progress.take(network.values, network.optimizer_values)
        if not progress.over and progress.epochs < n_epochs:
            # What cannot be written is told before hours of training.
            self.write(progress)
        return progress

    def _files(self) -> list[Path]:
        """Those of epochs, the last first."""
        paths: list[Path] = []
        # What cannot be the name of a folder is told of when it is written to.
        with suppress(OSError, ValueError):
            paths = list(self._folder.glob("*"))
        named = ((_NAME.fullmatch(path.name), path) for path in paths)
        numbered = [(int(name[1]), path) for name, path in named if name]
        return [path for _, path in sorted(numbered, reverse=True)]

    def _read(self) -> Progress | None:
        files = self._files()
        reason: Exception | None = None
        for path in files:
            try:
                manifest, members = read_archive(path)
                theirs = manifest["fingerprint"]
                different = differences(theirs, self._fingerprint)
                if not different:
                    progress = _progress(members)
                    self._warn_of_threads(manifest["threads"])
                    return progress
            except (*MADE_UP, OSError) as error:
                # Damaged, or dropped by a fit beside this one: there is one before.
                reason = error
                continue
            raise CheckpointError(
                f"checkpoint={str(self._folder)!r} holds the training of another fit: "
                f"{'; '.join(different[:_TOLD])}. Give this fit a folder of its own, "
                "or empty that one."
            )
        if reason is not None:
            raise CheckpointError(
                f"checkpoint={str(self._folder)!r} holds no epoch that can be read: "
                f"empty it to train anew ({printable(reason):.200})."
            ) from reason
        return None

    def _warn_of_threads(self, before: int) -> None:
        if before != self._threads:
            warnings.warn(
                f"checkpoint={str(self._folder)!r} was trained with TensorFlow "
                f"threads: {before!r:.20}, and goes on with {self._threads}: its last "
                "bits may differ from those of a fit that was never stopped.",
                CheckpointWarning,
                stacklevel=2,
            )


def open_checkpoints(
    estimator: "BaseFashionClassifier",
    data: TrainingData,
    classes: np.ndarray,
    seed: int,
    network: FittedNetwork | None,
) -> Checkpoints:
    """Find the epochs that this very fit has saved already.

    Parameters
    ----------
    estimator : classifier
        With its parameters.
    data : TrainingData
        All that it is given, before a part is held out.
    classes : ndarray
        Labels, sorted.
    seed : int
        Of a fit that begins.
    network : FittedNetwork or None
        What training goes on from; None where it begins.

    Raises
    ------
    CheckpointError
        If the folder holds another fit's epochs, or none that can be read.
    """
    told: dict[str, Any] = {
        "X": [data.X],
        "y": [data.codes],
        "sample_weight": None if data.weights is None else [data.weights],
        "X_val or y_val": data.held_out,
    }
    if network is not None:
        if network.changed_by_hand:
            raise ParameterError(
                f"checkpoint={str(estimator.checkpoint)!r} does not go with a model_ "
                "that was changed by hand; set checkpoint=None."
            )
        held = [*network.values, *(network.optimizer_values or [])]
        told["network to start from"] = held
    known: int | None = seed
    if estimator.random_state is None and network is None:
        known = None
    print_of_fit = fingerprint(estimator, classes, known, told)
    return Checkpoints(estimator.checkpoint, print_of_fit, seed)


def _progress(members: dict[str, bytes]) -> Progress:
    state = from_json(members.pop("progress.json"))
    state["arrays"] = {
        name: unpack(table, members) for name, table in state["arrays"].items()
    }
    progress = Progress(**state)
    values = [value for column in progress.history.values() for value in column]
    if not (
        type(progress.seed) is int
        and progress.seed >= 0
        and type(progress.n_epochs) is int
        and progress.n_epochs >= max(1, progress.epochs)
        and progress.stopping.keys() in (set(), _STOPPING)
        and ("best" in progress.arrays) == bool(progress.stopping)
        and type(progress.over) is bool
        and {"variables", "optimizer"} <= progress.arrays.keys()
        and all(len(c) <= progress.epochs for c in progress.history.values())
        and (progress.epochs or not progress.over)
        and all(type(value) is float for value in values)
    ):
        raise ValueError("what it tells of the training does not fit together")
    return progress
