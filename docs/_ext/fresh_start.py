"""Each example begins as a new process would, as far as it can be told apart."""

import sklearn

from skfashion._backend import step_cache

_FIRST = sklearn.get_config()


def reset(_conf, _path):
    """Forget what the example before set for all of scikit-learn, and compiled."""
    sklearn.set_config(**_FIRST)
    step_cache.cache_clear()
