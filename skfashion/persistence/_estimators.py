"""Estimators as JSON and the bytes of their weights, and back.

A description names no code: its classes are looked up in a list of four, and its
network is made of a config and then given its weights. No network is built.
"""

import math
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline

from skfashion._networks.config import config_from_dict
from skfashion._networks.keras_config import KerasConfig
from skfashion._serialization.arrays import pack, unpack
from skfashion._serialization.json import Decoder, encode
from skfashion._utils.labels import check_class_names
from skfashion._utils.processes import refuse_after_fork, useless_after_fork
from skfashion._utils.validation import LARGEST, SMALLEST
from skfashion.exceptions import ParameterError
from skfashion.neural_network import (
    FashionCNNClassifier,
    FashionMLPClassifier,
    KerasImageClassifier,
)
from skfashion.neural_network._fitted_network import FittedNetwork
from skfashion.neural_network._state import FORMER
from skfashion.persistence._optimizers import is_plain
from skfashion.preprocessing import PixelScaler

__all__ = ["describe", "input_shapes", "make"]

_KINDS = {
    kind.__name__: kind
    for kind in (
        FashionCNNClassifier,
        FashionMLPClassifier,
        KerasImageClassifier,
        PixelScaler,
    )
}
# Keys of optimizers that were made once, which takes a few milliseconds.
_SOUND: set[str] = set()
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
        "_fitted_off_scale": bool,
    },
}
# Not in every file: former versions did not note the shape that ``fit`` saw.
_SOMETIMES: dict[str, dict[str, Any]] = {
    "PixelScaler": {"feature_names_in_": np.ndarray, "_seen_shape": tuple},
    "classifier": {
        "feature_names_in_": np.ndarray,
        "class_names_": list,
        "_seen_shape": tuple,
    },
}


def describe(
    estimator: Any, weights: dict[str, bytes], class_names: Any = None
) -> dict[str, Any]:
    """Describe an estimator; its weights are added to those of the file."""
    name = type(estimator).__name__
    if type(estimator) is Pipeline:
        last = len(estimator.steps) - 1
        return {
            "class": "Pipeline",
            "steps": [
                [step, describe(inner, weights, class_names if n == last else None)]
                for n, (step, inner) in enumerate(estimator.steps)
            ],
            "transform_input": _checked_names(
                encode("transform_input", getattr(estimator, "transform_input", None))
            ),
        }
    if type(estimator) is not _KINDS.get(name):
        raise ParameterError(
            f"estimator={' '.join(repr(estimator).split()):.80} cannot be saved; it "
            f"must be one of {', '.join(_KINDS)}, or a Pipeline of these; joblib.dump "
            "writes any estimator, as a pickle."
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
    kept = (*_of_kind(_STATE, name), *_of_kind(_SOMETIMES, name))
    design = None
    if isinstance(estimator, KerasImageClassifier):
        design = _describe_design(estimator, weights)
        params["network"] = None
    description: dict[str, Any] = {
        "class": name,
        "params": {key: encode(key, value) for key, value in params.items()},
        "state": {key: encode(key, held[key]) for key in kept if key in held},
    }
    names = held.get("class_names_") if class_names is None else class_names
    if names is not None:
        if "classes_" not in held:
            raise ParameterError(
                f"class_names={names!r:.80} needs a fitted classifier; {name} is none."
            )
        names = check_class_names("class_names", names, len(held["classes_"]))
        description["state"]["class_names_"] = names
    network = held.get("_fitted_network")
    if isinstance(network, FittedNetwork):
        description["network"] = _describe_network(network, weights)
    if design is not None:
        description["design"] = design
    return description


def _describe_design(
    estimator: KerasImageClassifier, weights: dict[str, bytes]
) -> dict[str, Any]:
    """Describe the network that a fit begins with, and its weights if it has some."""
    from skfashion.neural_network._design import design_of

    config, values = design_of(estimator)
    if config.foreign:
        raise ParameterError(
            "KerasImageClassifier cannot be saved, for its network has parts that are "
            f"not Keras's own: {', '.join(config.foreign):.200}; use joblib.dump."
        )
    described = {"config": encode("network", config.to_dict()), "values": None}
    if values is not None:
        member = f"weights/{len(weights)}_design.bin"
        described["values"], weights[member] = pack(member, values)
    return described


def _describe_network(
    network: FittedNetwork, weights: dict[str, bytes]
) -> dict[str, Any]:
    state = network.to_state()
    if not all(np.isfinite(value).all() for value in state["values"]):
        raise ParameterError(
            "A classifier whose training diverged cannot be saved: not all of its "
            "weights are finite; lower learning_rate and fit it again."
        )
    number = len(weights)
    tables = {}
    held = {"weights": state["values"], "optimizer": state["optimizer_values"] or []}
    for name, arrays in held.items():
        member = f"weights/{number}_{name}.bin"
        tables[name], weights[member] = pack(member, arrays)
    return {
        "config": encode("network", state["config"]),
        "optimizer": encode("optimizer", state["optimizer"]),
        "values": tables,
    }


def make(
    description: dict[str, Any],
    members: dict[str, bytes],
    decoder: Decoder | None = None,
) -> Any:
    """Make an estimator anew, whose weights are taken out of the file's members."""
    decoder = decoder or Decoder()
    name = description["class"]
    if name == "Pipeline":
        steps = [
            (step, make(inner, members, decoder))
            for step, inner in description["steps"]
        ]
        pipeline = Pipeline(steps)
        pipeline._validate_names([step for step, _ in steps])
        names = decoder.decode(_checked_names(description["transform_input"]))
        return pipeline.set_params(transform_input=names)
    kind: Any = _KINDS[name]
    own = kind is KerasImageClassifier
    estimator = kind(network=None) if own else kind()
    params = {key: decoder.decode(held) for key, held in description["params"].items()}
    if kind is PixelScaler:
        # Before there was such a parameter it always made rows.
        params.setdefault("flatten", True)
    else:
        known = FORMER.keys() & estimator.get_params(deep=False).keys()
        params = {name: FORMER[name] for name in known} | params
    for key in params.keys() & _NOT_KEPT:
        if params[key] is not None:
            raise ValueError(f"{key} is never saved, but is {params[key]!r:.80}")
    estimator.set_params(**params)
    if own:
        estimator.network = _make_design(description["design"], members, decoder)
    estimator._validate_params()
    state = {key: decoder.decode(held) for key, held in description["state"].items()}
    if state:
        _check_state(name, state)
    for key, value in state.items():
        setattr(estimator, key, value)
    if ("network" in description) != ("classes_" in state):
        raise ValueError("a network without its labels, or labels without a network")
    if "network" in description:
        network = _make_network(description["network"], members, decoder, estimator)
        estimator._fitted_network = network
        estimator._rescale = network.config.rescale
    return estimator


def _make_design(
    held: dict[str, Any], members: dict[str, bytes], decoder: Decoder
) -> Any:
    """Make what a fit begins with: a design, or a Keras model with its weights."""
    from skfashion.neural_network._network import SavedNetwork

    config = config_from_dict(decoder.decode(held["config"]))
    if not isinstance(config, KerasConfig):
        raise ValueError("its design is not one of Keras's")
    if held["values"] is None:
        config.check()
        return SavedNetwork(config)
    values = _matching(config, unpack(held["values"], members))
    config.check(values)
    return config.build(values)


def _matching(config: Any, values: list[np.ndarray]) -> list[np.ndarray]:
    """Refuse values that are not those of the weights of a network."""
    if [v.shape for v in values] != config.weight_shapes():
        raise ValueError("its network does not have the weights that it brings")
    # Networks of the user's own are checked where a model can be built of them.
    if not isinstance(config, KerasConfig):
        config.check(values)
    return values


def _checked_names(encoded: Any) -> Any:
    """Refuse what is not None, or a list or tuple of text."""
    names = encoded.get("tuple") if isinstance(encoded, dict) else encoded
    if names is not None and not (
        isinstance(names, list) and all(type(name) is str for name in names)
    ):
        raise ParameterError(
            f"transform_input={names!r:.80} of a Pipeline cannot be saved; it must be "
            "None or a list of names."
        )
    return encoded


def _check_state(name: str, state: dict[str, Any]) -> None:
    """Refuse what no fit leaves behind: it would fail later, and elsewhere."""
    wanted, sometimes = _of_kind(_STATE, name), _of_kind(_SOMETIMES, name)
    if not wanted.keys() <= state.keys() <= {*wanted, *sometimes}:
        raise ValueError(f"the state of {name} is not {', '.join(state)}")
    for key, value in state.items():
        kinds = {**wanted, **sometimes}[key]
        if not isinstance(value, kinds) or (kinds is int and type(value) is not int):
            raise ValueError(f"{key} of {name} is {value!r:.80}")
    n_features = state["n_features_in_"]
    names = state.get("feature_names_in_")
    sound = n_features > 0 and (names is None or names.shape == (n_features,))
    if name == "PixelScaler":
        sound &= (
            SMALLEST <= state["data_max_"] <= LARGEST and state["dtype_"].kind in "biuf"
        )
        sound &= state["data_min_"] in (0, -state["data_max_"])
        seen = state.get("_seen_shape", (n_features,))
        sound &= all(type(n) is int and n > 0 for n in seen)
        sound &= len(seen) <= 3 and math.prod(seen) == n_features
    else:
        sides = state["image_shape_"]
        sound &= _are_classes(state["classes_"])
        if "class_names_" in state:
            n_classes = len(state["classes_"])
            check_class_names("class_names_", state["class_names_"], n_classes)
        sound &= state["_seed"] >= 0
        sound &= _is_history(state["history_"], state["n_iter_"])
        sound &= len(sides) == 3 and all(type(n) is int and n > 0 for n in sides)
        sound &= math.prod(sides) == n_features
        seen = state.get("_seen_shape", sides)
        sound &= seen in input_shapes(sides) and all(type(n) is int for n in seen)
    if not sound:
        raise ValueError(f"the parts of the state of {name} do not fit together")


def input_shapes(image_shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """List the shapes that an image of (height, width, channels) may come in."""
    *size, channels = image_shape
    grey = [tuple(size)] if channels == 1 else []
    return [(math.prod(image_shape),), *grey, image_shape]


def _of_kind(table: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    return table.get(name, table["classifier"])


def _are_classes(classes: np.ndarray) -> bool:
    """Whether labels are sorted, and none of them stands twice."""
    if classes.dtype.kind == "f" and not np.isfinite(classes).all():
        return False
    if classes.dtype.kind == "O" and len(set(map(type, classes)) | {str}) > 1:
        return False
    return classes.ndim == 1 and bool((classes[:-1] < classes[1:]).all())


def _is_history(history: dict[Any, Any], n_iter: int) -> bool:
    """Whether there is a loss for each epoch, and numbers only."""
    columns = list(history.values())
    if not all(type(column) is list for column in columns):
        return False
    n_epochs = len(history.get("loss", ()))
    return (
        {"loss", "accuracy"} <= history.keys()
        and len(history["accuracy"]) == n_epochs
        and min(1, n_epochs) <= n_iter <= n_epochs
        and all(type(name) is str for name in history)
        and all(len(column) <= n_epochs for column in columns)
        and all(type(value) is float for column in columns for value in column)
    )


def _make_network(
    held: dict[str, Any],
    members: dict[str, bytes],
    decoder: Decoder,
    estimator: Any,
) -> FittedNetwork:
    config = config_from_dict(decoder.decode(held["config"]))
    optimizer = decoder.decode(held["optimizer"])
    values, optimizer_values = (
        unpack(held["values"][name], members) for name in ("weights", "optimizer")
    )
    _matching(config, values)
    if isinstance(config, KerasConfig):
        config.check(values)
    if type(config) is not type(estimator)._config_kind():
        raise ValueError("its network is not one that such a classifier builds")
    if getattr(config, "image_shape", estimator.image_shape_) != estimator.image_shape_:
        raise ValueError("its network takes images of another shape")
    if estimator.n_features_in_ != config.n_features:
        raise ValueError("its network does not take images of as many pixels")
    if len(estimator.classes_) != config.n_classes:
        raise ValueError("its network does not have as many outputs as labels")
    if not all(np.isfinite(v).all() for v in [*values, *optimizer_values]):
        raise ValueError("not all of its weights are finite")
    _check_optimizer(optimizer, optimizer_values, config)
    return FittedNetwork.from_state(
        {
            "config": config.to_dict(),
            "optimizer": optimizer,
            "values": values,
            "optimizer_values": optimizer_values or None,
        }
    )


def _check_optimizer(
    held: dict[str, Any], values: list[np.ndarray], config: Any
) -> None:
    if not values and is_plain(held):
        return
    from skfashion._backend.optimizers import config_from_dict

    optimizer = config_from_dict(held)
    if values:
        refuse_after_fork()
        optimizer.check_values(values, config)
    elif optimizer.key not in _SOUND and not useless_after_fork():
        # Settings that are none of its own would be told of when training goes on.
        optimizer.make()
        _SOUND.add(optimizer.key)
