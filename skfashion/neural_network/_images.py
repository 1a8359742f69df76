"""Images in, labels out: what classifiers ask of arrays, and how they predict."""

from typing import Any

import numpy as np
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from skfashion.neural_network._holder import HoldsKerasModel
from skfashion.preprocessing import _pixels

__all__ = ["TakesImages"]


class TakesImages(HoldsKerasModel):
    """Mixin of a classifier that checks images and predicts what they show."""

    image_shape: Any
    image_shape_: tuple[int, int, int]
    rescale: float | None
    _rescale: float | None
    _fitted_off_scale: bool

    def predict_proba(self, X: Any) -> np.ndarray:
        """Predict the probability of each class.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images, scaled as those of ``fit``.

        Returns
        -------
        ndarray of shape (n, n_classes), float32
            Probabilities, in the order of ``classes_``.

        Raises
        ------
        NotFittedError
            If called before ``fit``.
        ValueError
            If the images are not of the size or columns seen at ``fit``.
        """
        check_is_fitted(self)
        X, shape = _pixels.as_rows(X)
        X = validate_data(self, X, dtype=self._dtypes, order="C", reset=False)
        if shape is not None:
            _pixels.fold_shape(X.shape[1], self.image_shape_, shape)
        if not self._fitted_off_scale:
            self._warn_of_scale(X)
        return self._predictor(X)

    def predict(self, X: Any) -> np.ndarray:
        """Predict labels.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images, scaled as those of ``fit``.

        Returns
        -------
        ndarray of shape (n,)
            The most probable label of each image, of the sort given to ``fit``.
        """
        probabilities = self.predict_proba(X)
        return self.classes_[probabilities.argmax(axis=1)]

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """Predict the logarithm of the probability of each class.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images, scaled as those of ``fit``.

        Returns
        -------
        ndarray of shape (n, n_classes), float32
            Logarithms, minus infinity where the probability is 0 in float32.
        """
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def _validate(
        self, X: Any, y: Any, *, reset: bool
    ) -> tuple[np.ndarray, np.ndarray]:
        """Check images and labels; rows of one of ``_dtypes``, a label for each."""
        if reset:
            self._rescale = self.rescale
        X, shape = _pixels.as_rows(X)
        X, y = validate_data(self, X, y, dtype=self._dtypes, order="C", reset=reset)
        # Of data frames scikit-learn does not see the order of the bytes.
        X = X.astype(X.dtype.newbyteorder("="), copy=False)
        check_classification_targets(y)
        wanted = self.image_shape if reset else self.image_shape_
        image_shape = _pixels.fold_shape(X.shape[1], wanted, shape)
        if reset:
            self.image_shape_ = image_shape
            self._fitted_off_scale = self._warn_of_scale(X)
        elif not self._fitted_off_scale:
            self._warn_of_scale(X)
        return X, y

    @property
    def _dtypes(self) -> Any:
        """Types that pixels may keep; all others become the first."""
        return np.float32 if self._rescale is None else [np.float32, np.uint8]

    def _warn_of_scale(self, X: np.ndarray) -> bool:
        """Warn where pixels are on the wrong scale, and tell whether they are."""
        mistake = _pixels.scale_mistake(X, self._rescale)
        if mistake is not None:
            _pixels.warn_about_scale(mistake, type(self).__name__)
        return mistake is not None
