"""Where in an image a network sees a class."""

import math
from typing import Any

import numpy as np

from skfashion._utils.labels import as_labels
from skfashion.exceptions import DataError, ParameterError
from skfashion.inspection._looking import PART, classifier_of, make_probe, rows_of
from skfashion.neural_network._targets import encode_labels

__all__ = ["saliency"]

_METHODS = ("auto", "grad_cam", "gradient")


def saliency(
    estimator: Any, X: Any, *, target: Any = None, method: str = "auto"
) -> np.ndarray:
    """Compute where in each image a network sees a class.

    Grad-CAM [1]_ weighs the maps of the last convolution by what each does for the
    class, and keeps what speaks for it. The gradient [2]_ is how much the class's score
    changes with each pixel, up or down; of several channels it is the largest.

    Parameters
    ----------
    estimator : fitted classifier of skfashion, or pipeline that ends in one
        Its steps must leave images as many pixels as they have.
    X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
        Images, as the estimator takes them.
    target : label or array-like of shape (n,), default=None
        Class to look for: one for all images, or one each. None takes the class that
        is predicted.
    method : {"auto", "grad_cam", "gradient"}, default="auto"
        "auto" is Grad-CAM where there is a convolution whose maps have more than one
        place, and the gradient elsewhere.

    Returns
    -------
    ndarray of shape (n, height, width), float32
        From 0 to 1, which is the largest of each image; all 0 where nothing speaks for
        the class.

    Raises
    ------
    NotFittedError
        If the classifier is not fitted.
    ParameterError
        If the estimator is no classifier of this package, ``method`` is not one of
        those, or asks for a convolution of a network that has none.
    DataError
        If ``target`` holds no class of the estimator's, or the images do not keep
        their pixels on the way to the network.

    See Also
    --------
    SaliencyDisplay : Draws them over the images.

    Notes
    -----
    A class's score is what comes into the softmax, as in both papers. The maps of a
    convolution are smaller than the image, and are enlarged bilinearly.

    References
    ----------
    .. [1] Selvaraju, Cogswell, Das, Vedantam, Parikh and Batra, "Grad-CAM: Visual
       Explanations from Deep Networks via Gradient-based Localization", ICCV 2017,
       arXiv:1610.02391.
    .. [2] Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks:
       Visualising Image Classification Models and Saliency Maps", ICLR workshop 2014,
       arXiv:1312.6034.

    Examples
    --------
    >>> from skfashion import FashionCNNClassifier, load_fashion_sample
    >>> from skfashion.inspection import saliency
    >>> X, y = load_fashion_sample(return_X_y=True)
    >>> cnn = FashionCNNClassifier((4, 8), epochs=1, rescale=1 / 255).fit(X, y)
    >>> saliency(cnn, X[:3]).shape
    (3, 28, 28)
    """
    if method not in _METHODS:
        raise ParameterError(
            f"method={method!r:.80} must be one of {', '.join(map(repr, _METHODS))}."
        )
    classifier = classifier_of(estimator)
    rows = rows_of(estimator, X)
    _check_pixels(X, rows)
    codes = None if target is None else _codes(target, len(rows), classifier.classes_)
    probe = make_probe(classifier)
    if method == "grad_cam" and not probe.has_features:
        raise ParameterError(
            "method='grad_cam' needs a network with a convolution whose maps have more "
            "than one place, which this one has not; use method='gradient'."
        )
    by_features = probe.has_features and method != "gradient"
    height, width, channels = classifier.image_shape_
    to_inputs = classifier._fitted_network.config.to_inputs
    maps = np.empty((len(rows), height, width), dtype=np.float32)
    for start in range(0, len(rows), PART):
        part = slice(start, start + PART)
        inputs = to_inputs(rows[part].astype(np.float32, copy=False))
        of_part = None if codes is None else codes[part]
        if by_features:
            maps[part] = probe.grad_cam(inputs, of_part, (height, width))
        else:
            sizes = probe.input_gradient(inputs, of_part)
            maps[part] = sizes.reshape(-1, height, width, channels).max(axis=3)
    largest = maps.max(axis=(1, 2), keepdims=True)
    return np.divide(maps, largest, out=np.zeros_like(maps), where=largest > 0)


def _check_pixels(X: Any, rows: np.ndarray) -> None:
    """Refuse pixels that have no places in the image any more."""
    n_pixels = math.prod(np.shape(X)[1:])
    if n_pixels != rows.shape[1]:
        raise DataError(
            f"X has {n_pixels} pixels an image, of which the pipeline's steps make "
            f"{rows.shape[1]} values; saliency can be shown only of a pipeline that "
            "keeps the pixels."
        )


def _codes(target: Any, n_rows: int, classes: np.ndarray) -> np.ndarray:
    if np.ndim(target) == 0:
        target = [target] * n_rows
    return encode_labels("target", as_labels("target", target, n_rows, "X"), classes)
