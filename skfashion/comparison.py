"""Any scikit-learn classifiers on one data set, in one table; the classical ones."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.metrics import accuracy_score, f1_score, log_loss
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline

from skfashion.preprocessing import PixelScaler

__all__ = ["Evaluation", "compare", "evaluate", "make_baselines", "tabulate"]


@dataclass(frozen=True)
class Evaluation:
    """A classifier fitted, and what it gave for test data.

    Parameters
    ----------
    estimator : scikit-learn classifier
        Fitted.
    figures : dict of str to float
        "accuracy"; "macro_f1", the unweighted mean of the classes' F1; "log_loss",
        NaN where the classifier has no ``predict_proba``; "fit_s", seconds of
        ``fit``; "predict_us", microseconds an image of ``predict`` on all test
        images at once.
    predicted : ndarray of shape (n_test,)
        Labels that it predicts.
    probabilities : ndarray of shape (n_test, n_classes) or None
        Of the sorted classes; None where the classifier has no ``predict_proba``.

    See Also
    --------
    evaluate : Makes one.
    tabulate : Puts several into one table.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from skfashion.comparison import evaluate
    >>> result = evaluate(DummyClassifier(), [[0], [1]], [0, 1], [[0], [1]], [0, 1])
    >>> sorted(result.figures)
    ['accuracy', 'fit_s', 'log_loss', 'macro_f1', 'predict_us']
    >>> result.probabilities.shape
    (2, 2)
    """

    estimator: Any
    figures: dict[str, float]
    predicted: np.ndarray
    probabilities: np.ndarray | None


def evaluate(
    estimator: Any, X_train: Any, y_train: Any, X_test: Any, y_test: Any
) -> Evaluation:
    """Fit a classifier and measure it on test data.

    Parameters
    ----------
    estimator : scikit-learn classifier
        Fitted in place.
    X_train : array-like of shape (n_train, ...)
        Images to fit on.
    y_train : array-like of shape (n_train,)
        Their labels.
    X_test : array-like of shape (n_test, ...)
        Images to measure on, of the same kind.
    y_test : array-like of shape (n_test,)
        Their labels.

    Returns
    -------
    Evaluation
        Its figures, and the predictions that they are of.

    See Also
    --------
    compare : Does so for several, in one table.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from skfashion import load_fashion_sample
    >>> from skfashion.comparison import evaluate
    >>> train = load_fashion_sample(subset="train", return_X_y=True)
    >>> test = load_fashion_sample(subset="test", return_X_y=True)
    >>> guess = evaluate(DummyClassifier(), *train, *test)
    >>> guess.predicted.shape, guess.probabilities.shape
    ((500,), (500, 10))
    """
    start = time.perf_counter()
    estimator.fit(X_train, y_train)
    fitted = time.perf_counter()
    predicted = estimator.predict(X_test)
    done = time.perf_counter()
    loss, probabilities = np.nan, None
    if hasattr(estimator, "predict_proba"):
        probabilities = estimator.predict_proba(X_test)
        loss = log_loss(y_test, probabilities, labels=estimator.classes_)
    figures = {
        "accuracy": accuracy_score(y_test, predicted),
        "macro_f1": f1_score(y_test, predicted, average="macro"),
        "log_loss": loss,
        "fit_s": fitted - start,
        "predict_us": (done - fitted) / len(y_test) * 1e6,
    }
    return Evaluation(estimator, figures, predicted, probabilities)


def compare(
    estimators: Mapping[str, Any], X_train: Any, y_train: Any, X_test: Any, y_test: Any
) -> pd.DataFrame:
    """Fit several classifiers and measure each on the same test data.

    Parameters
    ----------
    estimators : mapping of str to scikit-learn classifier
        Fitted in place, in this order, so that they can be used afterwards.
    X_train : array-like of shape (n_train, ...)
        Images to fit on.
    y_train : array-like of shape (n_train,)
        Their labels.
    X_test : array-like of shape (n_test, ...)
        Images to measure on, of the same kind.
    y_test : array-like of shape (n_test,)
        Their labels.

    Returns
    -------
    pandas.DataFrame
        One row an estimator, most accurate first, with the figures of
        `Evaluation` as columns.

    See Also
    --------
    evaluate : Measures one, and keeps its predictions.
    make_baselines : Classical classifiers to compare with.
    skfashion.report.comparison_page : Makes a page of what was compared.

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
    data = X_train, y_train, X_test, y_test
    return tabulate({name: evaluate(e, *data) for name, e in estimators.items()})


def tabulate(results: Mapping[str, Evaluation]) -> pd.DataFrame:
    """Put the results of `evaluate` into one table.

    Parameters
    ----------
    results : mapping of str to Evaluation
        By the name of the estimator.

    Returns
    -------
    pandas.DataFrame
        One row an estimator, most accurate first.

    See Also
    --------
    compare : Fits, measures and tabulates in one go.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from skfashion.comparison import evaluate, tabulate
    >>> data = [[0], [1]], [0, 1], [[0], [1]], [0, 1]
    >>> table = tabulate({"guess": evaluate(DummyClassifier(), *data)})
    >>> table.index.tolist(), table.index.name
    (['guess'], 'model')
    """
    figures = {name: result.figures for name, result in results.items()}
    table = pd.DataFrame.from_dict(figures, orient="index")
    return table.rename_axis("model").sort_values("accuracy", ascending=False)


def make_baselines(random_state: Any = None) -> dict[str, Pipeline]:
    """Make the classical classifiers that the networks are compared with.

    Each starts from raw pixels and takes a minute or less on all 60,000 images
    with two cores; none is tuned further.

    Parameters
    ----------
    random_state : int, numpy.random.RandomState or None, default=None
        Seed of those that draw random numbers.

    Returns
    -------
    dict of str to sklearn.pipeline.Pipeline
        Unfitted pipelines by the name of their method.

    See Also
    --------
    compare : Puts them into one table.

    Examples
    --------
    >>> from skfashion.comparison import make_baselines
    >>> for name in make_baselines():
    ...     print(name)
    Logistic regression
    Linear SVM
    k nearest neighbours
    Random forest
    Gradient boosting
    """
    seeded = {"random_state": random_state}
    methods = {
        "Logistic regression": [
            _FewColumns(150),
            LogisticRegression(max_iter=300, tol=1e-3),
        ],
        "Linear SVM": [
            _FewColumns(150),
            SGDClassifier(loss="hinge", average=True, n_jobs=-1, **seeded),
        ],
        "k nearest neighbours": [_FewColumns(50), KNeighborsClassifier(n_neighbors=5)],
        "Random forest": [RandomForestClassifier(n_jobs=-1, **seeded)],
        "Gradient boosting": [
            _FewColumns(50),
            HistGradientBoostingClassifier(max_iter=60, **seeded),
        ],
    }
    return {
        name: make_pipeline(PixelScaler(flatten=True), *steps)
        for name, steps in methods.items()
    }


class _FewColumns(TransformerMixin, BaseEstimator):
    """PCA of so many columns, or of as many as there are.

    50 hold 86% of the variance of Fashion-MNIST, 150 94%.
    """

    def __init__(self, n_components: int) -> None:
        self.n_components = n_components

    def fit(self, X: Any, y: Any = None) -> "_FewColumns":  # noqa: ARG002
        n_components = min(self.n_components, *X.shape)
        self.pca_ = PCA(n_components, svd_solver="covariance_eigh").fit(X)
        return self

    def transform(self, X: Any) -> Any:
        return self.pca_.transform(X)
