"""Every command that docs/commands.md tells of is there."""

import re
from pathlib import Path

import pytest

from skfashion.__main__ import main

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "commands.md").read_text()


def test_the_targets_are_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    told = set(re.findall(r"make ([a-z-]+)", PAGE))
    assert told
    assert told <= targets


def test_the_commands_of_the_package_are_those_of_its_help(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = re.findall(r"^    ([a-z]+)\b", capsys.readouterr().out, re.MULTILINE)
    told = re.findall(r"^\| `python -m skfashion ([a-z]+)", PAGE, re.MULTILINE)
    assert sorted(told) == sorted(listed)
