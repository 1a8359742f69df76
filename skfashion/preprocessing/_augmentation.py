"""Augmentation: how training images are varied, as a value."""

from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

from skfashion._utils.documentation import DocumentationLinkMixin
from skfashion._utils.validation import draw_seed
from skfashion.exceptions import DataError, ParameterError
from skfashion.preprocessing._augmented import Augmenter
from skfashion.preprocessing._pixels import as_rows, fold_shape

__all__ = ["Augmentation", "check_augmentation", "settle_augmentation"]

# What a classifier's augmentation is called where it follows from the images.
SHIFT = "shift"
_PIXELS_A_SHIFT = 28
# More than images have that anyone trains a small network on.
_MOST_PIXELS = 10_000


class Augmentation(DocumentationLinkMixin, BaseEstimator):
    """How the images of a fit are varied, anew in each epoch.

    Given to a classifier as ``augmentation``, whose ``fit`` then never sees an image
    twice in the same way; predictions and validation images are as they are. Each
    image is mirrored, shifted, turned and covered by draws of its own, in this order.
    The parameters can be searched, as ``augmentation__shift``.

    Parameters
    ----------
    horizontal_flip : bool, default=False
        Whether images are mirrored, left to right. In ``fit`` a random half is in the
        first epoch, the other half in the next, and so on; in ``partial_fit`` each
        image is or is not by chance.
    shift : int, default=0
        Most pixels that an image moves up or down, and to the left or right, each as
        likely as the next. The edge is repeated in what becomes free.
    rotation : float in [0, 180], default=0.0
        Most degrees that an image is turned about its centre, either way. The edge is
        repeated here too.
    cutout : int, default=0
        Side in pixels of a square that is set to 0 [1]_, about a pixel anywhere in the
        image, less what lies outside; 0 for none.

    See Also
    --------
    skfashion.neural_network.FashionCNNClassifier : Takes one as ``augmentation``.
    skfashion.displays.ImageGridDisplay : Draws what ``sample`` gives.

    References
    ----------
    .. [1] DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks
       with Cutout", 2017, :arxiv:`1708.04552`.

    Examples
    --------
    >>> import numpy as np
    >>> from skfashion import Augmentation, FashionCNNClassifier
    >>> augmentation = Augmentation(horizontal_flip=True, shift=1)
    >>> augmentation.sample(np.zeros((5, 28, 28), np.uint8), random_state=0).shape
    (5, 28, 28)
    >>> cnn = FashionCNNClassifier(augmentation=augmentation)
    >>> cnn.set_params(augmentation__shift=2).augmentation
    Augmentation(horizontal_flip=True, shift=2)
    """

    def __init__(
        self,
        horizontal_flip: bool = False,
        shift: int = 0,
        rotation: float = 0.0,
        cutout: int = 0,
    ) -> None:
        self.horizontal_flip = horizontal_flip
        self.shift = shift
        self.rotation = rotation
        self.cutout = cutout

    def sample(
        self,
        X: Any,
        random_state: Any = None,
        *,
        image_shape: tuple[int, ...] | None = None,
    ) -> np.ndarray:
        """Vary images once, to look at what a fit would be given.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images of any numeric type.
        random_state : int, numpy.random.RandomState or None, default=None
            Seed of what is drawn. None takes a new one at each call.
        image_shape : tuple of int or None, default=None
            (height, width) or (height, width, channels) that a row folds into. None
            takes the shape of X, or guesses it as FashionCNNClassifier does.

        Returns
        -------
        ndarray of the shape of X
            New images, of the type of X.

        Raises
        ------
        ValueError
            If a parameter is out of its range, or X holds no images.
        """
        self._check()
        if not isinstance(random_state, Integral | np.random.RandomState | None):
            raise ParameterError(
                f"random_state={random_state!r:.80} must be None, an integer or a "
                "numpy.random.RandomState."
            )
        rows, shape = as_rows(X)
        rows = np.ascontiguousarray(rows)
        if rows.dtype.kind not in "biuf" or rows.ndim != 2 or 0 in rows.shape:
            raise DataError(
                f"X must be an array of images of numbers, not one of shape "
                f"{np.shape(X)} and type {rows.dtype}."
            )
        kept = rows.dtype
        if kept.kind == "b":
            rows = rows.astype(np.uint8)
        if kept.itemsize > np.dtype(float).itemsize:
            rows = rows.astype(float)
        augmenter = self._augmenter(
            fold_shape(rows.shape[1], image_shape, shape),
            draw_seed(random_state),
            alternates=False,
        )
        varied = rows.copy()
        if augmenter is not None:
            n_rows = len(rows)
            augmenter.draw(0, n_rows).take(rows, np.arange(n_rows), varied)
        return varied.astype(kept, copy=False).reshape(-1, *(shape or rows.shape[1:]))

    def _check(self) -> None:
        """Refuse parameters that are out of their ranges."""
        if not isinstance(self.horizontal_flip, bool | np.bool_):
            raise ParameterError(
                f"horizontal_flip={self.horizontal_flip!r:.80} of Augmentation must be "
                "True or False."
            )
        for name in ("shift", "cutout"):
            value = getattr(self, name)
            whole = isinstance(value, Integral) and not isinstance(value, bool)
            if not (whole and 0 <= value <= _MOST_PIXELS):
                raise ParameterError(
                    f"{name}={value!r:.80} of Augmentation must be a whole number of "
                    f"pixels, from 0 to {_MOST_PIXELS:,}."
                )
        angle = self.rotation
        real = isinstance(angle, Real) and not isinstance(angle, bool)
        if not (real and 0 <= angle <= 180):
            raise ParameterError(
                f"rotation={angle!r:.80} of Augmentation must be a number of degrees, "
                "from 0 to 180."
            )

    def _augmenter(
        self, image_shape: tuple[int, int, int], seed: int, *, alternates: bool
    ) -> Augmenter | None:
        """Make what varies images of a shape; None where nothing is to be varied."""
        settings = (
            bool(self.horizontal_flip),
            int(self.shift),
            float(self.rotation),
            int(self.cutout),
        )
        if not any(settings):
            return None
        return Augmenter(*settings, image_shape, seed, alternates)


def check_augmentation(value: Any) -> None:
    """Refuse what a classifier cannot take as its augmentation."""
    if value is None or (isinstance(value, str) and value == SHIFT):
        return
    if not isinstance(value, Augmentation):
        raise ParameterError(
            f"augmentation={value!r:.80} must be None or an Augmentation, as in "
            "augmentation=skfashion.Augmentation(horizontal_flip=True, shift=2), or "
            f"{SHIFT!r}."
        )
    value._check()


def settle_augmentation(
    value: "Augmentation | str | None", image_shape: tuple[int, int, int]
) -> Augmentation | None:
    """Settle what a classifier's augmentation is for images of a shape."""
    if isinstance(value, str):
        # A pixel of Fashion-MNIST, nothing of images that are a few pixels high.
        return Augmentation(shift=min(image_shape[:2]) // _PIXELS_A_SHIFT)
    return value
