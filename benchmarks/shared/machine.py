"""The machine: what it is, and what is installed on it."""

import importlib.metadata
import os
import platform
import time
from pathlib import Path
from typing import Any

__all__ = ["describe", "in_short"]

_PACKAGES = (
    "skfashion",
    "tensorflow",
    "keras",
    "scikit-learn",
    "scikeras",
    "torch",
    "skorch",
    "numpy",
)
# What decides how fast a processor multiplies matrices.
_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_tile", "amx_bf16")


def describe(*packages: str) -> dict[str, Any]:
    """Describe the machine, on this day, and these packages beside the usual ones."""
    names = ("model name", "cpu family", "model")
    processor = [_from_proc("cpuinfo", name) for name in names]
    flags = _from_proc("cpuinfo", "flags").split()
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "processor": "{} (family {}, model {})".format(*processor),
        "cores": len(os.sched_getaffinity(0)),
        "flags": [flag for flag in _FLAGS if flag in flags],
        "memory_bytes": int(_from_proc("meminfo", "MemTotal").split()[0]) * 1024,
        "system": platform.platform(terse=True),
        "versions": {
            "python": platform.python_version(),
            **{name: _version(name) for name in (*_PACKAGES, *packages)},
        },
    }


def in_short(described: dict[str, Any]) -> str:
    """Tell a machine that was described by its processor."""
    cores = described["cores"]
    return f"{described['processor']}, {cores} core{'s' * (cores > 1)}"


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _from_proc(file: str, field: str) -> str:
    """Take the first line of a field from a file of names and values."""
    for line in Path("/proc", file).read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() == field:
            return value.strip()
    return ""
