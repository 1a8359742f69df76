"""The tables of the page on scale."""

from typing import Any

from benchmarks.scaling.search import CLASSIFIERS, WAYS
from benchmarks.shared.markdown import table, verdict

__all__ = [
    "growth",
    "memory",
    "models",
    "onnx_files",
    "predictions",
    "searches",
    "sent",
]

# Required: times sooner than the same by n_jobs=1 with all threads, and with one.
_SOONER = {"n_jobs=1": 1.3, "n_jobs=1, one thread": 1.8}
# Bytes of anonymous memory beyond the import.
_MOST_MEMORY = 400e6
# Required: the same labels, and probabilities as near as this.
_NEAREST = 1e-5
_NOTHING = "Not measured yet."
_BOTH = ("own_seconds", "seconds")


def _load(found: dict[str, Any]) -> str:
    """Tell the processes that ran or waited before and after, its own among these."""
    return " to ".join(f"{load:.1f}" for load in found["load"])


def _sizes(searches: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(key.split(", ")[1] for key in searches))


def searches(kept: dict[str, Any]) -> str:
    """Write how long searches took, each beside the same by ``n_jobs=1``."""
    head = ["classifier, images", "way", "seconds"]
    head += [f"times sooner than {name}" for name in _SOONER]
    head += ["same bits", "load"]
    rows = []
    for classifier in CLASSIFIERS:
        for size in _sizes(kept):
            group = {name: kept.get(f"{classifier}, {size}, {name}") for name in WAYS}
            if any(group.values()):
                rows += _rows_of_ways(f"{classifier}, {size}", group)
    if not rows:
        return _NOTHING
    return table(head, rows, numbers="  rrr")


def _rows_of_ways(title: str, group: dict[str, Any]) -> list[list[str]]:
    reference = group["n_jobs=1, one thread"]
    rows = []
    for name, found in group.items():
        if found is None:
            rows.append([title, name, "not measured", "", "", "", ""])
            continue
        cells = [title, name, f"{found['seconds']:.1f}"]
        for other, least in _SOONER.items():
            cells.append(_sooner(found, group[other], least, WAYS[name].n_jobs > 1))
        same = None if reference is None else found["scores"] == reference["scores"]
        compared = WAYS[name].threads is not None and found is not reference
        cells += [verdict(same) if compared else "", _load(found)]
        rows.append(cells)
    return rows


def _sooner(
    found: dict[str, Any], other: dict[str, Any] | None, least: float, wanted: bool
) -> str:
    if not wanted or other is None:
        return ""
    times = other["seconds"] / found["seconds"]
    return f"{times:.2f} (at least {least}: {verdict(times >= least)})"


def sent(counts: dict[str, Any]) -> str:
    """Write what searches sent, in bytes."""
    rows = []
    for size, found in counts.items():
        ahead, pixels = found["sent_ahead"], found["pixels"]
        tasks = found["tasks"] / len(found["dask_read"])
        alone, all_ahead = max(found["dask_read"]), max(found["dask_read_ahead"])
        listed = [
            ("pixels", pixels),
            ("labels and all splits", ahead - pixels),
            ("loky: one file, which all processes map", found["loky_mapped"]),
            ("loky: a task, labels and its row numbers included", found["loky_call"]),
            ("Dask: read by a worker, at most", alone),
            ("Dask, all sent ahead: read by a worker, at most", all_ahead),
            (
                "of that beyond what was sent, a task",
                round((all_ahead - ahead) / tasks),
            ),
        ]
        rows += [[size, what, f"{count:,}"] for what, count in listed]
    if not rows:
        return _NOTHING
    return table(["search over", "what", "bytes"], rows, numbers="  r")


def models(counts: dict[str, Any]) -> str:
    """Write how large fitted models are, and as pickles."""
    if not counts:
        return ""
    *_, last = counts.values()
    rows = [
        [f"`{name}()`", f"{size['weights']:,}", f"{size['pickle']:,}"]
        for name, size in last["models"].items()
    ]
    head = ["fitted model", "bytes of its weights", "bytes that travel"]
    return table(head, rows, numbers=" rr")


def memory(runs: dict[str, Any]) -> str:
    """Write how long an epoch took, and how much memory it made."""
    head = ["images", "file, GB", "seconds", "images a second", "beyond the import, MB"]
    rows = [
        [
            f"{found['images']:,}",
            f"{found['images'] * 784 / 1e9:.2f}",
            f"{found['seconds']:.1f}",
            f"{found['images'] / found['seconds']:,.0f}",
            f"{found['beyond'] / 1e6:.0f}",
            verdict(found["beyond"] < _MOST_MEMORY),
            _load(found),
        ]
        for found in sorted(runs.values(), key=lambda run: run["images"])
    ]
    if not rows:
        return _NOTHING
    return table([*head, "under 400 MB", "load"], rows, numbers="rrrrr")


def growth(runs: dict[str, Any]) -> str:
    """Write by how much memory grows with the images, and what that does to speed."""
    if len(runs) < 2:
        return ""
    least, *_, most = sorted(runs.values(), key=lambda run: run["images"])
    more = most["images"] - least["images"]
    rates = [run["images"] / run["seconds"] for run in (least, most)]
    grown = most["beyond"] - least["beyond"]
    return f"""
From {least["images"]:,} to {most["images"]:,} images memory grows by
{grown / more:.0f} bytes each; the rate is {rates[1] / rates[0]:.2f} times as high.
"""


def predictions(runs: dict[str, Any]) -> str:
    """Write how long two workers predicted, and what they were sent."""
    head = ["images", "seconds", "images a second", "bytes read by a worker"]
    rows = [
        [
            f"{found['images']:,}",
            f"{found['seconds']:.1f}",
            f"{found['images'] / found['seconds']:,.0f}",
            f"{max(found['read']):,}, of which weights {found['weights']:,}",
            verdict(found["equal"]),
            _load(found),
        ]
        for found in sorted(runs.values(), key=lambda run: run["images"])
    ]
    if not rows:
        return _NOTHING
    return table([*head, "same bits", "load"], rows, numbers="rrrr")


def onnx_files(kept: dict[str, Any]) -> str:
    """Write how near ONNX files come to the networks that they were written of."""
    head = [
        "network",
        "fitted in",
        "views",
        "other labels",
        "largest difference",
        "one image, µs: ours, ONNX",
        "all, s: ours, ONNX",
        "same labels, within 1e-5",
        "load",
    ]
    rows = [
        [
            name,
            found["policy"],
            found["views"],
            f"{found['differing']} of {found['images']:,}",
            f"{found['largest']:.1e}",
            *(
                ", ".join(f"{scale * found[by][at]:{form}}" for by in _BOTH)
                for at, scale, form in ((0, 1e6, ",.0f"), (1, 1, ".2f"))
            ),
            verdict(not found["differing"] and found["largest"] <= _NEAREST),
            _load(found),
        ]
        for name, found in kept.items()
    ]
    if not rows:
        return _NOTHING
    return table(head, rows, numbers="  rrrrr")
