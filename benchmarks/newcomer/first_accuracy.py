"""Seconds from ``git clone`` to the first accuracy on the screen, with an empty home.

Clones this repository into a temporary folder and runs README's first command there, as
it stands, until a line says an accuracy. Nothing is kept of earlier installations but
what the package index itself is near or far.
"""

import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.newcomer.parts import BUSY, NOT_MEASURED, Part, run
from benchmarks.shared import machine
from benchmarks.shared.child import ROOT
from benchmarks.shared.results import say

__all__ = ["PART", "first_command"]


def first_command() -> str:
    """Read the command that README tells first."""
    found = re.search(
        r"^\$ (make \w+)$", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    if found is None:
        raise LookupError("README.md has no line '$ make ...'.")
    return found[1]


def _main() -> None:
    load = {"load_before": os.getloadavg()[0]}
    with tempfile.TemporaryDirectory() as folder:
        found = _measure(Path(folder))
        PART.keep({**found, **load, "machine": machine.describe()})


def _measure(folder: Path) -> dict[str, Any]:
    clone, home = folder / "skfashion", folder / "home"
    home.mkdir()
    kept = {"PATH", "LANG", "PIP_INDEX_URL", "PIP_TRUSTED_HOST", "PIP_CERT"}
    environment = {name: os.environ[name] for name in kept & os.environ.keys()}
    environment |= {"HOME": str(home), "PIP_NO_CACHE_DIR": "1"}
    start = time.perf_counter()
    command = ["git", "clone", "--quiet", f"file://{ROOT}", str(clone)]
    subprocess.run(command, check=True, env=environment)
    process = subprocess.Popen(
        first_command().split(),
        cwd=clone,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    installed = None
    try:
        for line in process.stdout or ():
            passed = time.perf_counter() - start
            say(f"{passed:6.1f} s  {line.rstrip()}")
            if installed is None and "-m skfashion" in line:
                installed = passed
            if "accuracy" in line:
                return {"seconds": passed, "installed": installed, "line": line.strip()}
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
    raise RuntimeError(f"{first_command()} ended without an accuracy")


def _to_markdown(kept: dict[str, Any]) -> str:
    if not kept:
        return NOT_MEASURED
    here = kept["machine"]
    busy = kept.get("load_before", BUSY) >= BUSY
    beside = "beside much other work, " if busy else ""
    lines = [
        "From `git clone` to the first accuracy on the screen: "
        f"{kept['seconds']:.0f} s, of which {kept['installed']:.0f} s",
        f"to clone, download and install (on {here['date']}, {here['cores']} cores, "
        f"{beside}an empty home, no cache of pip's).",
    ]
    return "\n".join(lines)


PART = Part(
    "README.md",
    "first accuracy",
    Path(__file__).with_name("first_accuracy.json"),
    _to_markdown,
)

if __name__ == "__main__":
    run(_main, PART)
