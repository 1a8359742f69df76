"""The Debian and Ubuntu package of the data set, fetched as any user.

Nothing is installed and no state of the system is read from or written to but
its list of archives and their keys.
"""

import logging
import os
import shutil
import subprocess
from pathlib import Path

from skfashion.exceptions import DownloadError

logger = logging.getLogger(__name__)

PACKAGE = "dataset-fashion-mnist"
# Where the package puts the files, below the root of a system.
CONTENTS = "usr/share/datasets/fashion-mnist"
APT_TIMEOUT = 600  # seconds


def unpack(folder: Path) -> Path:
    """Fetch the package into `folder`; return where its files lie in there."""
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise DownloadError(f"{tool} is not on this machine")
    for name in ("cache/archives/partial", "lists/partial", "1", "2", "out"):
        (folder / name).mkdir(parents=True)
    config = folder / "apt.conf"
    # The hooks would refresh the system's own caches, and only a configuration
    # file can clear them.
    config.write_text(
        f'Dir::Cache "{folder}/cache";\n'
        'Acquire { Languages "none"; Retries "1"; };\n'
        'Acquire { http::Timeout "30"; https::Timeout "30"; };\n'
        "#clear APT::Update::Pre-Invoke;\n"
        "#clear APT::Update::Post-Invoke;\n"
        "#clear APT::Update::Post-Invoke-Success;\n"
    )
    apt = ["apt-get", "-q", "-c", str(config)]
    logger.info("Downloading the Debian package %s", PACKAGE)
    download = folder / "1"
    complaints = [_complaint([*apt, "download", PACKAGE], download)]
    if complaints[-1]:
        # The system's lists are often empty (containers) or name a version that
        # the archive has since replaced, and only root may renew them.
        apt += ["-o", f"Dir::State={folder}", "-o", f"Dir::State::lists={folder}/lists"]
        # An update that fails for one repository still serves the others.
        complaints.append(_complaint([*apt, "update"], folder))
        download = folder / "2"
        complaints.append(_complaint([*apt, "download", PACKAGE], download))
    if not complaints[-1]:
        found = next(download.glob("*.deb"), download)
        complaints.append(_complaint(["dpkg-deb", "-x", str(found), "out"], folder))
    if complaints[-1]:
        raise DownloadError("; ".join(filter(None, complaints)))
    return folder / "out" / CONTENTS


def _complaint(command: list[str], folder: Path) -> str:
    """Run `command` in `folder`; return what it said if it failed, else ''."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=APT_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{command[0]} took longer than {APT_TIMEOUT} s"
    if done.returncode == 0:
        return ""
    said = done.stderr.strip().split("\n")
    errors = [line for line in said if line.startswith("E:")]
    return f"{command[0]}: {' '.join(errors or said[-1:])}"
