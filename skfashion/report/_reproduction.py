"""The page on named set-ups, published ones beside their reports."""

from collections.abc import Sequence

from sklearn.utils import Bunch

from skfashion.recipes import (
    RECIPES,
    Measured,
    Run,
    against_published,
    get_recipe,
    summarize,
)
from skfashion.report import _parts
from skfashion.report._page import Page, Section, Table

_SUMMARY = {
    "accuracy": ("test accuracy", "{:.4f}"),
    "deviation": ("deviation", "{:.4f}"),
    "loss": ("test loss", "{:.3f}"),
    "seconds": ("fit seconds", "{:.1f}"),
    "weights": ("weights", "{:,.0f}"),
    "seeds": ("seeds", "{:.0f}"),
}


def summary_table(runs: Sequence[Measured]) -> Table:
    """Make the table that sums runs up, one row a recipe.

    Parameters
    ----------
    runs : sequence of Measured
        Of any recipes, each by as many seeds.

    Returns
    -------
    Table
        As the page shows it and ``reproduce`` prints it.

    See Also
    --------
    skfashion.recipes.summarize : The same as a data frame.
    published_tables : Goes into every number that was published.

    Examples
    --------
    >>> from skfashion.recipes import Measured
    >>> figures = {"test accuracy": 0.87, "test loss": 0.4}
    >>> figures |= {"weights": 25_450, "epochs": 10}
    >>> run = Measured("dense-32", seed=0, seconds=9.0, figures=figures)
    >>> from skfashion.report import summary_table
    >>> summary_table([run]).title
    'Test accuracy, time and size'
    """
    return _parts.figures_table(
        "Test accuracy, time and size",
        summarize(runs),
        _SUMMARY,
        "Mean test accuracy and its standard deviation over the seeds, mean test loss "
        "(cross-entropy in nats), median seconds of fit.",
    )


def published_tables(runs: Sequence[Measured]) -> dict[str, Table]:
    """Make the tables of what was published and measured.

    Parameters
    ----------
    runs : sequence of Measured
        Of any recipes.

    Returns
    -------
    dict of str to Table
        By the name of the recipe, one row a published number, as the page shows them
        and ``reproduce`` prints them.

    See Also
    --------
    skfashion.recipes.against_published : The same as one data frame.

    Examples
    --------
    >>> from skfashion.recipes import Measured
    >>> figures = {"test accuracy": 0.87, "test loss": 0.4}
    >>> figures |= {"weights": 25_450, "epochs": 10}
    >>> run = Measured("dense-32", seed=0, seconds=9.0, figures=figures)
    >>> from skfashion.report import published_tables
    >>> list(published_tables([run]))
    ['dense-32']
    """
    tables = {}
    for name, rows in against_published(runs).groupby("recipe", sort=False):
        recipe = get_recipe(str(name))
        unsaid = [f"{what}: {chosen}" for what, chosen in recipe.unsaid.items()]
        rows = rows.assign(
            measured=rows["shown"].mask(rows["measured"].isna()),
            met=rows["met"].map({True: "yes", False: "no"}),
        )
        rows = rows.rename(columns={"remark": "likely reason"}).set_index("quantity")
        frame = rows[["published", "measured", "met", "likely reason"]]
        choice = f"Left unsaid by the report, so our choice: {'; '.join(unsaid)}."
        note = " ".join([choice, *recipe.remarks])
        tables[str(name)] = Table(f"{name}: {recipe.network}", frame, note=note)
    return tables


def reproduction_page(runs: Sequence[Run], train: Bunch, test: Bunch) -> Page:
    """Make the page on runs of recipes.

    Parameters
    ----------
    runs : sequence of Run
        One or more; figures are of each recipe's first.
    train : Bunch
        What they were trained on, as ``fetch_fashion_mnist`` returns it.
    test : Bunch
        What they were measured on.

    Returns
    -------
    Page
        To be rendered or written.

    See Also
    --------
    write : Writes it to a file.
    comparison_page : The page on any classifiers.
    skfashion.recipes.run_recipe : Gives the runs.

    Examples
    --------
    >>> from skfashion import load_fashion_sample
    >>> from skfashion.recipes import run_recipe
    >>> train, test = load_fashion_sample(), load_fashion_sample(subset="test")
    >>> run = run_recipe("dense-32", train, test, epochs=1)
    >>> from skfashion.report import reproduction_page
    >>> reproduction_page([run], train, test).title
    'Named set-ups on Fashion-MNIST'
    """
    summary, published = summarize(runs), against_published(runs)
    firsts = {run.name: run for run in reversed(runs)}
    firsts = {name: firsts[name] for name in RECIPES if name in firsts}
    best = summary["accuracy"].idxmax()
    lead = [
        f"{_counted(len(summary), 'named set-up')}, trained on Fashion-MNIST with "
        f"{_counted(int(summary['seeds'].max()), 'seed')} each. The most accurate is "
        f"{best}: {summary.loc[best, 'accuracy']:.2%} of the {len(test.target):,} test "
        f"images are recognised."
    ]
    facts = [(f"test accuracy of {best}", f"{summary.loc[best, 'accuracy']:.2%}")]
    beside = []
    if len(published):
        met = f"{published['met'].eq(True).sum()} of {published['met'].notna().sum()}"
        lead[0] += f" {met} published numbers are met."
        facts.append(("published numbers met", met))
        beside.append(
            Section(
                "Published and measured",
                [
                    "A number is met where the mean over the seeds is as good as the "
                    "published one, as far as that was printed."
                ],
                list(published_tables(runs).values()),
            )
        )
    epochs = {run.name: int(run.figures["epochs"]) for run in runs}
    cut = [name for name in epochs if epochs[name] != _epochs_of(name)]
    if cut:
        told = ", ".join(f"{name} {epochs[name]} of {_epochs_of(name)}" for name in cut)
        lead.append(f"Not trained for as many epochs as in the reports: {told}.")
    pipelines = {name: run.pipeline for name, run in firsts.items()}
    predictions = {name: run.probabilities.argmax(1) for name, run in firsts.items()}
    shown = firsts[best]
    return Page(
        title="Named set-ups on Fashion-MNIST",
        lead=lead,
        facts=[
            *facts,
            ("runs", str(len(runs))),
            ("seconds of training", f"{sum(run.seconds for run in runs):.0f}"),
        ],
        sections=[
            _parts.summary(summary_table(runs), predictions, test),
            *beside,
            _parts.training(pipelines),
            _parts.closer_look(best, test, predictions[best], shown.probabilities),
            _parts.learned(_one_of_each(pipelines)),
            _parts.images(train),
        ],
        versions=_parts.made_with(),
    )


def _epochs_of(name: str) -> int:
    return get_recipe(name).parameters["epochs"]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _one_of_each(pipelines: dict) -> dict:
    """Choose the smallest dense network, whose units all fit, and a CNN."""

    def size(name: str) -> int:
        return pipelines[name]["clf"].model_.count_params()

    largest_first = sorted(pipelines, key=size, reverse=True)
    smallest = {type(pipelines[name]["clf"]): name for name in largest_first}
    return {name: pipelines[name] for name in pipelines if name in smallest.values()}
