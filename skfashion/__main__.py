"""The command line: ``python -m skfashion fetch`` and ``compare``."""

import argparse
import sys
from collections.abc import Sequence

import numpy as np
from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils import Bunch

from skfashion.baselines import make_baselines
from skfashion.cnn import FashionCNNClassifier
from skfashion.comparison import evaluate, tabulate
from skfashion.datasets import CLASS_NAMES, fetch_fashion_mnist
from skfashion.exceptions import SkfashionError
from skfashion.mlp import FashionMLPClassifier
from skfashion.preprocessing import PixelScaler

# Images that --quick trains and measures on.
_QUICK = {"train": 6000, "test": 2000}

_COLUMNS = {
    "accuracy": ("test\naccuracy", "{:.4f}"),
    "macro_f1": ("macro\nF1", "{:.4f}"),
    "log_loss": ("log\nloss", "{:.3f}"),
    "fit_s": ("fit\nseconds", "{:.1f}"),
    "predict_us": ("predict\nµs/image", "{:.1f}"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the process's exit status."""
    parser = _parser()
    options = parser.parse_args(argv)
    console = Console()
    try:
        options.run(options, console)
    except SkfashionError as error:
        Console(stderr=True).print(f"skfashion: {error}", markup=False, style="red")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m skfashion",
        description="Neural networks for small images as scikit-learn estimators.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--data-home",
        metavar="DIR",
        help="where data sets are kept (default: scikit-learn's data folder)",
    )
    fetch = commands.add_parser(
        "fetch", parents=[shared], help="obtain Fashion-MNIST and say what is in it"
    )
    fetch.set_defaults(run=_fetch)
    compare = commands.add_parser(
        "compare",
        parents=[shared],
        help="train both networks and the classical baselines; print one table",
    )
    compare.add_argument(
        "--quick",
        action="store_true",
        help=f"{_QUICK['train']:,} training and {_QUICK['test']:,} test images only",
    )
    compare.add_argument(
        "--seed", type=_seed, default=0, help="random_state of every model (default: 0)"
    )
    compare.set_defaults(run=_compare)
    return parser


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**32:
        raise argparse.ArgumentTypeError(
            f"{text!r} must be a whole number from 0 to {2**32 - 1}"
        )
    return int(text)


def _fetch(options: argparse.Namespace, console: Console) -> None:
    bunch = fetch_fashion_mnist(subset="all", data_home=options.data_home)
    counts = np.bincount(bunch.target)
    console.print(f"Fashion-MNIST: {len(bunch.data):,} images of 28x28 pixels")
    for name, count in zip(bunch.target_names, counts, strict=True):
        console.print(f"  {name:<12} {count:,}")


def _compare(options: argparse.Namespace, console: Console) -> None:
    train = _load("train", options)
    test = _load("test", options)
    console.print(
        f"Fashion-MNIST: {len(train.data):,} training images, "
        f"{len(test.data):,} test images"
    )
    with console.status("Starting TensorFlow"):
        estimators = _estimators(options.seed)
    results: dict[str, dict[str, float]] = {}
    try:
        with _progress(console) as progress:
            for name, estimator in estimators.items():
                results[name] = _evaluate(name, estimator, train, test, progress)
    finally:
        # Interrupted, it still shows what it has.
        if results:
            _report(results, estimators, test, console)


def _load(subset: str, options: argparse.Namespace) -> Bunch:
    bunch = fetch_fashion_mnist(subset=subset, data_home=options.data_home)
    if options.quick:
        bunch.data, _, bunch.target, _ = train_test_split(
            bunch.data,
            bunch.target,
            train_size=_QUICK[subset],
            stratify=bunch.target,
            random_state=0,
        )
    return bunch


def _estimators(seed: int) -> dict[str, Pipeline]:
    # Loaded here, so that its seconds are not counted as those of the first fit.
    from skfashion import training  # noqa: F401

    networks = {
        "FashionMLPClassifier": FashionMLPClassifier(random_state=seed),
        "FashionCNNClassifier": FashionCNNClassifier(random_state=seed),
    }
    return make_baselines(seed) | {
        name: make_pipeline(PixelScaler(), network)
        for name, network in networks.items()
    }


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description:<22}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("{task.fields[outcome]}"),
        console=console,
        disable=not console.is_terminal,
    )


def _evaluate(
    name: str, estimator: Pipeline, train: Bunch, test: Bunch, progress: Progress
) -> dict[str, float]:
    classifier = estimator[-1]
    epochs = getattr(classifier, "epochs", None)
    task = progress.add_task(name, total=epochs, outcome="")
    if epochs is not None:
        from skfashion._runtime import keras

        advance = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda _epoch, _logs: progress.advance(task)
        )
        classifier.set_params(callbacks=[advance])
    figures = evaluate(estimator, train.data, train.target, test.data, test.target)
    outcome = f"test accuracy {figures['accuracy']:.4f}"
    progress.update(task, total=epochs or 1, completed=epochs or 1, outcome=outcome)
    if progress.disable:
        progress.console.print(f"{name:<22} {outcome}  fit {figures['fit_s']:.1f} s")
    return figures


def _report(
    results: dict[str, dict[str, float]],
    estimators: dict[str, Pipeline],
    test: Bunch,
    console: Console,
) -> None:
    frame = tabulate(results)
    table = Table(box=box.SIMPLE)
    table.add_column("model", no_wrap=True)
    for title, _ in _COLUMNS.values():
        table.add_column(title, justify="right")
    for name, row in frame.iterrows():
        cells = [
            "-" if np.isnan(row[column]) else form.format(row[column])
            for column, (_, form) in _COLUMNS.items()
        ]
        table.add_row(str(name), *cells)
    console.print(table)
    best = frame.index[0]
    report = classification_report(
        test.target,
        estimators[best].predict(test.data),
        target_names=CLASS_NAMES,
        digits=3,
    )
    console.print(f"{best}, by category:\n\n{report}", highlight=False)


if __name__ == "__main__":
    sys.exit(main())
