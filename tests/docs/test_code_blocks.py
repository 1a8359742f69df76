"""Every block of Python on the pages runs, and says what the page says that it says."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = pytest.mark.docs

ROOT = Path(__file__).parent.parent.parent
BLOCK = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,})(?:python|\{code-block\} python)\n"
    r"(?P<code>.*?)^ *(?P=fence)\n"
    r"(?:\n*^ *`{3,}text\n(?P<said>.*?)^ *`{3,}\n)?",
    re.DOTALL | re.MULTILINE,
)
BETWEEN = "<the next block>"


def written():
    """The pages that someone wrote, by their name; those made by the build are not."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    named = {path.relative_to(ROOT).as_posix(): path.read_text() for path in pages}
    made = ("docs/_build/", "docs/auto_examples/", "docs/api/generated/")
    return {
        name: text
        for name, text in named.items()
        # Those that a script wrote show what that script ran.
        if not name.startswith(made) and "; do not edit" not in text
    }


def blocks(text):
    return list(BLOCK.finditer(text))


PAGES = {name: text for name, text in written().items() if blocks(text)}


def form(said):
    """What was said, whatever the numbers are, which the processor has a part in."""
    return re.sub(r"[\d.]+", "#", said).split()


def test_no_block_of_python_is_overlooked():
    for name, text in written().items():
        opened = re.findall(r"^ *`{3,}(?:python|\{code-block\} python)$", text, re.M)
        assert len(opened) == len(blocks(text)), name


@pytest.mark.parametrize("name", PAGES)
def test_the_code_on_a_page_runs(name, tmp_path):
    found = blocks(PAGES[name])
    # A file, as workers of joblib's import functions from it; blocks build on those
    # above them.
    codes = [textwrap.dedent(block["code"]) for block in found]
    page = tmp_path / "page.py"
    # Where `make docs-test` puts what a page installs by npm.
    (tmp_path / "node_modules").symlink_to(ROOT / ".runtime" / "node_modules")
    page.write_text(f"\nprint({BETWEEN!r})\n".join(codes))
    run = subprocess.run(
        [sys.executable, page],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path), "MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    outputs = run.stdout.split(f"{BETWEEN}\n")
    for block, output in zip(found, outputs, strict=True):
        if block["said"] is not None:
            assert form(output) == form(textwrap.dedent(block["said"])), block["code"]
