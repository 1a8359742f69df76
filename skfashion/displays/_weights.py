"""FirstLayerDisplay: what the first layer of a network looks for."""

from typing import TYPE_CHECKING, Any, Self

import numpy as np

from skfashion._utils.validation import check_count
from skfashion.displays._checks import fitted_step
from skfashion.displays._grid import GridDisplay
from skfashion.exceptions import ParameterError
from skfashion.preprocessing._pixels import fold_shape

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# The part of the weights that the colours tell apart.
_SHOWN = 0.99


class FirstLayerDisplay(GridDisplay):
    """Weights of the first layer of a network, one image a unit.

    Of a multi-layer perceptron an image shows the weight of each pixel, of a
    convolutional network the kernel of a filter. The colours are symmetric about
    zero, which is grey: negative weights are blue and darker, positive ones yellow
    and lighter, so that the sign can be told without colours too.

    Make it with ``from_estimator``.

    Parameters
    ----------
    weights : ndarray of shape (n_units, height, width)
        Weights of each unit.

    Attributes
    ----------
    ax_ : matplotlib.axes.Axes
        What it is drawn on.
    figure_ : matplotlib.figure.Figure
        The figure of ``ax_``.
    colorbar_ : matplotlib.colorbar.Colorbar
        Beneath ``ax_``, from which it takes its room.

    See Also
    --------
    skfashion.inspection.SaliencyDisplay : Shows where a network sees a class.

    Examples
    --------
    >>> from skfashion import FashionMLPClassifier, load_fashion_sample
    >>> from skfashion.displays import FirstLayerDisplay
    >>> X, y = load_fashion_sample(return_X_y=True)
    >>> mlp = FashionMLPClassifier(hidden_layer_sizes=32, epochs=2, rescale=1 / 255)
    >>> display = FirstLayerDisplay.from_estimator(mlp.fit(X, y), n_units=16)
    >>> display.weights.shape
    (16, 28, 28)
    """

    def __init__(self, *, weights: np.ndarray) -> None:
        self.weights = weights

    @classmethod
    def from_estimator(
        cls,
        estimator: Any,
        *,
        n_units: int = 32,
        n_columns: int = 8,
        ax: "Axes | None" = None,
    ) -> Self:
        """Draw the first units of the first layer.

        Parameters
        ----------
        estimator : fitted classifier, or pipeline that ends in one
            A classifier of this package, or another with ``coefs_`` or a Keras
            ``model_``. Of several channels the mean is drawn.
        n_units : int, default=32
            How many units or filters to draw, or all where there are fewer.
        n_columns : int, default=8
            Images beside each other.
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.

        Returns
        -------
        FirstLayerDisplay
            Drawn.

        Raises
        ------
        NotFittedError
            If the classifier is not fitted.
        ParameterError
            If it is no network or a number is not 1 or more.
        """
        check_count("n_units", n_units)
        weights = _first_weights(fitted_step(estimator))
        return cls(weights=weights[:n_units]).plot(ax, n_columns=n_columns)

    def plot(self, ax: "Axes | None" = None, *, n_columns: int = 8) -> Self:
        """Draw it.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, default=None
            What to draw on. None makes a new figure.
        n_columns : int, default=8
            Images beside each other.

        Returns
        -------
        FirstLayerDisplay
            Itself.
        """
        check_count("n_columns", n_columns)
        # A few weights far beyond the others would leave those all grey.
        limit = np.quantile(np.abs(self.weights), _SHOWN, method="higher")
        extend = "both" if np.abs(self.weights).max() > limit else "neither"
        colours = {"cmap": "cividis", "vmin": -limit, "vmax": limit}
        images = self.weights[..., np.newaxis]
        drawn = self._draw_grid(
            ax, images, n_columns, inches=0.9, beneath=0.7, **colours
        )
        bar: dict[str, Any] = {"label": "weight", "location": "bottom", "aspect": 40}
        self.colorbar_ = self.figure_.colorbar(drawn, ax=self.ax_, extend=extend, **bar)
        return self


def _first_weights(last: Any) -> np.ndarray:
    """Return weights of shape (n_units, height, width)."""
    layers = getattr(last, "coefs_", [])
    if not layers and hasattr(last, "model_"):
        layers = last.model_.get_weights()
    # Of a dense layer (pixels, units), of a convolution (height, width, channels,
    # filters); biases have one dimension.
    kernels = next((weights for weights in layers if weights.ndim in (2, 4)), None)
    if kernels is None:
        raise ParameterError(
            f"estimator is a {type(last).__name__}, of which neither coefs_ nor model_ "
            "gives the weights of a layer; it must be a network, or a pipeline that "
            "ends in one."
        )
    if kernels.ndim == 2:
        shape = getattr(last, "image_shape_", None)
        kernels = kernels.reshape(*fold_shape(len(kernels), shape, None), -1)
    return np.moveaxis(kernels.mean(axis=2), -1, 0)
