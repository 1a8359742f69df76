"""The page on any classifiers, compared."""

from collections.abc import Mapping

import pandas as pd
from sklearn.utils import Bunch

from skfashion.comparison import Evaluation, tabulate
from skfashion.report import _parts
from skfashion.report._page import Page, Table

_COLUMNS = {
    "accuracy": ("test accuracy", "{:.4f}"),
    "macro_f1": ("macro F1", "{:.4f}"),
    "log_loss": ("log loss", "{:.3f}"),
    "fit_s": ("fit seconds", "{:.1f}"),
    "predict_us": ("predict µs/image", "{:.1f}"),
}


def comparison_table(table: pd.DataFrame) -> Table:
    """Make the table of a comparison, as the page shows it and ``compare`` prints it.

    Parameters
    ----------
    table : pandas.DataFrame
        As ``skfashion.comparison.compare`` or ``tabulate`` returns it.

    Returns
    -------
    Table
        With headings in words, one row a model.

    See Also
    --------
    comparison_page : Makes the whole page.
    skfashion.comparison.compare : Measures the models.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.pipeline import make_pipeline
    >>> from skfashion import load_fashion_sample
    >>> from skfashion.comparison import evaluate, tabulate
    >>> from skfashion.report import comparison_table
    >>> train, test = load_fashion_sample(), load_fashion_sample(subset="test")
    >>> data = train.data, train.target, test.data, test.target
    >>> results = {"guess": evaluate(make_pipeline(DummyClassifier()), *data)}
    >>> table = comparison_table(tabulate(results))
    >>> [heading for heading, _, _ in table.columns()][:3]
    ['model', 'test accuracy', 'macro F1']
    """
    return _parts.figures_table(
        "The models",
        table,
        _COLUMNS,
        "Test accuracy, unweighted mean of the categories' F1, cross-entropy in nats "
        "(where a model has probabilities), seconds of fit, microseconds of predict "
        "an image.",
    )


def comparison_page(
    results: Mapping[str, Evaluation], train: Bunch, test: Bunch
) -> Page:
    """Make the page on a comparison.

    Parameters
    ----------
    results : mapping of str to Evaluation
        What ``skfashion.comparison.evaluate`` returned for pipelines, by name.
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
    reproduction_page : The page on named set-ups.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.pipeline import make_pipeline
    >>> from skfashion import load_fashion_sample
    >>> from skfashion.comparison import evaluate
    >>> from skfashion.report import comparison_page
    >>> train, test = load_fashion_sample(), load_fashion_sample(subset="test")
    >>> data = train.data, train.target, test.data, test.target
    >>> results = {"guess": evaluate(make_pipeline(DummyClassifier()), *data)}
    >>> comparison_page(results, train, test).title
    'Models compared on Fashion-MNIST'
    """
    table = tabulate(results)
    best, accuracy = table.index[0], table["accuracy"].iloc[0]
    predictions = {name: results[name].predicted for name in table.index}
    estimators = {name: results[name].estimator for name in table.index}
    networks = {n: e for n, e in estimators.items() if hasattr(e[-1], "history_")}
    sections = [_parts.summary(comparison_table(table), predictions, test)]
    if networks:
        sections += [_parts.training(networks), _parts.learned(networks)]
    probabilities = results[best].probabilities
    return Page(
        title="Models compared on Fashion-MNIST",
        lead=[
            f"{len(table)} models, trained on {len(train.target):,} images and "
            f"measured on {len(test.target):,}. The most accurate is {best}: it "
            f"recognises {accuracy:.2%} of the test images."
        ],
        facts=[
            ("most accurate", str(best)),
            ("its test accuracy", f"{accuracy:.2%}"),
            ("training images", f"{len(train.target):,}"),
            ("test images", f"{len(test.target):,}"),
        ],
        sections=[
            *sections,
            _parts.closer_look(str(best), test, predictions[best], probabilities),
            _parts.images(train),
        ],
        versions=_parts.made_with(),
    )
