"""Check the wheel and the sdist in a folder: what they hold, and the wheel's size.

Run as ``python tools/check_dist.py dist`` in a clone, whose files git tells.
"""

import re
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

LARGEST_WHEEL = 3_000_000  # bytes


def compare(archive: str, held: Iterable[str], wanted: Iterable[str]) -> list[str]:
    """Say which files an archive should not hold, and which it lacks."""
    held, wanted = set(held), set(wanted)
    return [
        *(f"{archive} holds {name}, which git does not" for name in held - wanted),
        *(f"{archive} lacks {name}" for name in wanted - held),
    ]


def check_wheel(path: Path, tracked: Iterable[str]) -> list[str]:
    """Say what is wrong with a wheel: it holds the package alone, and is small."""
    about = "-".join(path.name.split("-")[:2]) + ".dist-info/"
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        metadata = archive.read(f"{about}METADATA").decode()
    package = [name for name in tracked if name.startswith("skfashion/")]
    held = [name for name in names if not name.startswith(about)]
    wrong = compare(path.name, held, package)
    wanted = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}
    lacking = sorted({about + name for name in wanted} - set(names))
    wrong += [f"{path.name} lacks {name}" for name in lacking]
    links = re.findall(r"\]\((?!https?:|#)([^)]*)\)", metadata)
    wrong += [f"{path.name} links to {link}, which PyPI has not" for link in links]
    size = path.stat().st_size
    if size >= LARGEST_WHEEL:
        wrong.append(f"{path.name} has {size:,} bytes, not under {LARGEST_WHEEL:,}")
    return wrong


def check_sdist(path: Path, tracked: Iterable[str]) -> list[str]:
    """Say what is wrong with an sdist: it holds what git does, and nothing else."""
    top = path.name.removesuffix(".tar.gz") + "/"
    with tarfile.open(path) as archive:
        names = [each.name.removeprefix(top) for each in archive if not each.isdir()]
    return compare(path.name, names, [*tracked, "PKG-INFO"])


def main(folder: str) -> None:
    """Check both, and end with what is wrong."""
    command = ["git", "ls-files", "-z"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    tracked = told.rstrip("\0").split("\0")
    [wheel], [sdist] = (list(Path(folder).glob(kind)) for kind in ("*.whl", "*.tar.gz"))
    wrong = check_wheel(wheel, tracked) + check_sdist(sdist, tracked)
    if wrong:
        sys.exit("\n".join(sorted(wrong)))
    for path in (wheel, sdist):
        size = path.stat().st_size
        sys.stdout.write(f"{path.name}: {size:,} bytes, holds what it should\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
