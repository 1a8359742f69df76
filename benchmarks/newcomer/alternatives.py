"""One table: accuracy and speed beside what else a scikit-learn user may take.

Measures scikit-learn's classifiers as they come, on all of Fashion-MNIST; all else on
the table is read from what the accuracy and the speed benchmarks keep.
"""

import json
import os
import statistics
import time
from pathlib import Path
from typing import Any

from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from benchmarks.newcomer.parts import BUSY, Part, run
from benchmarks.shared import machine
from benchmarks.shared.child import ROOT
from benchmarks.shared.markdown import table
from benchmarks.shared.results import say
from benchmarks.speed.figures import lines
from benchmarks.speed.rows import ROWS
from skfashion import PixelScaler, fetch_fashion_mnist
from skfashion.comparison import evaluate, make_baselines

__all__ = ["PARTS"]

_ACCURACY = ROOT / "benchmarks" / "accuracy" / "evaluation.json"
_SPEED = ROOT / "benchmarks" / "speed" / "results.json"
_TUTORIAL = "plain Keras, tutorial"
_NONE = "-"
# Seconds in which the mean load of a minute forgets two threads.
_PATIENCE = 60


def _classifiers() -> dict[str, Any]:
    as_they_come = {
        "MLPClassifier()": MLPClassifier(random_state=0),
        "HistGradientBoostingClassifier()": HistGradientBoostingClassifier(
            random_state=0
        ),
        "SVC(C=10)": SVC(C=10),
    }
    scaled = {
        name: make_pipeline(PixelScaler(flatten=True), classifier)
        for name, classifier in as_they_come.items()
    }
    return {"Random forest": make_baselines(0)["Random forest"], **scaled}


def _main() -> None:
    results = PARTS[0].stored()
    figures = results.setdefault("figures", {})
    train = fetch_fashion_mnist(subset="train", return_X_y=True)
    test = fetch_fashion_mnist(subset="test", return_X_y=True)
    for name, classifier in _classifiers().items():
        if name in figures:
            continue
        load = _settled_load()
        found = evaluate(classifier, *train, *test).figures
        kept = {figure: found[figure] for figure in ("accuracy", "fit_s")}
        figures[name] = {**kept, "load_before": load}
        results["machine"] = machine.describe()
        PARTS[0].keep(results)
        say(f"{name}: {figures[name]}")


def _settled_load() -> float:
    """Tell the load when that of what was measured before is forgotten."""
    end = time.monotonic() + _PATIENCE
    while (load := os.getloadavg()[0]) >= BUSY and time.monotonic() < end:
        time.sleep(1)
    return load


def _to_markdown(kept: dict[str, Any]) -> str:
    ours = {
        "`FashionCNNClassifier()`": ("FashionCNNClassifier()", _ours("cnn")),
        "`FashionMLPClassifier()`": ("FashionMLPClassifier()", _ours("mlp")),
        "plain Keras": (_TUTORIAL, _theirs("plain Keras")),
    }
    here = machine.in_short(kept["machine"])
    rows = [
        [title, *_trained(name, here), *speed] for title, (name, speed) in ours.items()
    ]
    rows.append(["SciKeras", _NONE, _NONE, *_theirs("raw SciKeras")])
    rows.append(["skorch, on PyTorch", _NONE, _NONE, *_theirs("skorch")])
    figures = kept.get("figures", {})
    for name in _TITLES:
        accuracy, seconds = "not measured", _NONE
        if name in figures:
            accuracy = f"{100 * figures[name]['accuracy']:.2f}"
            # Not of a machine that others used.
            if figures[name].get("load_before", BUSY) < BUSY:
                seconds = f"{figures[name]['fit_s']:.0f}"
        speed = _theirs(name.removesuffix("()"))
        rows.append([_TITLES[name], accuracy, seconds, *speed])
    return table(_HEAD, rows, numbers=" rrrrrrr")


_TITLES = {
    "MLPClassifier()": "scikit-learn: `MLPClassifier()`",
    "SVC(C=10)": "`SVC(C=10)`",
    "HistGradientBoostingClassifier()": "`HistGradientBoostingClassifier()`",
    "Random forest": "`RandomForestClassifier()`",
}
_HEAD = [
    "",
    "test accuracy, %",
    "fit, s",
    "dense network: an epoch",
    "a small fit",
    "CNN: an epoch",
    "one image, dense",
    "one image, CNN",
]
# Of the benchmarks, in the order of the columns.
_ROWS = ("dense-32", "second-fit", "cnn", "predict-one-mlp", "predict-one-cnn")


def _trained(name: str, here: str) -> tuple[str, str]:
    """Tell accuracy and seconds of a set-up that the accuracy benchmark trained.

    The seconds are those of one machine, where the others were measured too.
    """
    runs = [
        run
        for run in json.loads(_ACCURACY.read_text())["runs"]
        if run["what"] == "fitted" and run["name"] == name
    ]
    found = [100 * run.get("accuracy", _one_view(run)) for run in runs]
    seconds = [
        run["seconds"]
        for run in runs
        if run["seconds"] is not None and run["machine"] == here
    ]
    spread = f"{statistics.mean(found):.2f} ± {statistics.stdev(found):.2f}"
    return spread, f"{statistics.median(seconds):.0f}" if seconds else _NONE


def _one_view(run: dict[str, Any]) -> float:
    return run.get("views", {}).get("1", {}).get("accuracy", float("nan"))


def _medians(name: str) -> dict[str, float | None]:
    """Take the medians of a competitor, by the row of the benchmarks."""
    rows = json.loads(_SPEED.read_text())["rows"]
    found = {}
    for row in _ROWS:
        made = {line.name: line.median for line in lines(ROWS[row], rows[row])}
        found[row] = made.get(name)
    return found


def _ours(kind: str) -> list[str]:
    own = ("cnn", "predict-one-cnn") if kind == "cnn" else _ROWS[:2] + _ROWS[3:4]
    medians = _medians("skfashion")
    return _cells({row: medians[row] if row in own else None for row in _ROWS})


def _theirs(name: str) -> list[str]:
    return _cells(_medians(name))


def _cells(medians: dict[str, float | None]) -> list[str]:
    return [_amount(median) for median in medians.values()]


def _amount(seconds: float | None) -> str:
    if seconds is None:
        return _NONE
    for name, size in (("s", 1), ("ms", 1e-3)):
        if seconds >= size:
            return f"{_two_digits(seconds / size)} {name}"
    return f"{seconds * 1e6:.0f} µs"


def _two_digits(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"


_FILE = Path(__file__).with_name("alternatives.json")
PARTS = (
    Part("README.md", "alternatives", _FILE, _to_markdown),
    Part("docs/choosing.md", "alternatives", _FILE, _to_markdown),
)

if __name__ == "__main__":
    run(_main, *PARTS)
