"""Sums up runs of recipes over their seeds, beside what was published."""

import math
from collections.abc import Sequence

import pandas as pd

from skfashion.recipes._published import Published
from skfashion.recipes._recipes import RECIPES
from skfashion.recipes._reproduction import Measured

_COLUMNS = [
    "recipe",
    "quantity",
    "published",
    "measured",
    "deviation",
    "shown",
    "difference",
    "met",
    "remark",
]


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

    See Also
    --------
    against_published : Goes into every number that was published.
    run_recipe : Gives the runs.

    Examples
    --------
    >>> from skfashion.recipes import Measured, summarize
    >>> figures = {"test accuracy": 0.87, "test loss": 0.4}
    >>> figures |= {"weights": 25_450, "epochs": 10}
    >>> runs = [Measured("dense-32", seed, 9.0, figures) for seed in (0, 1)]
    >>> summarize(runs)[["weights", "seeds"]]
              weights  seeds
    recipe
    dense-32    25450      2
    """
    table = pd.DataFrame(
        [{"recipe": run.name, "seconds": run.seconds, **run.figures} for run in runs]
    )
    summary = table.groupby("recipe").agg(
        accuracy=("test accuracy", "mean"),
        deviation=("test accuracy", "std"),
        loss=("test loss", "mean"),
        seconds=("seconds", "median"),
        weights=("weights", "first"),
        seeds=("recipe", "size"),
    )
    in_order = [name for name in RECIPES if name in summary.index]
    return summary.loc[in_order].astype({"weights": int})


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

    See Also
    --------
    summarize : A row a recipe.
    describe : Tells what was published in words.

    Examples
    --------
    >>> from skfashion.recipes import Measured, against_published
    >>> figures = {"test accuracy": 0.87, "test loss": 0.4}
    >>> figures |= {"weights": 25_450, "epochs": 10}
    >>> runs = [Measured("dense-32", seed, 9.0, figures) for seed in (0, 1)]
    >>> table = against_published(runs)
    >>> table[["quantity", "published", "met"]].head(1)
      quantity              published   met
    0  weights  25,120 + 330 = 25,450  True
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
            values = pd.Series([figures.get(one.quantity, math.nan) for figures in own])
            mean, deviation = values.mean(skipna=False), values.std(skipna=False)
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
    return pd.DataFrame(rows, columns=_COLUMNS)


def _reason(one: Published, mean: float, deviation: float) -> str:
    """Say why a number is not met, or cannot be."""
    if math.isnan(one.low):
        return "The report gives no number."
    if math.isnan(mean):
        return "Not measured in these runs."
    if abs(one.difference(mean)) <= 2 * deviation:
        return "Within two standard deviations of the seeds."
    return one.remark


def _of_two_hidden_layers(runs: Sequence[Measured], seed: int) -> dict[str, float]:
    """Figures of the network that the report on the CNN compares it with."""
    return {
        quantity.replace("accuracy", "accuracy of two hidden layers"): value
        for run in runs
        if (run.name, run.seed) == ("sgd-300-100", seed)
        for quantity, value in run.figures.items()
        if quantity == "test accuracy" or quantity.startswith("accuracy, ")
    }
