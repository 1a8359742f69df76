"""Bytes that travel to processes: by sockets to Dask's workers, by pipes to loky's."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

__all__ = ["LokyTraffic", "begin_count", "counted"]

_read = [0]


def begin_count() -> None:
    """Count what this process reads from sockets; for ``Client.run``."""
    from tornado.iostream import IOStream

    original = getattr(IOStream.read_from_fd, "__wrapped__", IOStream.read_from_fd)

    def read_from_fd(self: Any, buffer: Any) -> int | None:
        size = original(self, buffer)
        _read[0] += size or 0
        return size

    read_from_fd.__wrapped__ = original  # type: ignore[attr-defined]
    IOStream.read_from_fd = read_from_fd
    _read[0] = 0


def counted() -> int:
    """Tell the number of bytes since the count began; for ``Client.run``."""
    return _read[0]


class LokyTraffic:
    """What loky's workers are sent: pickled calls, and files that they map.

    Attributes
    ----------
    calls : list of int
        Bytes of each pickled call.
    mapped : int
        Most bytes of files in joblib's folder at once.
    """

    def __init__(self, folder: Path) -> None:
        self.calls: list[int] = []
        self.mapped = 0
        self._folder = folder

    @contextlib.contextmanager
    def counting(self) -> Iterator[None]:
        """Count what is sent meanwhile, with that folder as joblib's own."""
        from joblib import parallel_config
        from joblib.externals.loky import get_reusable_executor
        from joblib.externals.loky.backend import queues

        # Processes that are there already go on with the folder that they began with.
        get_reusable_executor().shutdown()
        dumps = queues.dumps

        def counting_dumps(*args: Any, **kwargs: Any) -> Any:
            pickled = dumps(*args, **kwargs)
            self.calls.append(len(pickled))
            files = [file.stat().st_size for file in self._folder.rglob("*.pkl")]
            self.mapped = max(self.mapped, sum(files))
            return pickled

        with (
            mock.patch.object(queues, "dumps", counting_dumps),
            parallel_config("loky", temp_folder=str(self._folder)),
        ):
            yield
