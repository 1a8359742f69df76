"""How the defaults and the named set-ups were found: trials on training images alone.

Each trial trains one classifier on a part of the training images and scores it on
10,000 others of them; the test images are not read. A trial is told by the
parameters that differ from the classifier's own defaults, as JSON: ``cnn '{"epochs":
2}'``. Each result is kept at once in search.json; docs/accuracy-search.md lists all.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.accuracy.setups import forward_flops
from benchmarks.shared import child, machine
from benchmarks.shared.markdown import table
from benchmarks.shared.results import DOCS, Report, say
from skfashion import (
    Augmentation,
    FashionCNNClassifier,
    FashionMLPClassifier,
    fetch_fashion_mnist,
)

_KINDS = {"cnn": FashionCNNClassifier, "mlp": FashionMLPClassifier}
# Those that decide what a network is and how it is trained.
_BOTH = (
    "residual",
    "batch_normalization",
    "activation",
    "dropout",
    "alpha",
    "label_smoothing",
    "optimizer",
    "learning_rate",
    "weight_decay",
    "learning_rate_schedule",
    "epochs",
    "batch_size",
    "subsample",
    "augmentation",
    "weight_averaging",
    "dtype_policy",
)
_SHOWN = {
    "cnn": (
        "filters",
        "stem_filters",
        "convolutions",
        "kernel_size",
        "padding",
        "pooling",
        "dense_sizes",
        "logit_scale",
        *_BOTH,
    ),
    "mlp": ("hidden_layer_sizes", *_BOTH),
}
_N_VALIDATION = 10_000
_VIEWS = (1, 2, 3, 6)
_PAGE = """\
# How the set-ups were found

Why are the defaults what they are, and what else was tried?

Written by `python -m benchmarks.accuracy.search` on {date}; do not edit. Each line is
one trial: a classifier trained on so many of the 60,000 training images of
Fashion-MNIST, drawn by one fixed seed, and scored on the same other 10,000 of them. The
test images were never read. A `learning_rate` of 0.005 is what Adam's own comes to
under a schedule. Accuracies in percent, for one, two, three and six views (`n_views`);
the standard error of 10,000 images is 0.25 points. Seconds are of one fit, of whatever
else the machine did at that time: compare within a few lines only.
"""
_TABLE = """
## On {machine}
{note}
{table}
"""


def main() -> None:
    """Run the command line: one trial, or the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", nargs="?", choices=_KINDS)
    parser.add_argument("parameters", nargs="?", default="{}", help="as JSON")
    parser.add_argument("--images", type=int, default=20_000, help="trained on")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        child.tell(_trial(args.kind, json.loads(args.parameters), args))
        return
    if args.kind:
        command = ["-m", "benchmarks.accuracy.search", args.kind, args.parameters]
        command += ["--images", str(args.images), "--seed", str(args.seed), "--child"]
        result = child.run(*command)
        # Read only now, for others may have been at work meanwhile.
        stored = REPORT.stored()
        stored["machine"] = machine.describe()
        result["machine"] = machine.in_short(stored["machine"])
        stored.setdefault("trials", []).append(result)
        REPORT.keep(stored)
        say(f"{args.parameters}: {result['accuracies']}, {result['seconds']:.0f} s")
    REPORT.write_page(REPORT.stored())


def _trial(
    kind: str, parameters: dict[str, Any], args: argparse.Namespace
) -> dict[str, Any]:
    X, y = fetch_fashion_mnist(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(X))
    held, used = order[:_N_VALIDATION], order[_N_VALIDATION:][: args.images]
    settings = dict(parameters)
    if isinstance(settings.get("augmentation"), dict):
        settings["augmentation"] = Augmentation(**settings["augmentation"])
    if isinstance(settings.get("optimizer"), dict):
        import keras

        settings["optimizer"] = keras.optimizers.get(settings["optimizer"])
    classifier = _KINDS[kind](rescale=1 / 255, random_state=args.seed, **settings)
    start = time.perf_counter()
    classifier.fit(X[used], y[used])
    seconds = time.perf_counter() - start
    accuracies = {
        str(views): classifier.set_params(n_views=views).score(X[held], y[held])
        for views in _VIEWS
    }
    config = classifier._fitted_network.config
    return {
        "kind": kind,
        # All of them, for defaults may change.
        "parameters": {**_defaults(kind), **parameters},
        "images": len(used),
        "seed": args.seed,
        "accuracies": accuracies,
        "seconds": seconds,
        "weights": config.n_weights,
        "flops": forward_flops(config),
    }


def _defaults(kind: str) -> dict[str, Any]:
    return {name: getattr(_KINDS[kind](), name) for name in _SHOWN[kind]}


def _told(kind: str, parameters: dict[str, Any]) -> str:
    """Write the parameters that differ from the defaults of today."""
    defaults = json.loads(json.dumps(_defaults(kind)))
    differing = {
        name: value
        for name, value in parameters.items()
        if name not in defaults or value != defaults[name]
    }
    return json.dumps(differing)[1:-1].replace('"', "") or "none"


def _to_markdown(stored: dict[str, Any]) -> str:
    head = [
        "",
        "other than the defaults",
        "images",
        "seed",
        "MFLOP",
        "1 / 2 / 3 / 6 views",
        "seconds",
    ]
    page = _PAGE.format(date=stored["machine"]["date"])
    trials = stored["trials"]
    for here in dict.fromkeys(trial["machine"] for trial in trials):
        rows = [_row(trial) for trial in trials if trial["machine"] == here]
        shown = table(head, rows, numbers="  rrr r")
        # Of what was another way then, by whoever changed it.
        note = stored.get("notes", {}).get(here)
        note = f"\n{note}\n" if note else ""
        page += _TABLE.format(machine=here, note=note, table=shown)
    return page


def _row(trial: dict[str, Any]) -> list[Any]:
    return [
        trial["kind"].upper(),
        f"`{_told(trial['kind'], trial['parameters'])}`",
        f"{trial['images']:,}",
        trial["seed"],
        f"{trial['flops'] / 1e6:.1f}",
        " / ".join(_percent(trial["accuracies"].get(str(v))) for v in _VIEWS),
        f"{trial['seconds']:.0f}",
    ]


def _percent(accuracy: float | None) -> str:
    return "-" if accuracy is None else f"{100 * accuracy:.2f}"


REPORT = Report(
    Path(__file__).with_name("search.json"),
    DOCS / "accuracy-search.md",
    _to_markdown,
)

if __name__ == "__main__":
    main()
