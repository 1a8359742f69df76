"""Saves estimators without pickle: a zip file of JSON and of the network's weights.

Nothing in a file is ever run. A file names no code: its classes are looked up in a list
of three, and its network is built anew from a few numbers and then given its weights.
"""

import importlib.metadata
import math
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline

from skfashion._archive import (
    MADE_UP,
    from_json,
    read_archive,
    to_json,
    write_archive,
)
from skfashion._plain import from_plain, to_plain
from skfashion._processes import refuse_after_fork
from skfashion._weights import pack, unpack, values_of
from skfashion.cnn import FashionCNNClassifier
from skfashion.exceptions import ModelFileError, OtherVersionWarning, ParameterError
from skfashion.mlp import FashionMLPClassifier
from skfashion.preprocessing import PixelScaler

__all__ = ["load", "save"]

_FORMAT = 1
_KINDS = {
    kind.__name__: kind
    for kind in (FashionCNNClassifier, FashionMLPClassifier, PixelScaler)
}
_LIBRARIES = ("scikit-learn", "keras", "tensorflow")
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


def save(estimator: Any, path: str | os.PathLike[str]) -> Path:
    """Save an estimator or a pipeline to a file, without pickle.

    The file is written beside its place and put there when it is whole: whatever
    happens meanwhile, the old one stays as it was.

    Parameters
    ----------
    estimator : FashionMLPClassifier, FashionCNNClassifier, PixelScaler or Pipeline
        Fitted or not; a pipeline of these.
    path : str or path
        Of the file, which is replaced if it is there.

    Returns
    -------
    pathlib.Path
        Where it is.

    Raises
    ------
    ParameterError
        If the estimator is of another class, or holds what cannot be saved.
    WriteError
        If the file cannot be written.

    See Also
    --------
    load : Reads it.

    Notes
    -----
    Callbacks are not saved, nor ``checkpoint`` or a ``random_state`` that is a
    generator. The state of the optimizer is saved where training may go on, with
    ``warm_start=True`` or after ``partial_fit``.

    Examples
    --------
    >>> import tempfile
    >>> import skfashion
    >>> X, y = skfashion.load_fashion_sample(return_X_y=True)
    >>> mlp = skfashion.FashionMLPClassifier(32, epochs=1, rescale=1 / 255).fit(X, y)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = skfashion.load(skfashion.save(mlp, folder + "/mlp.skfashion"))
    >>> bool((again.predict(X) == mlp.predict(X)).all())
    True
    """
    weights: dict[str, bytes] = {}
    description = to_json(_describe(estimator, weights))
    about = {"format": _FORMAT, "versions": _versions()}
    return write_archive(path, about, {"estimator.json": description, **weights})


def load(path: str | os.PathLike[str]) -> Any:
    """Load what ``save`` saved, from a file that anybody may have written.

    Parameters
    ----------
    path : str or path
        Of the file.

    Returns
    -------
    estimator
        As it was saved.

    Raises
    ------
    ModelFileError
        If the file is anything but what ``save`` writes, or of a later format.
    OSError
        If there is no such file, or it cannot be read.

    Warns
    -----
    OtherVersionWarning
        If scikit-learn, Keras or TensorFlow has another version now.
    """
    manifest, members = read_archive(path)
    version = manifest.get("format")
    if version != _FORMAT:
        raise ModelFileError(
            f"{path} is of format {version!r:.20}; this version of skfashion reads "
            f"format {_FORMAT}."
        )
    try:
        description = from_json(members.pop("estimator.json"))
        estimator = _make(description, members)
        if members:
            raise ValueError(f"it has members of no use, {', '.join(members)}")
        saved_with = dict(manifest["versions"])
    except MADE_UP as error:
        raise ModelFileError(
            f"{path} does not describe a model: {type(error).__name__}, {error!s:.200}."
        ) from error
    _compare_versions(path, saved_with)
    return estimator


def _versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in _LIBRARIES}


def _compare_versions(path: Any, saved_with: dict[str, str]) -> None:
    now = _versions()
    changed = [name for name in _LIBRARIES if saved_with.get(name) != now[name]]
    if changed:
        told = "; ".join(
            f"{name} {saved_with.get(name)!s:.20} then, {now[name]} now"
            for name in changed
        )
        warnings.warn(
            f"{path} was saved with other versions: {told}.",
            OtherVersionWarning,
            stacklevel=3,
        )


def _describe(estimator: Any, weights: dict[str, bytes]) -> dict[str, Any]:
    name = type(estimator).__name__
    if type(estimator) is Pipeline:
        return {
            "class": "Pipeline",
            "steps": [
                [step, _describe(inner, weights)] for step, inner in estimator.steps
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
    if "callbacks" in params:
        params["callbacks"] = params["checkpoint"] = None
        if isinstance(params["random_state"], np.random.RandomState):
            params["random_state"] = None
    held = vars(estimator)
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
    refuse_after_fork()
    from skfashion import blueprint

    model = estimator._model
    variables = {"variables": model.variables, "optimizer": []}
    if estimator._keeps_optimizer:
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


def _make(description: dict[str, Any], members: dict[str, bytes]) -> Any:
    name = description["class"]
    if name == "Pipeline":
        steps = [(step, _make(inner, members)) for step, inner in description["steps"]]
        pipeline = Pipeline(steps)
        pipeline._validate_names([step for step, _ in steps])
        return pipeline
    estimator = _KINDS[name]()
    params = {key: from_plain(value) for key, value in description["params"].items()}
    estimator.set_params(**params)
    estimator._validate_params()
    state = {key: from_plain(value) for key, value in description["state"].items()}
    if state:
        _check_state(name, state)
    for key, value in state.items():
        setattr(estimator, key, value)
    if ("network" in description) != ("classes_" in state):
        raise ValueError("a network without its labels, or labels without a network")
    if "network" in description:
        _hold_network(estimator, description["network"], members)
    return estimator


def _check_state(name: str, state: dict[str, Any]) -> None:
    """Refuse what no fit leaves behind: it would fail later, and elsewhere."""
    wanted = _STATE.get(name, _STATE["classifier"])
    if not wanted.keys() <= state.keys() <= {*wanted, *_SOMETIMES}:
        raise ValueError(f"the state of {name} is not {', '.join(state)}")
    for key, value in state.items():
        if not isinstance(value, {**wanted, **_SOMETIMES}[key]):
            raise ValueError(f"{key} of {name} is {value!r:.80}")
    n_features = state["n_features_in_"]
    names = state.get("feature_names_in_")
    sound = n_features > 0 and (names is None or names.shape == (n_features,))
    if name == "PixelScaler":
        sound &= 1e-30 <= state["data_max_"] <= 1e30 and state["dtype_"].kind in "biuf"
        sound &= state["data_min_"] in (0, -state["data_max_"])
    else:
        sound &= state["classes_"].ndim == 1
        sound &= list(map(type, state["image_shape_"])) == [int] * 3
        sound &= math.prod(state["image_shape_"]) == n_features
        sound &= all(type(values) is list for values in state["history_"].values())
    if not sound:
        raise ValueError(f"the parts of the state of {name} do not fit together")


def _hold_network(
    estimator: Any, network: dict[str, Any], members: dict[str, bytes]
) -> None:
    from skfashion import blueprint

    plan = from_plain(network["blueprint"])
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
    optimizer = from_plain(network["optimizer"])
    estimator._hold(lambda: blueprint.build(plan), estimator.classes_, optimizer)
    estimator._fill(arrays, state)
