"""A file is written whole or not at all, whatever happens to the process."""

import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from skfashion._utils.files import whole_file, write_whole
from skfashion.exceptions import DataError, WriteError

KILLS = 50
# Writes one content after the other for as long as it is let.
CODE = """
import sys
from pathlib import Path
from skfashion._utils.files import write_whole
path, size = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
number = 0
while True:
    number += 1
    write_whole(path, bytes([number % 256]) * size)
"""


def test_a_killed_writer_leaves_a_whole_file(tmp_path, record_property):
    path = tmp_path / "model"
    size = 3_000_000
    path.write_bytes(bytes(size))
    seen, interrupted, whole = set(), 0, 0
    moments = random.Random(0)
    for _ in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", CODE, path, str(size)], stdout=subprocess.PIPE
        )
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(moments.uniform(0, 0.05))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        parts = list(tmp_path.glob(".model.*.part"))
        interrupted += bool(parts)
        for part in parts:
            part.unlink()
        content = path.read_bytes()
        whole += len(content) == size and content == content[:1] * size
        seen.add(content[:1])
    record_property("kills", KILLS)
    record_property("whole", whole)
    record_property("interrupted", interrupted)
    assert whole == KILLS
    assert {file.name for file in tmp_path.iterdir()} == {"model"}
    # Or else nothing was put to the test.
    assert len(seen) > 2
    assert interrupted > KILLS // 4


def test_permissions_are_those_of_any_new_file(tmp_path):
    (tmp_path / "other").write_bytes(b"")
    mode = write_whole(tmp_path / "model", b"1").stat().st_mode
    assert mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "device"])
def test_what_is_no_file_is_not_replaced(make, tmp_path):
    path = tmp_path / "model"
    make(path)
    with pytest.raises(WriteError, match=r"there is a \w+ of that name\.$"):
        write_whole(path, b"1")
    assert path.exists()
    assert not path.is_file()


def test_a_link_stays_a_link_and_a_mode_a_mode(tmp_path):
    path, link = tmp_path / "kept" / "model", tmp_path / "model"
    path.parent.mkdir()
    path.write_bytes(b"old")
    path.chmod(0o600)
    link.symlink_to(path)
    assert write_whole(link, b"new") == link
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["model"]


def test_a_folder_that_cannot_be_synced_keeps_the_file(tmp_path, monkeypatch):
    sync = os.fsync

    def files_only(descriptor):
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", files_only)
    assert write_whole(tmp_path / "model", b"new").read_bytes() == b"new"


@pytest.mark.parametrize(
    ("raised", "seen"),
    [(DataError, DataError), (OSError, WriteError), (KeyboardInterrupt,) * 2],
)
def test_what_is_written_in_parts_is_whole_or_not_there(raised, seen, tmp_path):
    path = tmp_path / "pixels"
    with whole_file(path) as stream:
        for part in (b"o", b"ld"):
            stream.write(part)
            assert not path.exists()

    def interrupted():
        with whole_file(path) as stream:
            stream.write(b"new")
            raise raised

    with pytest.raises(seen):
        interrupted()
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["pixels"]
