"""The global state of Python, NumPy, TensorFlow and Keras, left as it was found."""

import collections
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from skfashion._backend.runtime import context, forget_kernels, generators, keras, tf

__all__ = ["built_alike", "keras_state", "untouched"]

# What Keras keeps of random draws without a seed, and of variables without a value.
_OF_A_BUILD = ("global_seed_generator", "uninitialized_variables")
# There is one of each in a process.
_alone = threading.RLock()


def keras_state() -> dict[str, Any]:
    """Give what Keras keeps for this thread, by name: it may be changed."""
    return vars(keras.src.backend.common.global_state.GLOBAL_STATE_TRACKER)


@contextmanager
def untouched(seed: int = 0) -> Iterator[None]:
    """Run what draws from global generators and takes names from global counters.

    Within, the generators start from a seed and Keras's names are counted from the
    beginning; afterwards all of them are as they were, and so is Keras's policy.

    Parameters
    ----------
    seed : int, default=0
        Of Python's, NumPy's and TensorFlow's generators.
    """
    eager = context.context()
    eager.ensure_initialized()
    with _alone:
        python, arrays = random.getstate(), np.random.get_state()  # noqa: NPY002
        # The generator is there after a seed was set only.
        tensors = {name: vars(eager).get(name) for name in ("_seed", "_rng")}
        generator = generators.global_generator
        names = keras_state()
        held = dict(names)
        try:
            random.seed(seed)
            np.random.seed(seed % 2**32)  # noqa: NPY002
            # Not by tf.random.set_seed, which drops every kernel of the process.
            eager._seed, eager._rng = seed, random.Random(seed)
            generators.global_generator = tf.random.Generator.from_seed(seed)
            names["object_name_uids"] = collections.defaultdict(int)
            for name in _OF_A_BUILD:
                names.pop(name, None)
            yield
        finally:
            random.setstate(python)
            np.random.set_state(arrays)  # noqa: NPY002
            vars(eager).update(tensors)
            generators.global_generator = generator
            names.clear()
            names.update(held)


def built_alike(seed: int, build: Any) -> Any:
    """Call a function so that it gives the same each time, whatever was run before.

    Parameters
    ----------
    seed : int
        Of all that it draws.
    build : callable
        Takes no arguments.

    Returns
    -------
    object
        What it gives.
    """
    with untouched(seed):
        begun = context.context()._rng.getstate()
        built = build()
        if context.context()._rng.getstate() == begun:
            return built
    # It drew from TensorFlow's own operations, whose kernels go on from where an
    # earlier call of the same seed left them.
    forget_kernels()
    with untouched(seed):
        return build()
