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
# Those that start a cluster are run by tests/scaling/test_dask.py.
CLUSTER = [path for path in EXAMPLES if path.stem.startswith("dask")]
SAID = {
    "augmentation": "drawn: augmented.png",
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
    "sample_weights": "best: {'fashionmlpclassifier__alpha': 0",
    "save_and_load": "same bits: True",
    "validation_images": "best: {'clf__alpha': 0",
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
FRESH = [path for path in EXAMPLES if path.stem in ("pipeline", "own_network")]
SHARED = [path for path in EXAMPLES if path not in FRESH + SERVING + CLUSTER]


@pytest.mark.parametrize("path", FRESH, ids=lambda path: path.stem)
def test_example_in_a_fresh_interpreter(path, tmp_path):
    run = run_fresh(path, tmp_path, "-W", "error::UserWarning")
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


@pytest.mark.filterwarnings("error::UserWarning")
@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.stem)
def test_example(path, tmp_path, monkeypatch, capfd):
    # Nothing that an example before compiled.
    step_cache.cache_clear()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    before = set(plt.get_fignums())
    # What an example sets for its whole process ends with it.
    with sklearn.config_context(), mpl.rc_context():
        runpy.run_path(str(path), run_name="__main__")
    for number in set(plt.get_fignums()) - before:
        plt.close(number)
    said = capfd.readouterr()
    assert SAID[path.stem] in said.out
    assert said.err == ""
