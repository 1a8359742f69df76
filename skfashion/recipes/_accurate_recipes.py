"""Set-ups of this package's own: the most accuracy for a time, as data.

``mlp-accurate`` and ``cnn-fast`` were tried on training images alone
(docs/accuracy-search.md), the others follow from the latter; what they reach on the
test images is in docs/accuracy.md.
"""

from collections.abc import Mapping
from typing import Any

from skfashion.neural_network import FashionCNNClassifier, FashionMLPClassifier
from skfashion.preprocessing import Augmentation
from skfashion.recipes._recipe import Recipe

_CONVOLUTIONAL: Mapping[str, Any] = {
    "label_smoothing": 0.1,
    "augmentation": Augmentation(horizontal_flip=True, shift=1),
    # Float32 takes 1.4 times as long, where the processor is fast at bfloat16.
    "dtype_policy": "auto",
    "n_views": 6,
}
_WIDE = "batch-normalised, residual: three stages of 32, 64, 128 filters"

ACCURATE_RECIPES: Mapping[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="mlp-accurate",
            network="784-512-512-512-10, batch-normalised, residual",
            classifier=FashionMLPClassifier,
            parameters={
                "label_smoothing": 0.1,
                # Mirror images took it longer to learn than they were worth.
                "augmentation": Augmentation(shift=1),
                "hidden_layer_sizes": (512, 512, 512),
                "residual": True,
                "epochs": 100,
                "batch_size": 256,
            },
        ),
        Recipe(
            name="cnn-fast",
            network="batch-normalised, residual: three stages of 16, 32, 64 filters",
            classifier=FashionCNNClassifier,
            parameters={**_CONVOLUTIONAL, "epochs": 7},
        ),
        Recipe(
            name="cnn-accurate",
            network=_WIDE,
            classifier=FashionCNNClassifier,
            parameters={
                **_CONVOLUTIONAL,
                "filters": (32, 64, 128),
                "augmentation": Augmentation(horizontal_flip=True, shift=2),
                "epochs": 15,
            },
        ),
        Recipe(
            name="cnn-best",
            network=_WIDE,
            classifier=FashionCNNClassifier,
            parameters={
                **_CONVOLUTIONAL,
                "filters": (32, 64, 128),
                "augmentation": Augmentation(horizontal_flip=True, shift=2, cutout=12),
                "epochs": 40,
            },
        ),
    )
}
