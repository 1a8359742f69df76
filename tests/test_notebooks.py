"""The notebooks of the published set-ups: those of examples/recipes, and they run."""

from pathlib import Path

import pytest

from skfashion.recipes import PUBLISHED

pytestmark = pytest.mark.gallery

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
SAID = {
    "cnn": "1,800 images to train on, 200 to validate",
    "deep_512_256_128": "equal: structure, shapes, dtypes and every weight",
    "dense_32": "25,450 weights of 4 bytes: 99.41 KB",
    "dropout": "without: test accuracy 0.",
    "sgd_300_100": "266,610 weights",
}
MOST_BYTES = 300_000


@pytest.fixture(params=SAID)
def name(request):
    return request.param


def read(name):
    # Here, for the default suite reads this file too, where it may be missing.
    import nbformat

    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)


def written(notebook):
    return [(cell["cell_type"], cell["id"], cell["source"]) for cell in notebook.cells]


def outputs(notebook):
    cells = (cell for cell in notebook.cells if cell["cell_type"] == "code")
    return [output for cell in cells for output in cell["outputs"]]


def text(notebook):
    return "".join(output.get("text", "") for output in outputs(notebook))


def test_each_published_recipe_has_its_notebook():
    names = {path.stem for path in NOTEBOOKS.glob("*.ipynb")}
    assert names == set(SAID)
    assert names == {name.replace("-", "_") for name in PUBLISHED}


def test_a_notebook_is_what_the_command_writes(name):
    import write_notebooks

    [source] = [path for path in write_notebooks.SOURCES if path.stem == name]
    kept = read(name)
    assert written(kept) == written(write_notebooks.make(source))
    assert SAID[name] in text(kept)
    assert any("image/png" in output.get("data", {}) for output in outputs(kept))
    assert (NOTEBOOKS / f"{name}.ipynb").stat().st_size < MOST_BYTES


def test_a_notebook_runs(name, monkeypatch):
    import write_notebooks

    monkeypatch.setenv("PYTHONPATH", str(write_notebooks.ROOT))
    notebook = read(name)
    for cell in notebook.cells:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    ran = write_notebooks.run(notebook)
    assert SAID[name] in text(ran)
    assert {output.get("name") for output in outputs(ran)} <= {"stdout", None}
