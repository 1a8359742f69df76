"""In which order the examples stand, and how each begins."""

import sklearn

from skfashion._backend import step_cache

# What a newcomer reads first; all others follow by their names.
FIRST = [
    "quickstart",
    "own_images",
    "baselines",
    "hidden_sizes",
    "learning_curves",
    "worst_mistakes",
    "first_layers",
    "saliency",
    "embedding",
    "suspected_labels",
    "calibration",
    "augmentation",
    "own_network",
    "save_and_load",
    "export_onnx",
]
_CONFIG = sklearn.get_config()


def order(name):
    """Give what files are sorted by."""
    stem = name.removesuffix(".py")
    return (FIRST.index(stem) if stem in FIRST else len(FIRST), stem)


def reset(_conf, _path):
    """Forget what the example before set for all of scikit-learn, and compiled."""
    sklearn.set_config(**_CONFIG)
    step_cache.cache_clear()
