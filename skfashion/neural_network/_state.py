"""The attributes of an estimator as numbers, text and arrays, and back."""

from typing import Any

from skfashion.neural_network._fitted_network import FittedNetwork

__all__ = ["FORMER", "from_state", "to_state"]

# Parameters that states and files of former versions lack, and what those did.
FORMER: dict[str, Any] = {
    "augmentation": None,
    "batch_normalization": False,
    "convolutions": 1,
    "label_smoothing": 0.0,
    "learning_rate_schedule": "constant",
    "logit_scale": 1.0,
    "max_time": None,
    "n_views": 1,
    "padding": "valid",
    "pooling": "flatten",
    "residual": False,
    "stem_filters": None,
    "subsample": 1.0,
    "weight_averaging": None,
    "weight_decay": None,
}

_NETWORK = "_fitted_network"
_TAKEN_APART = "_taken_apart"


def to_state(attributes: dict[str, Any]) -> dict[str, Any]:
    """Take apart what only this process can hold: the network, Keras's objects."""
    state = dict(attributes)
    if _NETWORK in state:
        state[_NETWORK] = state[_NETWORK].to_state()
        # They served that fit, and may hold on to files, data or the model.
        state["callbacks"] = None
    names = [name for name, value in state.items() if hasattr(value, "get_config")]
    if names:
        from skfashion._backend.optimizers import to_dict

        state |= {name: to_dict(state[name]) for name in names}
        state[_TAKEN_APART] = names
    return state


def from_state(state: dict[str, Any], params: list[str]) -> dict[str, Any]:
    """Put together what ``to_state`` took apart, of an estimator of such parameters."""
    former = {name: FORMER[name] for name in FORMER.keys() & set(params)}
    attributes = {**former, **state}
    names = attributes.pop(_TAKEN_APART, ())
    if names:
        from skfashion._backend.optimizers import from_dict

        attributes |= {name: from_dict(attributes[name]) for name in names}
    if _NETWORK in attributes:
        attributes[_NETWORK] = FittedNetwork.from_state(attributes[_NETWORK])
    return attributes
