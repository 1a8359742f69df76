"""How calls end: counted, and held against what is documented."""

import copy
import traceback
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from skfashion.exceptions import SkfashionError

# A warning that comes out of our own files is an error, but for the documented ones.
DOCUMENTED_WARNINGS = pytest.mark.filterwarnings(
    "ignore",
    "error:::skfashion",
    "ignore::sklearn.exceptions.ConvergenceWarning",
    "ignore::skfashion.exceptions.CheckpointWarning",
    "ignore::skfashion.exceptions.ImageShapeWarning",
    "ignore::skfashion.exceptions.UnscaledPixelsWarning",
)
LIBRARIES = {"skfashion", "sklearn", "keras", "tensorflow", "scikeras"}


class CallbackError(Exception):
    """Raised by a callback of the caller's."""


@pytest.fixture(name="tally")
def fixture_tally(record_property):
    """Count the examples of a test, and how its calls ended."""
    counts = Counter(examples=0, worked=0, refused=0, undocumented=0)
    yield counts
    for name, count in counts.items():
        record_property(name, count)


def is_documented(error):
    """Tell whether an error is one of ours, or one of scikit-learn's about input."""
    files = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    through = [part for file in files for part in Path(file).parts if part in LIBRARIES]
    if isinstance(error, SkfashionError):
        return 10 < len(str(error)) < 1500
    return isinstance(error, CallbackError) or (
        isinstance(error, ValueError | TypeError)
        and through[-1:] == ["sklearn"]
        and not {"keras", "tensorflow", "scikeras"} & {*through}
    )


def attempt(tally, call, *args, **kwargs):
    """Tell whether a call works; what it raises otherwise must be documented."""
    try:
        call(*args, **kwargs)
    except Exception as error:
        if not is_documented(error):
            tally["undocumented"] += 1
            raise
        tally["refused"] += 1
        return False
    tally["worked"] += 1
    return True


def content(value):
    """What an array or a frame holds."""
    has_type = hasattr(value, "dtype") or hasattr(value, "dtypes")
    return repr(np.asarray(value).tolist()) if has_type else value


def state_of(estimator):
    """Everything that a failed call must leave as it was."""
    held, numbers = dict(vars(estimator)), []
    if "_fitted_network" in held:
        state = estimator._fitted_network.to_state()
        rows = np.eye(2, estimator.n_features_in_, dtype=np.float32)
        seen = [estimator.predict_proba(rows), estimator.predict_proba(rows[:1])]
        numbers = [*state["values"], *(state["optimizer_values"] or ()), *seen]
    return held, copy.deepcopy(held.get("history_")), [n.tobytes() for n in numbers]


def is_as_it_was(estimator, before):
    held, history, numbers = state_of(estimator)
    same = held.keys() == before[0].keys()
    same &= all(held[name] is before[0].get(name) for name in held)
    return same and history == before[1] and numbers == before[2]
