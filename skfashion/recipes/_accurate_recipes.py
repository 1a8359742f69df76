"""Set-ups of this package's own: the most accuracy for a time, as data.

Found by trials on training images alone, listed in docs/accuracy-search.md; what they
reach on the test images is in docs/accuracy.md.
"""

from collections.abc import Mapping
from typing import Any

from skfashion.neural_network import FashionCNNClassifier, FashionMLPClassifier
from skfashion.preprocessing import Augmentation
from skfashion.recipes._recipe import Recipe

_NORMALIZED: Mapping[str, Any] = {
    "label_smoothing": 0.1,
}
_CNN: Mapping[str, Any] = {
    **_NORMALIZED,
    "optimizer": {
        "class_name": "SGD",
        "config": {
            # Without a name Keras would number it, and count up for everyone else.
            "name": "sgd",
            "learning_rate": 0.3,
            "momentum": 0.9,
            "nesterov": True,
            "weight_decay": 5e-3,
        },
    },
}

ACCURATE_RECIPES: Mapping[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="mlp-accurate",
            network="784-1024-1024-1024-10, batch-normalised, residual",
            classifier=FashionMLPClassifier,
            parameters={
                **_NORMALIZED,
                "hidden_layer_sizes": (1024, 1024, 1024),
                "epochs": 30,
                "batch_size": 256,
                "augmentation": Augmentation(horizontal_flip=True, shift=1),
                "n_views": 2,
            },
        ),
        Recipe(
            name="cnn-fast",
            network="three stages of two convolutions: 16, 32, 64 filters",
            classifier=FashionCNNClassifier,
            parameters={
                **_CNN,
                "filters": (16, 32, 64),
                "epochs": 6,
                "augmentation": Augmentation(horizontal_flip=True, shift=1),
                "n_views": 2,
            },
        ),
        Recipe(
            name="cnn-accurate",
            network="three stages of two convolutions: 32, 64, 128 filters",
            classifier=FashionCNNClassifier,
            parameters={
                **_CNN,
                "filters": (32, 64, 128),
                "epochs": 13,
                "augmentation": Augmentation(horizontal_flip=True, shift=2),
                "n_views": 6,
            },
        ),
        Recipe(
            name="cnn-best",
            network="three stages of two convolutions: 32, 64, 128 filters",
            classifier=FashionCNNClassifier,
            parameters={
                **_CNN,
                "filters": (32, 64, 128),
                "epochs": 75,
                "augmentation": Augmentation(horizontal_flip=True, shift=2, cutout=12),
                "n_views": 6,
            },
        ),
    )
}
