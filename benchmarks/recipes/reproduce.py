"""The five published set-ups, here and in plain Keras, by the same seeds.

Trains each on all the data, the two taking turns, and writes docs/recipes.md. What
was measured is kept in reproduction.json at once, so that an interrupted run can be
gone on with: what is there already is not measured again, unless --anew is given.
"""

import argparse
import itertools
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.recipes.page import to_markdown
from benchmarks.recipes.tutorials import TUTORIALS
from benchmarks.shared import machine
from benchmarks.shared.results import DOCS, Report, say
from skfashion import fetch_fashion_mnist
from skfashion.recipes import Measured, measure, run_recipe

REPORT = Report(
    Path(__file__).with_name("reproduction.json"), DOCS / "recipes.md", to_markdown
)
_SIDES = ("plain Keras", "skfashion")


def main() -> None:
    """Run the command line."""
    parser = REPORT.parser(__doc__, TUTORIALS)
    parser.add_argument("--seeds", type=int, default=3, help="of each (default: 3)")
    args = REPORT.parse(parser)
    stored = REPORT.stored(anew=args.anew)
    runs = stored.setdefault("runs", [])
    if args.only:
        # Here first, for it starts TensorFlow without its notices.
        from skfashion._backend import trainer  # noqa: F401

        stored["machine"] = machine.describe()
        train, test = fetch_fashion_mnist(), fetch_fashion_mnist(subset="test")
    for name, seed, side in _missing(runs, args):
        if side == "skfashion":
            run = run_recipe(name, train, test, seed=seed)
            done = Measured(run.name, run.seed, run.seconds, run.figures)
        else:
            done = _in_keras(name, train, test, seed)
        runs.append({"side": side, **asdict(done)})
        REPORT.keep(stored)
        say(
            f"{name}, seed {seed}, {side}: test accuracy "
            f"{done.figures['test accuracy']:.4f}, {done.seconds:.0f} s"
        )
    REPORT.write_page(stored)


def _missing(
    runs: list[dict[str, Any]], args: argparse.Namespace
) -> list[tuple[str, int, str]]:
    there = {(run["name"], run["seed"], run["side"]) for run in runs}
    names = [name for name in TUTORIALS if name in args.only]
    wanted = itertools.product(names, range(args.seeds), _SIDES)
    return [turn for turn in wanted if turn not in there]


def _in_keras(name: str, train: Any, test: Any, seed: int) -> Measured:
    import keras

    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    start = time.perf_counter()
    model, history, prepare = TUTORIALS[name](train.images, train.target)
    seconds = time.perf_counter() - start
    probabilities = model.predict(prepare(test.images), verbose=0)
    return Measured(name, seed, seconds, measure(model, history, test, probabilities))


if __name__ == "__main__":
    main()
