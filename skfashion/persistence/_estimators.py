"""Estimators as JSON and the bytes of their weights, and back.

A description names no code: its classes are looked up in a list of three, and its
network is built anew from a few numbers and then given its weights.
"""

import math
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline

from skfashion._serialization.arrays import pack, unpack, values_of
from skfashion._serialization.json import Reader, to_plain
from skfashion._utils.processes import refuse_after_fork
from skfashion.exceptions import ParameterError
from skfashion.neural_network import FashionCNNClassifier, FashionMLPClassifier
from skfashion.preprocessing import PixelScaler

__all__ = ["describe", "make"]

_KINDS = {
    kind.__name__: kind
    for kind in (FashionCNNClassifier, FashionMLPClassifier, PixelScaler)
}
# Never in a file: code, and a folder that the next fit would write to.
_NOT_KEPT = ("callbacks", "checkpoint")
# What is fitted, beside the network, and of which types.
_STATE: dict[str, dict[str, Any]] = {
    "PixelScaler": {
        "n_features_in_": int,
        "data_min_": float,
        "data_max_": float,
        "dtype_": np.dtype,
    },
    "classifier": {
        "classes_": np.ndarray,
        "n_features_in_": int,
        "image_shape_": tuple,
        "history_": dict,
        "n_iter_": int,
        "_seed": int,
        "_rescale": float | int | None,
        "_fitted_off_scale": bool,
        "_keeps_optimizer": bool,
    },
}
_SOMETIMES = {"feature_names_in_": np.ndarray}


def describe(estimator: Any, weights: dict[str, bytes]) -> dict[str, Any]:
    """Describe an estimator; its weights are added to those of the file."""
    name = type(estimator).__name__
    if type(estimator) is Pipeline:
        if getattr(estimator, "transform_input", None) is not None:
            raise ParameterError(
                f"transform_input={estimator.transform_input!r:.80} of a Pipeline "
                "cannot be saved; it must be None."
            )
        return {
            "class": "Pipeline",
            "steps": [
                [step, describe(inner, weights)] for step, inner in estimator.steps
            ],
        }
    if type(estimator) is not _KINDS.get(name):
        raise ParameterError(
            f"estimator={estimator!r:.80} cannot be saved; it must be one of "
            f"{', '.join(_KINDS)}, or a Pipeline of these."
        )
    try:
        estimator._validate_params()
    except ValueError as error:
        raise ParameterError(f"{name} cannot be saved: {error}") from error
    params = estimator.get_params(deep=False)
    params |= dict.fromkeys(params.keys() & _NOT_KEPT)
    if isinstance(params.get("random_state"), np.random.RandomState):
        params["random_state"] = None
    held = vars(estimator)
    if held.keys() & {"_model", "_frozen"}:
        refuse_after_fork()
    kept = (*_STATE.get(name, _STATE["classifier"]), *_SOMETIMES)
    state = {key: held[key] for key in kept if key in held}
    description: dict[str, Any] = {
        "class": name,
        "params": {key: to_plain(key, value) for key, value in params.items()},
        "state": {key: to_plain(key, value) for key, value in state.items()},
    }
    if "_model" in held:
        description["network"] = _describe_network(estimator, weights)
    return description


def _describe_network(estimator: Any, weights: dict[str, bytes]) -> dict[str, Any]:
    from skfashion._networks import blueprint

    model = estimator._model
    variables = {"variables": model.variables, "optimizer": []}
    if estimator._may_go_on:
        variables["optimizer"] = model.optimizer.variables
    number = len(weights) // 2
    tables = {}
    for name, held in variables.items():
        member = f"weights/{number}_{name}.bin"
        tables[name], weights[member] = pack(member, values_of(held))
    return {
        "blueprint": to_plain("network", blueprint.read_off(model)),
        "optimizer": to_plain("optimizer", model.optimizer),
        "values": tables,
    }


def make(
    description: dict[str, Any],
    members: dict[str, bytes],
    reader: Reader | None = None,
) -> Any:
    """Make an estimator anew, whose weights are taken out of the file's members."""
    reader = reader or Reader()
    name = description["class"]
    if name == "Pipeline":
        steps = [
            (step, make(inner, members, reader)) for step, inner in description["steps"]
        ]
        pipeline = Pipeline(steps)
        pipeline._validate_names([step for step, _ in steps])
        return pipeline
    estimator = _KINDS[name]()
    params = {key: reader.read(value) for key, value in description["params"].items()}
    for key in params.keys() & _NOT_KEPT:
        if params[key] is not None:
            raise ValueError(f"{key} is never saved, but is {params[key]!r:.80}")
    estimator.set_params(**params)
    estimator._validate_params()
    state = {key: reader.read(value) for key, value in description["state"].items()}
    if state:
        _check_state(name, state)
    for key, value in state.items():
        setattr(estimator, key, value)
    if ("network" in description) != ("classes_" in state):
        raise ValueError("a network without its labels, or labels without a network")
    if "network" in description:
        _hold_network(estimator, description["network"], members, reader)
    return estimator


def _check_state(name: str, state: dict[str, Any]) -> None:
    """Refuse what no fit leaves behind: it would fail later, and elsewhere."""
    wanted = _STATE.get(name, _STATE["classifier"])
    if not wanted.keys() <= state.keys() <= {*wanted, *_SOMETIMES}:
        raise ValueError(f"the state of {name} is not {', '.join(state)}")
    for key, value in state.items():
        kinds = {**wanted, **_SOMETIMES}[key]
        if not isinstance(value, kinds) or (kinds is int and type(value) is not int):
            raise ValueError(f"{key} of {name} is {value!r:.80}")
    n_features = state["n_features_in_"]
    names = state.get("feature_names_in_")
    sound = n_features > 0 and (names is None or names.shape == (n_features,))
    if name == "PixelScaler":
        sound &= 1e-30 <= state["data_max_"] <= 1e30 and state["dtype_"].kind in "biuf"
        sound &= state["data_min_"] in (0, -state["data_max_"])
    else:
        sound &= state["classes_"].ndim == 1
        sound &= state["_seed"] >= 0 and state["n_iter_"] >= 0
        sound &= list(map(type, state["image_shape_"])) == [int] * 3
        sound &= math.prod(state["image_shape_"]) == n_features
        sound &= all(type(values) is list for values in state["history_"].values())
    if not sound:
        raise ValueError(f"the parts of the state of {name} do not fit together")


def _hold_network(
    estimator: Any, network: dict[str, Any], members: dict[str, bytes], reader: Reader
) -> None:
    from skfashion._networks import blueprint

    plan = reader.read(network["blueprint"])
    blueprint.check(plan)
    arrays, state = (
        unpack(network["values"][name], members) for name in ("variables", "optimizer")
    )
    # Before it is built: a few bytes can ask for more memory than there is.
    n_weights = sum(array.size for array in arrays if array.dtype.kind == "f")
    if blueprint.count_weights(plan) != n_weights:
        raise ValueError("its network does not have as many weights as it brings")
    n_inputs = plan.get("n_features") or math.prod(plan["image_shape"])
    if estimator.n_features_in_ != n_inputs:
        raise ValueError("its network does not take images of as many pixels")
    if len(estimator.classes_) != plan["n_classes"]:
        raise ValueError("its network does not have as many outputs as labels")
    optimizer = reader.read(network["optimizer"])
    estimator._hold(lambda: blueprint.build(plan), estimator.classes_, optimizer)
    estimator._fill(arrays, state)
