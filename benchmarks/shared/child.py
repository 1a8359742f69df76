"""Child processes: each runs a module or a line of Python, and prints JSON last."""

import gc
import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["ROOT", "ChildError", "resident_bytes", "run", "tell"]

# Where Python finds the modules, and pytest the tests.
ROOT = Path(__file__).parents[2]


class ChildError(Exception):
    """A child process that ended without a result; holds what it said."""


def run(*command: str, environment: Mapping[str, str] | None = None) -> Any:
    """Run a fresh interpreter; what the last line that it prints holds."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={"TF_CPP_MIN_LOG_LEVEL": "2", **os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    printed = done.stdout.splitlines()
    if done.returncode or not printed:
        # TensorFlow's notices come before what went wrong.
        _, _, trace = done.stderr.partition("Traceback")
        raise ChildError(trace or f"exit status {done.returncode}")
    return json.loads(printed[-1])


def tell(result: Any) -> None:
    """Be the child: print what was found."""
    sys.stdout.write(f"\n{json.dumps(result)}\n")


def resident_bytes() -> int:
    """Count the memory that this process holds now, garbage apart."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
