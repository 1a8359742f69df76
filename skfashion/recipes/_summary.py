"""Sums up runs of recipes over their seeds, beside what was published."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from skfashion.recipes._published import Published
from skfashion.recipes._recipes import RECIPES
from skfashion.recipes._reproduction import Measured


def summarize(runs: Sequence[Measured]) -> pd.DataFrame:
    """Sum up recipes over their seeds.

    Parameters
    ----------
    runs : sequence of Measured
        Of any recipes, each by as many seeds.

    Returns
    -------
    pandas.DataFrame
        One row a recipe, in the order of ``RECIPES``: "accuracy", the mean over the
        seeds on the test images; "deviation", their standard deviation; "loss", the
        mean test loss; "seconds", the median of ``fit``; "weights"; "seeds".
    """
    rows = {}
    for name in RECIPES:
        own = [run for run in runs if run.name == name]
        if own:
            accuracy = [run.figures["test accuracy"] for run in own]
            rows[name] = {
                "accuracy": np.mean(accuracy),
                "deviation": _deviation(accuracy),
                "loss": np.mean([run.figures["test loss"] for run in own]),
                "seconds": np.median([run.seconds for run in own]),
                "weights": int(own[0].figures["weights"]),
                "seeds": len(own),
            }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("recipe")


def against_published(runs: Sequence[Measured]) -> pd.DataFrame:
    """Put every published number beside the measured one.

    Parameters
    ----------
    runs : sequence of Measured
        Of any recipes.

    Returns
    -------
    pandas.DataFrame
        One row a published number: "recipe"; "quantity"; "published", as it was
        printed; "measured", the mean over the seeds; "deviation", theirs;
        "shown", both written as the number was printed; "difference" from the
        published value or range; "met", whether the mean is as good, as far as was
        printed, None if there is no number to tell by; "remark", the likely reason
        where it is not.
    """
    rows = []
    for name, recipe in RECIPES.items():
        epochs = recipe.parameters["epochs"]
        own = [
            run.figures | _of_two_hidden_layers(runs, run.seed)
            for run in runs
            if run.name == name
        ]
        for one in recipe.published if own else ():
            values = [figures.get(one.quantity, np.nan) for figures in own]
            mean, deviation = float(np.mean(values)), _deviation(values)
            reason = _reason(one, mean, deviation)
            cut = any(figures["epochs"] != epochs for figures in own)
            # What is exact does not come with training.
            if cut and not (one.better == "equal" and one.remark):
                reason = f"Not trained for {epochs} epochs, as in the report."
            rows.append(
                {
                    "recipe": name,
                    "quantity": one.quantity,
                    "published": one.printed,
                    "measured": mean,
                    "deviation": deviation,
                    "shown": one.show(mean, deviation),
                    "difference": one.difference(mean),
                    "met": one.is_met(mean),
                    "remark": "" if one.is_met(mean) else reason,
                }
            )
    return pd.DataFrame(rows)


def _reason(one: Published, mean: float, deviation: float) -> str:
    """Say why a number is not met, or cannot be."""
    if math.isnan(one.low):
        return "The report gives no number."
    if math.isnan(mean):
        return "Not measured in these runs."
    if abs(one.difference(mean)) <= 2 * deviation:
        return "Within two standard deviations of the seeds."
    return one.remark


def _deviation(values: Sequence[float]) -> float:
    return float(np.std(values, ddof=1)) if len(values) > 1 else math.nan


def _of_two_hidden_layers(runs: Sequence[Measured], seed: int) -> dict[str, float]:
    """Figures of the network that the report on the CNN compares it with."""
    return {
        quantity.replace("accuracy", "accuracy of two hidden layers"): value
        for run in runs
        if (run.name, run.seed) == ("sgd-300-100", seed)
        for quantity, value in run.figures.items()
        if quantity == "test accuracy" or quantity.startswith("accuracy, ")
    }
