"""Embedding: what the last hidden layer makes of images, as a transformer."""

from typing import Any, Self

import numpy as np
from sklearn import get_config
from sklearn.base import (
    BaseEstimator,
    ClassNamePrefixFeaturesOutMixin,
    MetaEstimatorMixin,
    TransformerMixin,
    _fit_context,
    clone,
)
from sklearn.utils import Tags, get_tags
from sklearn.utils._param_validation import HasMethods
from sklearn.utils.metadata_routing import (
    MetadataRouter,
    MethodMapping,
    process_routing,
)
from sklearn.utils.validation import check_is_fitted

from skfashion._utils.documentation import DocumentationLinkMixin
from skfashion.exceptions import DataError
from skfashion.inspection._looking import (
    PART,
    classifier_of,
    is_frozen,
    make_probe,
    rows_of,
)

__all__ = ["Embedding"]


class Embedding(
    DocumentationLinkMixin,
    ClassNamePrefixFeaturesOutMixin,
    MetaEstimatorMixin,
    TransformerMixin,
    BaseEstimator,
):
    """Turn images into the values of a network's last hidden layer.

    These values are what the output layer decides by: images that a network takes for
    alike are close to each other. Put it before any other classifier, a clustering, or
    a map such as t-SNE.

    ``fit`` fits a clone of the estimator, as scikit-learn's meta-estimators do, so
    that no image of a test fold takes part in cross-validation. A classifier that is
    fitted already is used as it is when it is frozen:
    ``Embedding(FrozenEstimator(clf)).fit_transform(X)``, which asks for no labels.

    Parameters
    ----------
    estimator : classifier of skfashion, or pipeline that ends in one
        What is fitted; in a ``sklearn.frozen.FrozenEstimator``, what is used as it is.

    Attributes
    ----------
    estimator_ : estimator
        The fitted clone, or the frozen estimator.
    n_features_in_ : int
        Pixels of an image, channels included.
    feature_names_in_ : ndarray of shape (``n_features_in_``,)
        Column names seen at ``fit``, where X had string column names.

    See Also
    --------
    near_duplicates : Images of two sets that are close to each other so.
    sklearn.frozen.FrozenEstimator : Keeps a fitted estimator from being fitted.

    Notes
    -----
    The last hidden layer is what comes into the last layer that has a kernel; a softmax
    after it does not count, and what has more dimensions than one is made a row. Of a
    network without hidden layers these are its pixels.

    A classifier that comes after it in a pipeline learns from the images that the
    network was trained on, which the network knows better than others.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from skfashion import FashionMLPClassifier, load_fashion_sample
    >>> from skfashion.inspection import Embedding
    >>> X, y = load_fashion_sample(return_X_y=True)
    >>> mlp = FashionMLPClassifier((64, 16), epochs=1, rescale=1 / 255)
    >>> embedding = Embedding(mlp).fit(X, y)
    >>> embedding.transform(X).shape
    (2000, 16)
    >>> pipe = make_pipeline(Embedding(mlp), LogisticRegression(max_iter=1000))
    >>> pipe.fit(X, y).predict(X).shape
    (2000,)
    """

    _parameter_constraints: dict = {"estimator": [HasMethods(["fit", "predict_proba"])]}

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    @_fit_context(prefer_skip_nested_validation=False)
    def fit(self, X: Any, y: Any = None, **fit_params: Any) -> Self:
        """Fit a clone of the estimator, unless it is frozen.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images, as the estimator takes them.
        y : array-like of shape (n,), default=None
            Labels; a frozen estimator needs none.
        **fit_params : dict
            Passed to the estimator's ``fit``; with metadata routing, those that it
            requests.

        Returns
        -------
        self
            The fitted transformer.

        Raises
        ------
        ValueError
            If the estimator is no classifier of this package, or its ``fit`` refuses
            the arrays.
        NotFittedError
            If a frozen estimator is not fitted.
        """
        classifier_of(self.estimator)
        if y is None and not is_frozen(self.estimator):
            raise DataError(
                "Embedding.fit requires y to be passed, but the target y is None; "
                "without labels, freeze a fitted classifier: "
                "Embedding(FrozenEstimator(clf))."
            )
        if fit_params and get_config()["enable_metadata_routing"]:
            routed = process_routing(self, "fit", **fit_params)
            fit_params = routed.estimator.fit
        fitted = clone(self.estimator).fit(X, y, **fit_params)
        classifier = classifier_of(fitted)
        check_is_fitted(classifier)
        one = np.zeros((1, classifier.n_features_in_), dtype=np.float32)
        self._n_features_out = _embed(classifier, one).shape[1]
        self.estimator_ = fitted
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Compute the values of the last hidden layer, in bounded memory.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images, as the estimator takes them.

        Returns
        -------
        ndarray of shape (n, n_units), float32
            A row an image.

        Raises
        ------
        NotFittedError
            If called before ``fit``.
        ValueError
            If the images are not of the size or columns seen at ``fit``.
        """
        check_is_fitted(self)
        rows = rows_of(self.estimator_, X)
        return _embed(classifier_of(self.estimator_), rows)

    def get_metadata_routing(self) -> MetadataRouter:
        """Tell which metadata ``fit`` passes on: what the estimator's requests.

        Returns
        -------
        sklearn.utils.metadata_routing.MetadataRouter
            As scikit-learn asks for it.
        """
        return MetadataRouter(owner=self).add(
            estimator=self.estimator,
            method_mapping=MethodMapping().add(caller="fit", callee="fit"),
        )

    @property
    def n_features_in_(self) -> int:
        """Pixels of an image, channels included."""
        return self.estimator_.n_features_in_

    @property
    def feature_names_in_(self) -> np.ndarray:
        """Column names seen at ``fit``, where X had string column names."""
        return self.estimator_.feature_names_in_

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        of_estimator = get_tags(self.estimator)
        tags.input_tags = of_estimator.input_tags
        tags.target_tags = of_estimator.target_tags
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


def _embed(classifier: Any, rows: np.ndarray) -> np.ndarray:
    probe = make_probe(classifier)
    from skfashion._backend.inference import in_parts

    to_inputs = classifier._fitted_network.config.to_inputs
    return in_parts(lambda part: probe.embed(to_inputs(part)), rows, PART)
