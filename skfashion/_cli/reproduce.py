"""``skfashion reproduce``: named set-ups, published ones beside their reports."""

import argparse
import itertools
from dataclasses import replace
from typing import Any

from rich.console import Console
from rich.progress import Progress
from sklearn.utils import Bunch

from skfashion import report
from skfashion._cli import shared
from skfashion._utils.extras import extra
from skfashion.persistence import save
from skfashion.recipes import PUBLISHED, RECIPES, Run, describe, get_recipe, run_recipe


def add_to(commands: Any) -> None:
    """Add this command to the command line."""
    parser = commands.add_parser(
        "reproduce",
        parents=[shared.data_options()],
        help="train named set-ups; print published beside measured",
    )
    add = parser.add_argument
    add(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"{', '.join(RECIPES)} (default: the published ones, {len(PUBLISHED)})",
    )
    add("--list", action="store_true", help="describe the recipes and train nothing")
    add(
        "--seeds",
        type=shared.whole_number(1, 1000),
        default=1,
        metavar="N",
        help="train each with random_state 0 to N-1 (default: 1)",
    )
    add(
        "--epochs",
        type=shared.whole_number(1, 10_000),
        metavar="N",
        help="in place of each recipe's own",
    )
    what = "a page with figures, and the fitted pipelines,"
    shared.add_folder(parser, "--out", what)
    shared.add_folder(parser, "--tensorboard", "logs for TensorBoard")
    parser.set_defaults(run=_run, quick=False)


def _run(options: argparse.Namespace, console: Console) -> None:
    names = list(dict.fromkeys(options.names)) or list(PUBLISHED)
    for name in names:
        get_recipe(name)
    if options.list:
        for name in options.names or RECIPES:
            console.print(describe(name), end="\n\n")
        return
    if options.out:
        report.require()
        shared.prepare("--out", options.out)
    if options.tensorboard:
        with extra("tensorboard", "--tensorboard"):
            import tensorboard  # type: ignore[import-untyped]  # noqa: F401
        shared.prepare("--tensorboard", options.tensorboard)
    train, test = shared.load("train", options), shared.load("test", options)
    with console.status("Starting TensorFlow"):
        from skfashion._backend import trainer  # noqa: F401
    runs: list[Run] = []
    try:
        with shared.make_progress(console) as progress:
            for name, seed in itertools.product(names, range(options.seeds)):
                # One by one, for what is there when it is interrupted.
                runs += [_train(name, seed, train, test, options, progress)]
    finally:
        # Interrupted, it still shows what it has.
        if runs:
            _report(runs, console)
            if options.out:
                page = report.reproduction_page(runs, train, test)
                shared.write_page(page, options.out / "reproduce.html", console)


def _train(
    name: str,
    seed: int,
    train: Bunch,
    test: Bunch,
    options: argparse.Namespace,
    progress: Progress,
) -> Run:
    epochs = options.epochs or get_recipe(name).parameters["epochs"]
    label = name if options.seeds == 1 else f"{name}, seed {seed}"
    task = progress.add_task(label, total=epochs, outcome="")
    callbacks = [shared.ticker(progress, task)]
    if options.tensorboard:
        from skfashion._backend.runtime import keras

        folder = options.tensorboard / name / f"seed-{seed}"
        # Without the graph of operations, compiled chunks can train the network.
        callbacks.append(keras.callbacks.TensorBoard(folder, write_graph=False))
    run = run_recipe(name, train, test, seed=seed, epochs=epochs, callbacks=callbacks)
    if options.out and seed == 0:
        # At once, for what comes next may be interrupted.
        path = options.out / f"{name}.skfashion"
        save(run.pipeline, path, class_names=train.target_names)
    outcome = f"test accuracy {run.figures['test accuracy']:.4f}"
    progress.update(task, outcome=outcome)
    if progress.disable:
        progress.console.print(f"{label:<22} {outcome}  fit {run.seconds:.1f} s")
    return run


def _report(runs: list[Run], console: Console) -> None:
    shared.print_table(console, report.summary_table(runs))
    for name, table in report.published_tables(runs).items():
        frame = table.frame.rename_axis(name)
        shown = replace(table, frame=frame.drop(columns="likely reason"))
        shared.print_table(console, shown)
        missed = frame[frame["met"] != "yes"]
        for reason, rows in missed.groupby("likely reason", sort=False):
            numbers = "; ".join(rows.index)
            console.print(f"  {numbers}: {reason}")
