"""What ``pip install skfashion`` brings: packages, megabytes of download and on disk.

In a fresh environment, of the wheel that this clone makes.
"""

import json
import subprocess
import tempfile
import time
import venv
from pathlib import Path
from typing import Any

from benchmarks.newcomer.parts import NOT_MEASURED, Part, run
from benchmarks.shared import machine
from benchmarks.shared.child import ROOT
from benchmarks.shared.markdown import table
from benchmarks.shared.results import say

__all__ = ["EXTRAS", "PART"]

# Those for users, and what each is for; the others are for working on the package.
EXTRAS = {
    "plot": "figures, HTML reports, reading picture files",
    "onnx": "writing ONNX files, which run without TensorFlow",
    "serve": "serving a model over HTTP",
    "tensorboard": "logs for TensorBoard, and the program that shows them",
    "dask": "searches on several machines, arrays larger than memory",
    "clients": "Optuna, MAPIE, cleanlab, skore, MLflow and skops, for their examples",
}


def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        PART.keep(_measure(Path(folder)))


def _measure(folder: Path) -> dict[str, Any]:
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    _pip(python, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    [wheel] = folder.glob("skfashion-*.whl")
    _pip(python, "download", "--dest", str(folder / "core"), str(wheel))
    core = _sizes(folder / "core")
    say(f"core: {len(core)} packages")
    before = _bytes_under(folder / "venv")
    offline = ["--no-index", "--find-links", str(folder / "core")]
    _pip(python, "install", *offline, str(wheel))
    result = {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "machine": machine.describe(),
        "wheel_bytes": wheel.stat().st_size,
        "download": core,
        "disk_bytes": _bytes_under(folder / "venv") - before,
        "extras": {},
    }
    for extra in EXTRAS:
        result["extras"][extra] = _of_extra(python, folder, f"{wheel}[{extra}]", extra)
        say(f"{extra}: {len(result['extras'][extra])} packages more")
    return result


def _of_extra(python: Path, folder: Path, wanted: str, extra: str) -> dict[str, int]:
    """Download what an extra adds to what is installed; bytes by file."""
    report = folder / f"{extra}.json"
    _pip(python, "install", "--dry-run", "--report", str(report), wanted)
    more = [
        f"{found['metadata']['name']}=={found['metadata']['version']}"
        for found in json.loads(report.read_text())["install"]
        if found["metadata"]["name"] != "skfashion"
    ]
    _pip(python, "download", "--no-deps", "--dest", str(folder / extra), *more)
    return _sizes(folder / extra)


def _pip(python: Path, command: str, *arguments: str) -> None:
    quiet = "--quiet", "--disable-pip-version-check"
    subprocess.run([python, "-m", "pip", command, *quiet, *arguments], check=True)


def _sizes(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_size for file in sorted(folder.iterdir())}


def _bytes_under(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if not path.is_symlink())
    return sum(path.stat().st_blocks * 512 for path in files if path.is_file())


def _to_markdown(kept: dict[str, Any]) -> str:
    if not kept:
        return NOT_MEASURED
    core = kept["download"]
    largest, size = max(core.items(), key=lambda item: item[1])
    here = kept["machine"]
    rows = [
        ["`skfashion`", "the classifiers, all of scikit-learn's tools", *_tell(core)]
    ]
    for extra, purpose in EXTRAS.items():
        rows.append([f"`skfashion[{extra}]`", purpose, *_tell(kept["extras"][extra])])
    head = ["install", "for", "packages", "download, MB"]
    return "\n".join(
        [
            table(head, rows, numbers="  rr"),
            "",
            f"On disk the first takes {_mb(kept['disk_bytes']):,.0f} MB; "
            f"{_mb(size):,.0f} MB of the download are `{largest.split('-')[0]}`,",
            f"{_mb(kept['wheel_bytes']):.1f} MB the package itself. The other lines "
            "are what an extra adds to the first.",
            f"Measured on {kept['date']} under {here['system']}",
            f"with Python {here['versions']['python']}, by "
            "`python -m benchmarks.newcomer.install`.",
        ]
    )


def _tell(files: dict[str, int]) -> tuple[str, str]:
    return str(len(files)), f"{_mb(sum(files.values())):,.0f}"


def _mb(size: int) -> float:
    return size / 1e6


PART = Part(
    "docs/install.md",
    "installed",
    Path(__file__).with_name("install.json"),
    _to_markdown,
)

if __name__ == "__main__":
    run(_main, PART)
