"""The design of a classifier's own network, apart from what a fit makes of it."""

from typing import TYPE_CHECKING, Any

import numpy as np

from skfashion.exceptions import ParameterError
from skfashion.neural_network._keras import KerasImageClassifier, is_model
from skfashion.neural_network._network import SavedNetwork

if TYPE_CHECKING:
    from skfashion._networks.keras_config import KerasConfig

__all__ = ["design_of"]

# What is the same for both is not drawn.
_SEEDS = (1, 2)


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
    network = estimator.network
    if isinstance(network, SavedNetwork):
        return network.config, None
    from skfashion._networks.own_network import begin_network, image_shape_of

    fitted = vars(estimator).get("_fitted_network")
    params = estimator.get_params(deep=False)
    options: dict[str, Any] = {key: params[key] for key in ("rescale", "from_logits")}
    if is_model(network):
        shape = getattr(estimator, "image_shape_", None)
        shape = shape or image_shape_of(network, estimator.image_shape)
        return begin_network(network, shape, None, seed=0, **options)
    if fitted is None:
        raise ParameterError(
            "KerasImageClassifier cannot be saved before it is fitted: only then is it "
            f"known what network={network!r:.80} builds; fit it, or use joblib.dump."
        )
    shape, n_classes = estimator.image_shape_, len(estimator.classes_)
    begun = [
        begin_network(network, shape, n_classes, seed=seed, **options)
        for seed in _SEEDS
    ]
    config = begun[0][0]
    if not config.foreign:
        _refuse_given_weights(config, [values for _, values in begun])
    return config, None


def _refuse_given_weights(config: "KerasConfig", begun: list[list[np.ndarray]]) -> None:
    """Refuse a function that sets weights, of which the design alone does not tell."""
    from skfashion._backend.global_state import built_alike
    from skfashion._networks.keras_network import make

    drawn = [built_alike(seed, lambda: make(config).get_weights()) for seed in _SEEDS]
    for one, other, *anew in zip(*begun, *drawn, strict=True):
        alike = np.array_equal(anew[0], one) and np.array_equal(anew[1], other)
        if np.array_equal(one, other) and not alike:
            raise ParameterError(
                "KerasImageClassifier cannot be saved, for its function gives weights "
                f"of shape {one.shape} that no initializer draws: give the model "
                "itself, network=model, or use joblib.dump."
            )
