import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
SAID = {
    "checkpoint": "10 epochs",
    "cross_validation": "FashionMLPClassifier",
    "explain": "by their neighbours: 0.",
    "figures": "drawn: curves.png, mistakes.png",
    "grid_search": "clf__hidden_layer_sizes",
    "own_images": "bars/standing/1.png: standing",
    "own_network": "same bits: True",
    "pipeline": "Ankle boot",
    "raw_bytes": "accuracy on the training images: 0.",
    "recipes": "25,450 weights of 4 bytes are 99.41 KB",
    "report": "written: clothes.html",
    "save_and_load": "same bits: True",
    "validation_images": "best: {'clf__alpha': 0",
}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(path, tmp_path):
    run = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", path],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert SAID[path.stem] in run.stdout
    assert run.stderr == ""


def test_the_docs_show_the_examples_as_they_are():
    pages = [ROOT / "README.md", ROOT / "docs" / "guide.md"]
    shown = "".join(page.read_text() for page in pages)
    for path in EXAMPLES:
        lines = path.read_text().split('"""\n\n', 1)[1].strip()
        assert f"```python\n{lines}\n```" in shown, path.name
