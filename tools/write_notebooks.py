"""Writes notebooks/: examples/recipes as notebooks, with what they say on the sample.

The outputs are kept, so that whoever opens a notebook on the web sees its figures. They
are those of the images that come with the package; docs/recipes.md has those of all.
"""

import copy
import logging
import os
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "examples" / "recipes").glob("*.py"))
NOTEBOOKS = ROOT / "notebooks"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def make(source):
    """Make the notebook of an example, as Sphinx-Gallery does, without outputs."""
    from sphinx_gallery.gen_gallery import DEFAULT_GALLERY_CONF
    from sphinx_gallery.notebook import jupyter_notebook
    from sphinx_gallery.py_source_parser import split_code_and_text_blocks

    _, blocks = split_code_and_text_blocks(source)
    content = jupyter_notebook(blocks, copy.deepcopy(DEFAULT_GALLERY_CONF), NOTEBOOKS)
    cells = []
    for number, cell in enumerate(content["cells"]):
        new = nbformat.v4.new_markdown_cell
        if cell["cell_type"] == "code":
            new = nbformat.v4.new_code_cell
        # Numbered, for by default they are drawn anew each time.
        cells.append(new("".join(cell["source"]).strip("\n"), id=f"cell-{number}"))
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def run(notebook):
    """Run a notebook in an empty folder; its outputs are put into it."""
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(
            notebook,
            timeout=600,
            # A kernel starts within seconds, but not where other work has the cores.
            startup_timeout=300,
            kernel_name="python3",
            record_timing=False,
            resources={"metadata": {"path": folder}},
        ).execute()
    # The version of Python is that of whoever ran it.
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def main():
    """Write them all."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    # Those of the kernel, which is another process.
    os.environ["PYTHONPATH"] = str(ROOT)
    NOTEBOOKS.mkdir(exist_ok=True)
    for source in SOURCES:
        path = NOTEBOOKS / f"{source.stem}.ipynb"
        nbformat.write(run(make(source)), path)
        logging.info("written: %s, %d KB", path.name, path.stat().st_size // 1024)


if __name__ == "__main__":
    main()
