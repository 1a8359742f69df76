"""What 1, 10 and 1,000 machines would take, reckoned from what was measured on one."""

from typing import Any

from benchmarks.scaling.search import CLASSIFIERS, N_FITS
from benchmarks.shared.markdown import table

__all__ = ["estimates"]

_MACHINES = (1, 10, 1000)
# Workers of one thread a machine, as on the one that was measured.
_WORKERS = 2
# Of a common network, in bytes a second, and what Dask's documentation calls the cost
# of a task: neither was measured here.
_NETWORK = 125e6
_TASK_SECONDS = 1e-3
_FITS = 1000


def estimates(stored: dict[str, Any]) -> str:
    """Write the table and how its figures come about."""
    sent, predicted = stored.get("sent"), stored.get("predict")
    found = _seconds_a_fit(stored.get("search", {}))
    if not sent or found is None:
        return "What it would cost is reckoned when searches and bytes are measured."
    name, seconds = found
    *_, bytes_sent = sent.values()
    rows = []
    for machines in _MACHINES:
        workers = machines * _WORKERS
        rounds = -(-_FITS // workers)
        to_each = bytes_sent["sent_ahead"]
        cells = [
            f"{machines:,}",
            f"{_duration(rounds * seconds)}",
            f"{to_each * workers / 1e9:,.1f} GB",
            f"{_WORKERS * to_each / _NETWORK:.1f} s",
            f"{min(workers, _FITS) / seconds:,.2f}",
        ]
        if predicted:
            *_, last = predicted.values()
            rate = last["images"] / last["seconds"]
            cells.append(f"{machines * rate:,.0f}")
        rows.append(cells)
    head = [
        "machines",
        f"{_FITS:,} fits",
        "sent ahead, in all",
        "a machine receives that in",
        "tasks a second",
    ]
    if predicted:
        head.append("images predicted a second")
    return f"""\
Reckoned, of machines as this one with {_WORKERS} workers each: {_FITS:,} fits as those
of {name} below, {seconds:.1f} s each on one core;
{bytes_sent["images"]:,} images are sent ahead, a copy to each worker, over a network of
{_NETWORK / 1e6:.0f} MB/s. The figures for one machine rest on measurements, the others
do not.

{table(head, rows, numbers="rrrrrr")}

Workers pass what is sent ahead on to each other. Dask's scheduler takes about
{_TASK_SECONDS * 1e3:.0f} ms a task, as its documentation has it: at
{1 / _TASK_SECONDS:,.0f} tasks a second it is busy, and smaller networks need larger
tasks than one fit each. Above {_FITS:,} workers, that many fits leave some idle.
Predictions are bound by the disk that all share: {784 * 1e6 / 1e9:.2f} GB are read for
every million images."""


def _seconds_a_fit(searches: dict[str, Any]) -> tuple[str, float] | None:
    """Tell what was measured by one thread last, and the mean of its fits."""
    for classifier in CLASSIFIERS:
        measured = [
            (key, found)
            for key, found in searches.items()
            if key.startswith(classifier) and key.endswith("one thread")
        ]
        if measured:
            key, found = measured[-1]
            return key.rpartition(", n_jobs")[0], found["seconds"] / N_FITS
    return None


def _duration(seconds: float) -> str:
    if seconds < 600:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"
