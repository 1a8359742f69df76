"""The five published set-ups, here and in plain Keras, by the same seeds.

Trains each on all the data, the two taking turns, and writes docs/recipes.md. What
was measured is kept in reproduction.json at once, so that an interrupted run can be
gone on with: what is there already is not measured again, unless --anew is given.
"""

import argparse
import itertools
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.recipes.page import to_markdown
from benchmarks.recipes.tutorials import TUTORIALS
from benchmarks.shared import machine
from skfashion import fetch_fashion_mnist
from skfashion.recipes import RECIPES, Measured, measure, run_recipe

RESULTS = Path(__file__).with_name("reproduction.json")
PAGE = Path(__file__).parents[2] / "docs" / "recipes.md"
_SIDES = ("plain Keras", "skfashion")


def main() -> None:
    """Run the command line."""
    args = _arguments()
    console = Console()
    stored: dict[str, Any] = {"runs": []}
    if RESULTS.exists() and not args.anew:
        stored = json.loads(RESULTS.read_text())
    if not args.page_only:
        # Here first, for it starts TensorFlow without its notices.
        from skfashion._backend import trainer  # noqa: F401

        stored["machine"] = machine.describe()
        train, test = fetch_fashion_mnist(), fetch_fashion_mnist(subset="test")
        for name, seed, side in _missing(stored["runs"], args):
            with console.status(f"{name}, seed {seed}, {side}"):
                if side == "skfashion":
                    run = run_recipe(name, train, test, seed=seed)
                    done = Measured(run.name, run.seed, run.seconds, run.figures)
                else:
                    done = _in_keras(name, train, test, seed)
            stored["runs"].append({"side": side, **asdict(done)})
            RESULTS.write_text(json.dumps(stored, indent=1) + "\n")
            console.print(
                f"{name}, seed {seed}, {side}: test accuracy "
                f"{done.figures['test accuracy']:.4f}, {done.seconds:.0f} s",
                highlight=False,
            )
    PAGE.write_text(to_markdown(stored))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help="recipes (default: all)")
    add("--seeds", type=int, default=3, help="seeds of each (default: 3)")
    add("--anew", action="store_true", help="forget what was measured before")
    add("--page-only", action="store_true", help="write the page from what is stored")
    args = parser.parse_args()
    unknown = set(args.names) - set(RECIPES)
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: not among {', '.join(RECIPES)}")
    return args


def _missing(
    runs: list[dict[str, Any]], args: argparse.Namespace
) -> list[tuple[str, int, str]]:
    there = {(run["name"], run["seed"], run["side"]) for run in runs}
    names = [name for name in RECIPES if name in (args.names or RECIPES)]
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
