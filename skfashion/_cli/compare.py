"""``skfashion compare``: both networks beside the classical baselines."""

import argparse
from typing import Any

from rich.console import Console
from rich.progress import Progress
from sklearn.metrics import classification_report
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils import Bunch

from skfashion import report
from skfashion._cli import shared
from skfashion.comparison import Evaluation, evaluate, make_baselines, tabulate
from skfashion.neural_network import FashionCNNClassifier, FashionMLPClassifier
from skfashion.persistence import save
from skfashion.preprocessing import PixelScaler


def add_to(commands: Any) -> None:
    """Add this command to the command line."""
    parser = commands.add_parser(
        "compare",
        parents=[shared.data_options()],
        help="train both networks and the classical baselines; print one table",
    )
    add = parser.add_argument
    add(
        "--quick", action="store_true", help="6,000 training and 2,000 test images only"
    )
    add(
        "--seed",
        type=shared.whole_number(0),
        default=0,
        help="random_state of every model (default: 0)",
    )
    shared.add_folder(parser, "--out", "a page with figures, and the fitted networks,")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, console: Console) -> None:
    if options.out:
        report.require()
        shared.prepare("--out", options.out)
    train = shared.load("train", options)
    test = shared.load("test", options)
    console.print(
        f"Fashion-MNIST: {len(train.data):,} training images, "
        f"{len(test.data):,} test images"
    )
    with console.status("Starting TensorFlow"):
        estimators = _estimators(options.seed)
    results: dict[str, Evaluation] = {}
    try:
        with shared.make_progress(console) as progress:
            for name, estimator in estimators.items():
                results[name] = _evaluate(name, estimator, train, test, progress)
                if options.out and hasattr(estimator[-1], "history_"):
                    # At once, for what comes next may be interrupted.
                    path = options.out / f"{name}.skfashion"
                    save(estimator, path, class_names=train.target_names)
    finally:
        # Interrupted, it still shows what it has.
        if results:
            _report(results, test, console)
            if options.out:
                page = report.comparison_page(results, train, test)
                shared.write_page(page, options.out / "compare.html", console)


def _estimators(seed: int) -> dict[str, Pipeline]:
    # Loaded here, so that its seconds are not counted as those of the first fit.
    from skfashion._backend import trainer  # noqa: F401

    mlp = make_pipeline(PixelScaler(), FashionMLPClassifier(random_state=seed))
    cnn = make_pipeline(PixelScaler(), FashionCNNClassifier(random_state=seed))
    networks = {"FashionMLPClassifier": mlp, "FashionCNNClassifier": cnn}
    return make_baselines(seed) | networks


def _evaluate(
    name: str, estimator: Pipeline, train: Bunch, test: Bunch, progress: Progress
) -> Evaluation:
    classifier = estimator[-1]
    epochs = getattr(classifier, "epochs", None)
    task = progress.add_task(name, total=epochs, outcome="")
    if epochs is not None:
        classifier.set_params(callbacks=[shared.ticker(progress, task)])
    result = evaluate(estimator, train.data, train.target, test.data, test.target)
    if epochs is not None:
        # It belongs to the terminal, not to what may be saved.
        classifier.set_params(callbacks=None)
    outcome = f"test accuracy {result.figures['accuracy']:.4f}"
    progress.update(task, total=epochs or 1, completed=epochs or 1, outcome=outcome)
    if progress.disable:
        seconds = result.figures["fit_s"]
        progress.console.print(f"{name:<22} {outcome}  fit {seconds:.1f} s")
    return result


def _report(results: dict[str, Evaluation], test: Bunch, console: Console) -> None:
    table = report.comparison_table(tabulate(results))
    shared.print_table(console, table)
    best = table.frame.index[0]
    by_category = classification_report(
        test.target, results[best].predicted, target_names=test.target_names, digits=3
    )
    console.print(f"{best}, by category:\n\n{by_category}")
