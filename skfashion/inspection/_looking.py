"""What an estimator gives to look into: its classifier, its images, a network.

The estimator is not touched: the network is built anew from its values.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.frozen import FrozenEstimator
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from skfashion._utils.processes import refuse_after_fork
from skfashion.exceptions import ParameterError
from skfashion.neural_network._base import BaseFashionClassifier

if TYPE_CHECKING:
    from skfashion._backend.probe import Probe

__all__ = ["PART", "classifier_of", "is_frozen", "make_probe", "rows_of"]

# Images that a network is given at once.
PART = 256


def classifier_of(estimator: Any) -> BaseFashionClassifier:
    """Find the classifier of this package that an estimator is, or ends in.

    Raises
    ------
    ParameterError
        If there is none.
    """
    last = estimator
    while isinstance(last, Pipeline | FrozenEstimator):
        if isinstance(last, FrozenEstimator):
            last = last.estimator
        else:
            last = last.steps[-1][1] if last.steps else None
    if not isinstance(last, BaseFashionClassifier):
        raise ParameterError(
            f"estimator={estimator!r:.80} must be a classifier of skfashion, or a "
            "pipeline that ends in one."
        )
    return last


def is_frozen(estimator: Any) -> bool:
    """Whether a fit leaves the classifier as it is."""
    while isinstance(estimator, Pipeline):
        estimator = estimator.steps[-1][1]
    return isinstance(estimator, FrozenEstimator)


def rows_of(estimator: Any, X: Any) -> np.ndarray:
    """Have a fitted estimator check and prepare images, as for a prediction.

    Parameters
    ----------
    estimator : fitted classifier, or pipeline that ends in one
        It is not changed.
    X : array-like
        Images, as they come to the estimator.

    Returns
    -------
    ndarray of shape (n, n_features)
        Rows of pixels, as they come to the network.

    Raises
    ------
    NotFittedError
        If the classifier is not fitted.
    """
    check_is_fitted(classifier_of(estimator))
    while isinstance(estimator, Pipeline | FrozenEstimator):
        if isinstance(estimator, FrozenEstimator):
            estimator = estimator.estimator
            continue
        if len(estimator.steps) > 1:
            X = estimator[:-1].transform(X)
        estimator = estimator[-1]
    return estimator._rows_to_predict(X)


def make_probe(classifier: BaseFashionClassifier) -> "Probe":
    """Build the network of a fitted classifier anew, to be looked into.

    Parameters
    ----------
    classifier : fitted classifier
        It is not changed.

    Returns
    -------
    Probe
        Of the weights that the classifier has now.
    """
    refuse_after_fork()
    from skfashion._backend.global_state import untouched
    from skfashion._backend.probe import Probe

    network = classifier._fitted_network
    config = network.config
    with untouched():
        model = config.build(network.values)
        one = np.zeros((1, config.n_features), dtype=np.float32)
        return Probe(model, config.to_inputs(one))
