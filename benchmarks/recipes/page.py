"""The page on the five published set-ups: every number comes from the results."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.shared.markdown import table, verdict
from skfashion.recipes import RECIPES, Measured, Recipe, against_published, summarize

__all__ = ["to_markdown"]

# Categories in which the report on the CNN found it ahead by most.
_HARD = ("T-shirt/top", "Pullover", "Coat", "Shirt")
# By how many times a recipe has to be faster than plain Keras, whole.
_TIMES_FASTER = {"dropout": 7}

_PAGE = """\
# The five published set-ups

Do published networks reach here what their reports say, and what plain Keras does?

Written by `python -m benchmarks.recipes.reproduce` on {date}; do not edit. Each set-up
is one recipe, `skfashion.recipes.make_pipeline(NAME, random_state=0)`, and one function
in plain Keras as a tutorial would write it (`benchmarks/recipes/tutorials.py`). Both
train on the same images by the same {seeds} seeds, without scheduling, augmentation or
early stopping, and are measured at the last epoch on the 10,000 test images. `±` is the
standard deviation over the seeds.

`python -m skfashion reproduce` trains the recipes and shows the same tables for one
seed or more; with `--out DIR` it writes a page with figures.

## Test accuracy and time

{summary}

Seconds are medians of `fit`, or of the tutorial's whole function, the two taking turns
on {machine}.

## Where the CNN helps

The four categories that are hardest to tell apart, in percent, mean over the seeds.
Accuracy is the part of a category's images that is recognised, as the report has it; it
rises for one of these and falls for another from seed to seed, as a network leans
towards the one or the other. F1 counts what is wrongly taken for the category too.

skfashion:

{hard}

Plain Keras:

{hard_in_keras}

## Each beside its report

A published number is met where the mean over the seeds is as good, as far as was
printed. What plain Keras gives for the same set-up stands beside it.

{recipes}"""


def to_markdown(stored: dict[str, Any]) -> str:
    """Write the page from stored runs."""
    ours, keras = (
        [
            Measured(**{key: value for key, value in run.items() if key != "side"})
            for run in stored["runs"]
            if run["side"] == side
        ]
        for side in ("skfashion", "plain Keras")
    )
    compared, theirs = against_published(ours), against_published(keras)
    compared["plain Keras"] = theirs["shown"]
    here = stored["machine"]
    return _PAGE.format(
        date=here["date"],
        machine=f"{here['processor']}, {here['cores']} cores",
        seeds=summarize(ours)["seeds"].min(),
        summary=_summary(summarize(ours), summarize(keras)),
        hard=_hard(ours),
        hard_in_keras=_hard(keras),
        recipes="\n\n".join(
            _recipe(RECIPES[name], rows)
            for name, rows in compared.groupby("recipe", sort=False)
        )
        + "\n",
    )


def _summary(ours: pd.DataFrame, keras: pd.DataFrame) -> str:
    rows = []
    for name, own in ours.iterrows():
        other, least = keras.loc[name], _TIMES_FASTER.get(name)
        faster = other.seconds / own.seconds
        published = RECIPES[str(name)].published
        (printed,) = (p.printed for p in published if p.quantity == "test accuracy")
        rows.append(
            {
                "recipe": f"`{name}`",
                "weights": f"{own.weights:,.0f}",
                "published": printed,
                "skfashion": f"{own.accuracy:.4f} ± {own.deviation:.4f}",
                "plain Keras": f"{other.accuracy:.4f} ± {other.deviation:.4f}",
                "difference": f"{own.accuracy - other.accuracy:+.4f}",
                "loss, skfashion": f"{own.loss:.3f}",
                "loss, plain Keras": f"{other.loss:.3f}",
                "s, skfashion": f"{own.seconds:.1f}",
                "s, plain Keras": f"{other.seconds:.1f}",
                "times faster": f"{faster:.1f}",
                "required": f"at least {least}" if least else "",
                "reached": verdict(faster >= least) if least else "",
            }
        )
    return table([*rows[0]], (row.values() for row in rows))


def _hard(runs: Sequence[Measured]) -> str:
    def mean(recipe: str, quantity: str) -> float:
        own = [run.figures[quantity] for run in runs if run.name == recipe]
        return float(np.mean(own))

    rows = []
    for category in _HARD:
        cells = [category]
        for score in ("accuracy", "F1"):
            cnn, dense = (
                100 * mean(recipe, f"{score}, {category}")
                for recipe in ("cnn", "sgd-300-100")
            )
            cells += [f"{cnn:.1f}", f"{dense:.1f}", f"{cnn - dense:+.1f}"]
        rows.append(cells)
    head = ("category", "accuracy, cnn", "sgd-300-100", "difference")
    return table((*head, "F1, cnn", "sgd-300-100", "difference"), rows)


def _recipe(recipe: Recipe, rows: pd.DataFrame) -> str:
    met = rows["met"].map({True: "yes", False: "no"}).fillna("-")
    shown = rows.assign(met=met)[
        ["quantity", "published", "shown", "plain Keras", "met", "remark"]
    ]
    beside = table(
        ("quantity", "published", "skfashion", "plain Keras", "met", "likely reason"),
        shown.itertuples(index=False),
    )
    unsaid = "; ".join(f"{what}: {chosen}" for what, chosen in recipe.unsaid.items())
    remarks = "".join(f" {remark}" for remark in recipe.remarks)
    return (
        f"### `{recipe.name}`\n\n{recipe.network}. Left unsaid by the report, so our "
        f"choice: {unsaid}.{remarks}\n\n{beside}"
    )
