"""Any scikit-learn classifiers on one data set: one table."""

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, f1_score, log_loss

__all__ = ["compare", "evaluate", "tabulate"]


def evaluate(
    estimator: Any,
    X_train: Any,
    y_train: Any,
    X_test: Any,
    y_test: Any,
) -> dict[str, float]:
    """Fit a classifier and measure it on test data.

    Parameters
    ----------
    estimator : scikit-learn classifier
        Fitted in place.
    X_train, y_train : array-likes
        What it is fitted on.
    X_test, y_test : array-likes
        What it is measured on.

    Returns
    -------
    dict of str to float
        "accuracy"; "macro_f1", the unweighted mean of the classes' F1; "log_loss",
        NaN where the classifier has no ``predict_proba``; "fit_s", seconds of
        ``fit``; "predict_us", microseconds an image of ``predict`` on all test
        images at once.
    """
    start = time.perf_counter()
    estimator.fit(X_train, y_train)
    fitted = time.perf_counter()
    predicted = estimator.predict(X_test)
    done = time.perf_counter()
    loss = np.nan
    if hasattr(estimator, "predict_proba"):
        probabilities = estimator.predict_proba(X_test)
        loss = log_loss(y_test, probabilities, labels=estimator.classes_)
    return {
        "accuracy": accuracy_score(y_test, predicted),
        "macro_f1": f1_score(y_test, predicted, average="macro"),
        "log_loss": loss,
        "fit_s": fitted - start,
        "predict_us": (done - fitted) / len(y_test) * 1e6,
    }


def compare(
    estimators: Mapping[str, Any],
    X_train: Any,
    y_train: Any,
    X_test: Any,
    y_test: Any,
) -> pd.DataFrame:
    """Fit several classifiers and measure each on the same test data.

    Parameters
    ----------
    estimators : mapping of str to scikit-learn classifier
        Fitted in place, in this order, so that they can be used afterwards.
    X_train, y_train : array-likes
        What they are fitted on.
    X_test, y_test : array-likes
        What they are measured on.

    Returns
    -------
    pandas.DataFrame
        One row an estimator, most accurate first, with the columns of
        `evaluate`.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from skfashion import load_fashion_sample
    >>> from skfashion.comparison import compare
    >>> train = load_fashion_sample(subset="train", return_X_y=True)
    >>> test = load_fashion_sample(subset="test", return_X_y=True)
    >>> table = compare({"guess": DummyClassifier()}, *train, *test)
    >>> list(table.columns)
    ['accuracy', 'macro_f1', 'log_loss', 'fit_s', 'predict_us']
    """
    return tabulate(
        {
            name: evaluate(estimator, X_train, y_train, X_test, y_test)
            for name, estimator in estimators.items()
        }
    )


def tabulate(results: Mapping[str, Mapping[str, float]]) -> pd.DataFrame:
    """Put the results of `evaluate` into one table.

    Parameters
    ----------
    results : mapping of str to mapping of str to float
        Figures by the name of the estimator.

    Returns
    -------
    pandas.DataFrame
        One row an estimator, most accurate first.
    """
    table = pd.DataFrame.from_dict(results, orient="index")
    return table.rename_axis("model").sort_values("accuracy", ascending=False)
