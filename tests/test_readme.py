"""README: its code and its two commands, as they are written there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```(?:\n+```text\n(.*?)```)?", README, re.DOTALL)
# A command, and what README says that it prints.
COMMANDS = re.findall(r"```console\n\$ (make \w+)\n(.*?)```", README, re.DOTALL)


def form(text):
    """Lines whatever their numbers, which the machine has a part in, and their gaps."""
    # One test passes on some processors where it is expected to fail.
    text = re.sub(r", \d+ xpassed", "", text)
    lines = [re.sub(r"[\d.,:]*\d", "#", line).split() for line in text.splitlines()]
    return [line for line in lines if line and line != ["..."]]


def is_told(shown, printed):
    """Whether the lines that are shown are among those printed, in that order."""
    left = iter(form(printed))
    return all(line in left for line in form(shown))


def test_lines_are_found_in_their_order():
    printed = "making it\na 0.9  fit 1.0 s\n\nb 0.95\n2 passed, 1 xpassed in 3s"
    assert is_told("a 0.8 fit 2.0 s\n...\n3 passed in 4s\n", printed)
    assert not is_told("b 0.9\na 0.9 fit 1.0 s", printed)
    assert not is_told("c 0.9", printed)


def test_the_code_runs_and_says_what_is_shown(tmp_path):
    assert BLOCKS
    for code, said in BLOCKS:
        run = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
        assert form(run.stdout) == form(said)


def test_it_is_short():
    assert len(README.splitlines()) < 120
    assert [command for command, _ in COMMANDS] == ["make demo", "make test"]


@pytest.mark.readme
def test_the_commands_print_what_is_shown(tmp_path):
    clone = tmp_path / "skfashion"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    home = tmp_path / "home"
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    for command, shown in COMMANDS:
        run = subprocess.run(
            command.split(),
            cwd=clone,
            env={**kept, "HOME": str(home)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert run.returncode == 0, run.stdout[-3000:]
        assert is_told(shown, run.stdout), run.stdout[-3000:]
