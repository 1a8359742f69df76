import os
import runpy
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
import sklearn

from skfashion._backend import step_cache

mpl.use("Agg")

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
RECIPES = sorted((ROOT / "examples" / "recipes").glob("*.py"))
ORDER = runpy.run_path(str(ROOT / "docs" / "_ext" / "gallery_order.py"))["ORDER"]
# Those that start a cluster are run by tests/scaling/test_dask.py.
CLUSTER = [path for path in EXAMPLES if path.stem.startswith("dask")]
SAID = {
    "augmentation": "and seen twice: 0.",
    "baselines": "Gradient boosting",
    "calibration": "with a temperature: accuracy 0.",
    "callbacks": "FashionMLPClassifier - fit",
    "captions": "shape on ",
    "checkpoint": "10 epochs\nsame bits: True",
    "embedding": "by their neighbours: 0.",
    "export_onnx": "same labels: True",
    "first_layers": "with a penalty: 0.",
    "hidden_sizes": "clf__hidden_layer_sizes",
    "learning_curves": "MLP: most accurate after epoch",
    "own_images": "standing/1.png: standing",
    "own_network": "same bits: True",
    "published": "25,450 weights of 4 bytes are 99.41 KB",
    "quickstart": "Ankle boot",
    "raw_bytes": "accuracy on the training images: 0.",
    "report": "written: clothes.html",
    "saliency": "accuracy on the test images: 0.",
    "sample_weights": "best: {'fashionmlpclassifier__alpha': 0",
    "save_and_load": "refused: ",
    "suspected_labels": "of the 40 wrong labels are among the first 80",
    "validation_images": "best: {'clf__alpha': 0",
    "worst_mistakes": "Shirt",
}
# Those that need packages of the extra `clients`.
CLIENTS = sorted((ROOT / "examples" / "clients").glob("*.py"))
CLIENTS_SAID = {
    "evaluation_report": ["accuracy", "log_loss"],
    "prediction_sets": [": one of ", "of the sets hold the label"],
    "pruned_search": ["COMPLETE after 8 epochs", "PRUNED after", "best: 0."],
    "shared_model": ["skfashion.neural_network", "same bits: True"],
    "tracked_run": ["metrics.loss", "same bits: True"],
    "wrong_labels": ["of the wrong labels are among", "without the suspects: 0."],
}


# One that answers until it is ended: see test_serving.
SERVING = [path for path in EXAMPLES if path.stem == "serve"]
# The first that a user runs, and the one that pickles a function of its own: in a fresh
# interpreter, where TensorFlow starts with the example. The others share the tests'.
FRESH = ("quickstart", "own_network")
# What takes longer than a few seconds is run by `make gallery`, not by default.
LONGER = (
    "augmentation",
    "baselines",
    "embedding",
    "learning_curves",
    "own_network",
    "published",
)
NOT_DRAWN = ("raw_bytes",)
# What matplotlib says of `plt.show()` where figures are drawn for files only.
NO_WINDOW = "FigureCanvasAgg is non-interactive"


def params(paths):
    marks = {True: pytest.mark.gallery, False: ()}
    return [
        pytest.param(path, id=path.stem, marks=marks[path.stem in LONGER])
        for path in paths
    ]


ALONE = [path for path in EXAMPLES if path.stem in FRESH]
SHARED = [path for path in EXAMPLES if path not in ALONE + SERVING + CLUSTER]


@pytest.mark.parametrize("path", params(ALONE))
def test_example_in_a_fresh_interpreter(path, tmp_path):
    options = "-W", "error::UserWarning", "-W", f"ignore:{NO_WINDOW}:UserWarning"
    run = run_fresh(path, tmp_path, *options, MPLBACKEND="Agg")
    assert SAID[path.stem] in run.stdout
    assert run.stderr == ""


def run_fresh(path, folder, *options, **environment):
    return subprocess.run(
        [sys.executable, *options, path],
        cwd=folder,
        env={**os.environ, "HOME": str(folder), **environment},
        check=True,
        capture_output=True,
        text=True,
    )


@pytest.mark.clients
@pytest.mark.parametrize("path", CLIENTS, ids=lambda path: path.stem)
def test_example_of_another_package(path, tmp_path):
    run = run_fresh(path, tmp_path, MPLBACKEND="Agg", MLFLOW_DISABLE_TELEMETRY="true")
    for said in CLIENTS_SAID[path.stem]:
        assert said in run.stdout
    # They may warn of themselves, but have no reason to be warned by us.
    assert "skfashion" not in run.stderr


@pytest.mark.filterwarnings("error::UserWarning", f"ignore:{NO_WINDOW}")
@pytest.mark.parametrize("path", params(SHARED))
def test_example(path, tmp_path, monkeypatch, capfd):
    # Nothing that an example before compiled.
    step_cache.cache_clear()
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(tmp_path))
    before = set(plt.get_fignums())
    # What an example sets for its whole process ends with it.
    with sklearn.config_context(), mpl.rc_context():
        runpy.run_path(str(path), run_name="__main__")
    drawn = set(plt.get_fignums()) - before
    for number in drawn:
        plt.close(number)
    said = capfd.readouterr()
    assert SAID[path.stem] in said.out
    assert said.err == ""
    assert bool(drawn) == (path.stem not in NOT_DRAWN)
    # Nothing is left behind where it was started.
    assert not list(here.iterdir())


@pytest.mark.parametrize("path", EXAMPLES + RECIPES, ids=lambda path: path.stem)
def test_an_example_begins_with_its_question(path):
    text = path.read_text()
    quotes, title, line, empty = text.split("\n")[:4]
    assert (quotes, line, empty) == ('"""', "=" * len(title), "")
    assert title.endswith("?")
    assert text.count("\n") < 80
    # What stands there is text of the page and code in turn.
    assert text.count("\n# %%\n") >= 1


def test_the_gallery_has_every_example_in_its_place():
    assert sorted(ORDER) == sorted(path.stem for path in EXAMPLES + RECIPES)
