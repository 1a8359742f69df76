"""The design of a classifier's own network, apart from what a fit makes of it."""

from typing import TYPE_CHECKING

import numpy as np

from skfashion.exceptions import ParameterError
from skfashion.neural_network._keras import KerasImageClassifier, is_model
from skfashion.neural_network._network import SavedNetwork

if TYPE_CHECKING:
    from skfashion._networks.keras_config import KerasConfig

__all__ = ["design_of"]


def design_of(
    estimator: KerasImageClassifier,
) -> "tuple[KerasConfig, list[np.ndarray] | None]":
    """Tell the network that a fit begins with.

    Parameters
    ----------
    estimator : KerasImageClassifier
        Fitted, unless its network is a model or was loaded from a file.

    Returns
    -------
    config : KerasConfig
        Of the network.
    values : list of ndarray or None
        Of the weights that it begins with; None where each fit draws them.
    """
    if isinstance(estimator.network, SavedNetwork):
        return estimator.network.config, None
    fitted = getattr(estimator, "_fitted_network", None)
    if is_model(estimator.network):
        from skfashion._networks.own_network import begin_network, image_shape_of

        shape = getattr(estimator, "image_shape_", None)
        config, values = begin_network(
            estimator.network,
            shape or image_shape_of(estimator.network, estimator.image_shape),
            None,
            seed=0,
            rescale=estimator.rescale,
            from_logits=estimator.from_logits,
        )
        return config, values
    if fitted is None:
        raise ParameterError(
            "KerasImageClassifier cannot be saved before it is fitted: only then is it "
            f"known what network={estimator.network!r:.80} builds; fit it, or use "
            "joblib.dump."
        )
    return fitted.config, None
