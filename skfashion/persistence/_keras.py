"""Two networks compared."""

import difflib
import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from skfashion._utils.processes import refuse_after_fork
from skfashion._utils.text import printable
from skfashion.exceptions import ParameterError
from skfashion.neural_network._base import BaseFashionClassifier

if TYPE_CHECKING:
    import keras

__all__ = ["compare_models"]


def compare_models(a: Any, b: Any) -> pd.DataFrame:
    """Compare two networks layer by layer.

    Parameters
    ----------
    a, b : fitted classifier, pipeline that ends in one, or keras.Model
        What is compared.

    Returns
    -------
    pandas.DataFrame
        One row a layer, the input left out: "layer", its name in ``a``, or in ``b``
        where ``a`` has no such layer;
        "structure", "shapes", "dtypes" and "weights", whether they are equal;
        "difference", the largest between two weights, NaN where they cannot be
        compared. ``attrs["verdict"]`` is one line on all of it.

    Raises
    ------
    ParameterError
        If one of the two is not a network.

    See Also
    --------
    load : Reads a model to compare with.
    from_keras : Makes a classifier of a Keras model.

    Examples
    --------
    >>> from skfashion import FashionMLPClassifier, load_fashion_sample
    >>> from skfashion.persistence import compare_models
    >>> X, y = load_fashion_sample(return_X_y=True)
    >>> mlp = FashionMLPClassifier(32, epochs=1, rescale=1 / 255).fit(X, y)
    >>> compare_models(mlp, mlp).attrs["verdict"]
    'equal: structure, shapes, dtypes and every weight'
    """
    layers = [_layers(_network("a", a)), _layers(_network("b", b))]
    rows = [_compare_layers(*pair) for pair in _aligned(*layers)]
    table = pd.DataFrame(rows)
    table.attrs["verdict"] = _verdict(table)
    return table


def _network(name: str, model: Any) -> "keras.Model":
    refuse_after_fork()
    from skfashion._backend.runtime import keras

    last = model[-1] if isinstance(model, Pipeline) and model.steps else model
    if isinstance(last, keras.Model):
        return last
    if not isinstance(last, BaseFashionClassifier):
        raise ParameterError(
            f"{name}={model!r:.80} must be a fitted classifier of skfashion, a "
            "pipeline that ends in one, or a keras.Model."
        )
    return last.model_


def _layers(network: "keras.Model") -> list[Any]:
    from skfashion._backend.runtime import keras

    # Some kinds of models list their input among them, others do not.
    kind = keras.layers.InputLayer
    return [layer for layer in network.layers if not isinstance(layer, kind)]


def _aligned(a: list[Any], b: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Pair layers of one kind in their order; what has no partner is left alone."""
    ours, theirs = ([type(layer).__name__ for layer in layers] for layers in (a, b))
    matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
    for _, start, stop, other_start, other_stop in matcher.get_opcodes():
        yield from itertools.zip_longest(a[start:stop], b[other_start:other_stop])


def _compare_layers(a: Any, b: Any) -> dict[str, Any]:
    row = {"layer": (a or b).name, "structure": False, "shapes": False}
    row |= {"dtypes": False, "weights": False, "difference": np.nan}
    if a is None or b is None:
        if not (a or b).weights:
            # Nothing is missing but the layer, such as one for dropout.
            row |= {"shapes": True, "dtypes": True, "weights": True, "difference": 0.0}
        return row
    ours, theirs = a.get_weights(), b.get_weights()
    row["structure"] = type(a) is type(b) and _settings(a) == _settings(b)
    row["shapes"] = [w.shape for w in ours] == [w.shape for w in theirs]
    row["dtypes"] = [w.dtype for w in ours] == [w.dtype for w in theirs]
    if row["shapes"]:
        row["weights"] = all(map(np.array_equal, ours, theirs))
        row["difference"] = max(_differences(ours, theirs), default=0.0)
    return row


def _settings(layer: Any) -> dict[str, Any]:
    """Take a layer's settings but for names and what decides initial weights only."""
    from skfashion._backend.fingerprint import without_values

    config = without_values(layer.get_config())
    return {key: value for key, value in config.items() if key != "name"}


def _differences(ours: list[Any], theirs: list[Any]) -> Iterator[float]:
    for one, other in zip(ours, theirs, strict=True):
        if one.size:
            yield float(np.abs(one.astype(float) - other.astype(float)).max())


def _verdict(table: pd.DataFrame) -> str:
    checks = ("structure", "shapes", "dtypes", "weights")
    short = [name for name in checks if not table[name].all()]
    if not short:
        return "equal: structure, shapes, dtypes and every weight"
    places = table.loc[~table[short].all(axis=1), "layer"]
    most = table["difference"].max()
    by = f", weights by up to {most:.3g}" if most > 0 else ""
    return f"different in {', '.join(short)}{by}: {', '.join(map(printable, places))}"
