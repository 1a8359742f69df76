"""An ONNX file of a fitted set-up beside the set-up itself, on the test images.

The file is opened in an environment that holds ONNX Runtime and what that needs, and no
TensorFlow. What is compared is the same weights in float32; each network is trained for
one epoch on the bundled sample, for its weights do not matter here.
"""

import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.shared.child import tell

__all__ = ["NETWORKS", "make_environment"]

_OWN = "a residual KerasImageClassifier"
NETWORKS = (
    *("dense-32", "sgd-300-100", "dropout", "deep-512-256-128", "cnn"),
    *("mlp-accurate", "cnn-fast", "cnn-accurate", "cnn-best"),
    _OWN,
)
_TURNS = 20
# Takes a file and images, leaves labels, probabilities and seconds.
_APART = f"""
import importlib.util, statistics, sys, time
import numpy, onnxruntime
assert not any(map(importlib.util.find_spec, ("tensorflow", "keras", "skfashion")))
folder = sys.argv[1]
X = numpy.load(folder + "/images.npy")
session = onnxruntime.InferenceSession(folder + "/network.onnx")
def seconds(rows):
    start = time.perf_counter()
    session.run(None, {{"pixels": rows}})
    return time.perf_counter() - start
one = statistics.median(seconds(X[:1]) for _ in range({_TURNS}))
# In parts, as memory allows.
start = time.perf_counter()
found = [session.run(None, {{"pixels": X[k : k + 500]}}) for k in range(0, len(X), 500)]
all_rows = time.perf_counter() - start
numpy.save(folder + "/labels.npy", numpy.concatenate([part[0] for part in found]))
numpy.save(folder + "/found.npy", numpy.concatenate([part[1] for part in found]))
numpy.save(folder + "/seconds.npy", [one, all_rows])
"""


def make_environment(folder: Path) -> Path:
    """Make one of ONNX Runtime alone, in the version that is here; its interpreter."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    wanted = [f"{name}=={version(name)}" for name in ("numpy", "onnxruntime")]
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, *wanted], check=True)
    return python


def main(name: str, python: str) -> None:
    """Fit one, write its file, and compare what the two predict."""
    from skfashion import fetch_fashion_mnist, load_fashion_sample, to_onnx

    X, y = load_fashion_sample(return_X_y=True)
    images = fetch_fashion_mnist(subset="test").data
    model = _make(name).fit(X, y)
    classifier = model if name == _OWN else model[-1]
    with tempfile.TemporaryDirectory() as folder:
        to_onnx(model, Path(folder, "network.onnx"), dtype="uint8")
        np.save(Path(folder, "images.npy"), images)
        # Not here, where `-c` would find the packages of this folder.
        subprocess.run([python, "-c", _APART, folder], check=True, cwd=folder)
        labels, found, seconds = (
            np.load(Path(folder, f"{what}.npy"))
            for what in ("labels", "found", "seconds")
        )
    policy = _compute_in_float32(classifier)
    expected = model.predict_proba(images)
    tell(
        {
            "policy": policy,
            "views": classifier.n_views,
            "images": len(images),
            "differing": int((labels != model.classes_[expected.argmax(axis=1)]).sum()),
            "largest": float(np.abs(found - expected).max()),
            "seconds": seconds.tolist(),
            "own_seconds": [
                _seconds(lambda: model.predict_proba(images[:1]), _TURNS),
                _seconds(lambda: model.predict_proba(images), 1),
            ],
        }
    )


def _make(name: str) -> Any:
    from benchmarks.speed.models import residual_network
    from skfashion import KerasImageClassifier, recipes

    if name != _OWN:
        return recipes.make_pipeline(name, random_state=0, epochs=1)
    return KerasImageClassifier(
        lambda shape, n: residual_network(shape, n, (8, 16, 32)),
        epochs=1,
        rescale=1 / 255,
        random_state=0,
    )


def _compute_in_float32(classifier: Any) -> str:
    """Have a classifier compute in float32, and tell in what it was fitted."""
    from skfashion.neural_network._fitted_network import FittedNetwork

    fitted = classifier._fitted_network
    policy = getattr(fitted.config, "dtype_policy", "float32")
    if policy != "float32":
        config = replace(fitted.config, dtype_policy="float32")
        same = FittedNetwork(config, fitted.optimizer, fitted.values)
        classifier._fitted_network = same
    return policy


def _seconds(work: Callable[[], Any], turns: int) -> float:
    work()
    taken = []
    for _ in range(turns):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
