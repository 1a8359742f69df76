"""PixelScaler: pixels of any dtype and shape to float32 in [0, 1], and back."""

import math
import warnings
from numbers import Real
from typing import Any, Self

import numpy as np
from sklearn.base import (
    BaseEstimator,
    OneToOneFeatureMixin,
    TransformerMixin,
    _fit_context,
)
from sklearn.utils import Tags, check_array
from sklearn.utils._param_validation import Interval
from sklearn.utils._set_output import _get_output_config
from sklearn.utils.validation import check_is_fitted, validate_data

from skfashion._utils.documentation import DocumentationLinkMixin
from skfashion._utils.fit_tasks import CallbackSupportMixin, begin_fit
from skfashion._utils.validation import LARGEST, SMALLEST
from skfashion.exceptions import (
    DataError,
    ImageShapeWarning,
    ParameterError,
    UnscaledPixelsWarning,
)
from skfashion.preprocessing._pixels import (
    FEW_LEVELS,
    as_array,
    channel_first_mistake,
    is_channel_first,
    likely_scale,
    refuse_one_image,
    refuse_other_images,
)

# Full scales that pixels are stored on; a float maximum in the upper half of one
# is taken to be on it, so that a fold with no white pixel scales as its siblings.
_FULL_SCALES = (255.0, 65535.0)


class PixelScaler(
    DocumentationLinkMixin,
    CallbackSupportMixin,
    OneToOneFeatureMixin,
    TransformerMixin,
    BaseEstimator,
):
    """Scale pixels of any dtype to float32 in [0, 1], in the shape they come in.

    Rows stay rows and images stay images, so that a network behind it sees the shape
    of the images. ``flatten=True`` makes rows of them, for what takes nothing else:
    the classifiers of scikit-learn, PCA, FeatureUnion.

    ``uint8`` pixels are divided by 255 and ``uint16`` ones by 65535, so that no
    statistic of the data takes part. For every other type the scale is settled at
    ``fit`` and never again: 1 for values up to 1, 255 or 65535 for values in the
    upper half of such a scale, else the largest value seen. Where negative values
    were seen, as in images on [-1, 1], the range is symmetric about 0.

    Parameters
    ----------
    max_value : float, default=None
        The value that becomes 1. None chooses it as described above.
    flatten : bool, default=False
        Whether ``transform`` makes rows of images. Data frames are rows: where
        ``set_output`` asks for them, it does so too.

    Attributes
    ----------
    data_min_ : float
        The value that becomes 0.
    data_max_ : float
        The value that becomes 1.
    dtype_ : numpy.dtype
        Type of the pixels seen at ``fit``, which ``inverse_transform`` returns.
    n_features_in_ : int
        Number of pixels of an image, channels included.
    feature_names_in_ : ndarray of shape (``n_features_in_``,)
        Column names seen at ``fit``, where the input had string column names.

    See Also
    --------
    sklearn.preprocessing.MinMaxScaler : Scales each column by its own range.

    Notes
    -----
    The output is the only large array that is made: float64 input is scaled
    into float32 without a float64 copy.

    Examples
    --------
    >>> import numpy as np
    >>> from skfashion import PixelScaler
    >>> images = np.array([[[0, 51], [102, 255]]], dtype=np.uint8)
    >>> scaler = PixelScaler().fit(images)
    >>> scaler.transform(images)
    array([[[0. , 0.2],
            [0.4, 1. ]]], dtype=float32)
    >>> rows = PixelScaler(flatten=True).fit_transform(images)
    >>> rows
    array([[0. , 0.2, 0.4, 1. ]], dtype=float32)
    >>> scaler.inverse_transform(rows)
    array([[  0,  51, 102, 255]], dtype=uint8)
    """

    _parameter_constraints: dict = {
        "max_value": [Interval(Real, 0, None, closed="neither"), None],
        "flatten": ["boolean"],
    }

    def __init__(
        self, *, max_value: float | None = None, flatten: bool = False
    ) -> None:
        self.max_value = max_value
        self.flatten = flatten

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(self, X: Any, y: Any = None) -> Self:
        """Settle the scale.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Pixels of any real numeric type.
        y : object, default=None
            Ignored; pipelines pass labels.

        Returns
        -------
        PixelScaler
            The fitted scaler.

        Raises
        ------
        ValueError
            If X is empty, sparse, not numeric or not finite.
        """
        tasks = begin_fit(self, 0, X=X, y=y)
        before = dict(vars(self))
        try:
            self._fit(X)
        except BaseException:
            # Names and number of the columns are noted before all else is checked.
            self.__dict__ = before
            raise
        if tasks is not None:
            tasks.end()
        return self

    def _fit(self, X: Any) -> None:
        if self.max_value is not None and not SMALLEST <= self.max_value <= LARGEST:
            raise ParameterError(
                f"max_value={self.max_value!r:.80} must be from {SMALLEST:g} to "
                f"{LARGEST:g}, or None."
            )
        X = self._validated(X, reset=True)
        lowest, highest = float(X.min()), float(X.max())
        if self.max_value is not None:
            top = float(self.max_value)
        elif X.dtype.kind == "u" and X.dtype.itemsize <= 2:
            top = float(np.iinfo(X.dtype).max)
            if 0 < highest <= FEW_LEVELS or 0 < highest <= 255 < top:
                scale = likely_scale(highest)
                warnings.warn(
                    f"X is {X.dtype}, whose full scale is {top:g}, but has pixels up "
                    f"to {highest:g} only, which become nearly black; if their full "
                    f"scale is {scale:g}, set max_value={scale:g}.",
                    UnscaledPixelsWarning,
                    stacklevel=3,
                )
        else:
            top = _full_scale(max(highest, -lowest))
            if top > LARGEST:
                raise DataError(
                    f"X has pixels from {lowest:g} to {highest:g}, but a scale may go "
                    f"up to {LARGEST:g}."
                )
        self.data_min_ = -top if lowest < 0 else 0.0
        self.data_max_ = top
        self.dtype_ = X.dtype
        self._seen_shape = X.shape[1:]

    def transform(self, X: Any) -> np.ndarray:
        """Scale pixels to [0, 1].

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Pixels on the scale seen at ``fit``. Values below it and up to twice its
            largest are clipped.

        Returns
        -------
        ndarray of the shape of X, or of shape (n, pixels), float32
            Scaled pixels, in rows where ``flatten`` or ``set_output`` asks for them.

        Raises
        ------
        DataError
            If X holds values over twice the largest of the scale, or is one image, or
            rows are made of images of another shape than those seen at ``fit``.
        NotFittedError
            If called before ``fit``.
        """
        check_is_fitted(self)
        X = self._validated(X, reset=False)
        # Of rows, and by former versions, no shape was noted that rows would lose.
        seen = getattr(self, "_seen_shape", ())
        if self._makes_rows and len(seen) > 1 and X.ndim > 2:
            refuse_other_images(X.shape[1:], seen)
        if self._makes_rows and is_channel_first(X.shape[1:]):
            warnings.warn(
                f"{channel_first_mistake(X.shape[1:])}: rows have the pixels of these "
                "in another order.",
                ImageShapeWarning,
                stacklevel=2,
            )
        # Not of the type of the pixels, which may not hold twice the scale.
        highest = float(X.max())
        if highest > 2 * self.data_max_:
            raise DataError(
                f"X has pixels up to {highest:g}, but this PixelScaler was fitted on a "
                f"scale of {self.data_min_:g} to {self.data_max_:g}; give it pixels on "
                "that scale, or fit it on pixels like these."
            )
        if X.dtype.kind == "f" and 0 < highest <= 1 < 255 <= self.data_max_:
            warnings.warn(
                f"X holds floats up to {highest:g}, but this PixelScaler was fitted on "
                f"a scale of {self.data_min_:g} to {self.data_max_:g} and makes them "
                "nearly black; give it pixels on that scale.",
                UnscaledPixelsWarning,
                stacklevel=2,
            )
        scaled = np.empty(X.shape, dtype=np.float32)
        span = np.float32(self.data_max_ - self.data_min_)
        # What is too small for float32 is minus infinity, and clipped below.
        with np.errstate(over="ignore"):
            np.divide(X, span, out=scaled, casting="same_kind")
        if self.data_min_ != 0:
            scaled += np.float32(0.5)
        np.clip(scaled, 0, 1, out=scaled)
        return scaled.reshape(len(scaled), -1) if self._makes_rows else scaled

    def inverse_transform(self, X: Any) -> np.ndarray:
        """Bring [0, 1] back to the scale and type of the pixels seen at ``fit``.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Values in [0, 1], as ``transform`` returns them.

        Returns
        -------
        ndarray of the shape of X
            Pixels of type ``dtype_``, rounded where that is an integer type.

        Raises
        ------
        ValueError
            If the number of pixels is not that of the images seen at ``fit``.
        NotFittedError
            If called before ``fit``.
        """
        check_is_fitted(self)
        X = as_array(X)
        refuse_one_image(tuple(X.shape), self.n_features_in_)
        X = check_array(X, dtype=[np.float32, np.float64], allow_nd=True)
        n_pixels = math.prod(X.shape[1:])
        if n_pixels != self.n_features_in_:
            raise DataError(
                f"X has images of {n_pixels} pixels, but this PixelScaler was fitted "
                f"on images of {self.n_features_in_} pixels."
            )
        with np.errstate(over="ignore"):
            pixels = X * (self.data_max_ - self.data_min_) + self.data_min_
            if self.dtype_.kind in "iu":
                limits = np.iinfo(self.dtype_)
                pixels = np.clip(np.rint(pixels), limits.min, _at_most(limits, X.dtype))
            return pixels.astype(self.dtype_)

    def _validated(self, X: Any, *, reset: bool) -> np.ndarray:
        """Check X and return it as a numeric array of its own shape, uncopied."""
        X = as_array(X)
        if not reset:
            refuse_one_image(tuple(X.shape), self.n_features_in_)
        if len(X.shape) <= 2:
            return _real(validate_data(self, X, reset=reset))
        X = _real(check_array(X, allow_nd=True, estimator=self, input_name="X"))
        if X.size == 0:
            raise DataError(f"X holds images of shape {X.shape[1:]}, without a pixel.")
        # Only the shape of the flat rows matters, so none is made of the pixels.
        rows = np.broadcast_to(np.uint8(0), (len(X), int(np.prod(X.shape[1:]))))
        validate_data(self, rows, reset=reset, skip_check_array=True)
        return X

    @property
    def _makes_rows(self) -> bool:
        """Whether images become rows: data frames have no others."""
        frames = _get_output_config("transform", self)["dense"] != "default"
        return bool(self.flatten or frames)

    def __getstate__(self) -> dict[str, Any]:
        """Give the type as text, which every format of files can hold."""
        state = {**super().__getstate__()}
        return state | ({"dtype_": self.dtype_.str} if "dtype_" in state else {})

    def __setstate__(self, state: dict[str, Any]) -> None:
        # Before there was such a parameter it always made rows.
        super().__setstate__({"flatten": True, **state})
        if "dtype_" in state:
            self.dtype_ = np.dtype(state["dtype_"])

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags


def _real(X: np.ndarray) -> np.ndarray:
    if X.dtype.kind not in "biuf":
        raise DataError(f"X holds values of type {X.dtype}, but pixels are numbers.")
    return X


def _at_most(limits: np.iinfo, dtype: np.dtype) -> np.floating:
    """Find the largest number of a float type that an integer type holds too."""
    highest = dtype.type(limits.max)
    return np.nextafter(highest, 0) if int(highest) > limits.max else highest


def _full_scale(highest: float) -> float:
    if highest <= 1:
        return 1.0
    return next((s for s in _FULL_SCALES if s / 2 < highest <= s), highest)
