"""Searches on two cores, bytes that travel, memory maps, and ONNX files.

Each measurement runs in a process of its own, and what came of it is kept in
scaling.json at once: an interrupted run goes on with what is missing, unless --anew is
given. The sizes are arguments; one that is given again is not measured again. Writes
docs/scaling.md.
"""

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.scaling import memory, onnx_files, search
from benchmarks.scaling.page import to_markdown
from benchmarks.shared import child, machine
from benchmarks.shared.results import DOCS, Report, say

REPORT = Report(
    Path(__file__).with_name("scaling.json"), DOCS / "scaling.md", to_markdown
)
# Where bits are compared, and so that processes do not get in one another's way.
_ONE_THREAD = {"OMP_NUM_THREADS": "1"}
# What prediction writes beside the images, and some room.
_BYTES_AN_IMAGE = memory.N_PIXELS + 40 + 1
_ROOM = 2**30


def main() -> None:
    """Run the command line."""
    parser = REPORT.parser(__doc__, _PARTS)
    add = parser.add_argument
    add("--images", type=int, default=20_000, help="that a search trains on")
    add(
        "--sizes",
        type=int,
        nargs="+",
        default=[600_000, 6_000_000],
        help="of the memory map, in images",
    )
    add(
        "--sent", type=int, default=60_000, help="images of which the bytes are counted"
    )
    add("--folder", type=Path, help="for the memory map (default: a temporary one)")
    args = REPORT.parse(parser)
    stored = REPORT.stored(anew=args.anew)
    for part in args.only:
        _PARTS[part](stored, args)
    REPORT.write_page(stored)


def _measure(
    stored: dict[str, Any],
    part: str,
    key: str,
    *command: str,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Measure what is not kept yet, and keep it with the load that it ran beside."""
    kept = stored.setdefault(part, {})
    if key in kept:
        return
    load = os.getloadavg()[0]
    try:
        found = child.run("-m", *command, environment=environment)
    except child.ChildError as error:
        say(f"{key} failed:\n{error}")
        return
    kept[key] = {**found, "load": [load, os.getloadavg()[0]]}
    stored["machine"] = machine.describe("joblib", "dask", "distributed")
    REPORT.keep(stored)
    say(f"{key} done")


def _search(stored: dict[str, Any], args: argparse.Namespace) -> None:
    for classifier in search.CLASSIFIERS:
        for name, way in search.WAYS.items():
            _measure(
                stored,
                "search",
                f"{classifier}, {args.images:,} images, {name}",
                "benchmarks.scaling.search",
                name,
                classifier,
                str(args.images),
                environment=_ONE_THREAD if way.n_jobs == 1 and way.threads else None,
            )


def _onnx(stored: dict[str, Any], args: argparse.Namespace) -> None:  # noqa: ARG001
    if not set(onnx_files.NETWORKS) - set(stored.get("onnx", {})):
        return
    with tempfile.TemporaryDirectory() as folder:
        python = onnx_files.make_environment(Path(folder))
        for name in onnx_files.NETWORKS:
            given = name, str(python)
            _measure(stored, "onnx", name, "benchmarks.scaling.onnx_files", *given)


def _sent(stored: dict[str, Any], args: argparse.Namespace) -> None:
    key = f"{args.sent:,} images"
    _measure(stored, "sent", key, "benchmarks.scaling.sent", str(args.sent))


def _memory(stored: dict[str, Any], args: argparse.Namespace) -> None:
    sizes = sorted(set(args.sizes))
    missing = [
        size
        for size in sizes
        for part in ("memory", "predict")
        if f"{size:,} images" not in stored.get(part, {})
    ]
    if not missing:
        return
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = Path(name)
        wanted = max(missing) * _BYTES_AN_IMAGE + _ROOM
        free = shutil.disk_usage(folder).free
        if free < wanted:
            raise SystemExit(
                f"{folder} has {free:,} bytes free, but {wanted:,} are needed: give "
                "--folder, or smaller --sizes."
            )
        memory.write_images(folder, max(missing))
        for size in sizes:
            key, given = f"{size:,} images", (str(folder), str(size))
            _measure(stored, "memory", key, "benchmarks.scaling.memory", *given)
            _measure(
                stored,
                "predict",
                key,
                "benchmarks.scaling.predict",
                *given,
                environment=_ONE_THREAD,
            )


_PARTS: Mapping[str, Callable[[dict[str, Any], argparse.Namespace], None]] = {
    "onnx": _onnx,
    "sent": _sent,
    "memory": _memory,
    "search": _search,
}

if __name__ == "__main__":
    main()
