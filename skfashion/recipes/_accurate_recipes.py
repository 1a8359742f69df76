"""Set-ups of this package's own: the most accuracy for a time, as data.

They were found on training images alone (docs/accuracy-search.md); what they reach on
the test images is in docs/accuracy.md. Their numbers of epochs are for processors that
are fast at bfloat16; others take longer than the budgets there.
"""

from collections.abc import Mapping
from typing import Any

from skfashion.neural_network import FashionCNNClassifier, FashionMLPClassifier
from skfashion.preprocessing import Augmentation
from skfashion.recipes._recipe import Recipe

_CONVOLUTIONAL: Mapping[str, Any] = {
    "label_smoothing": 0.1,
    # All epochs but the first and the last are of 40% of the rows.
    "subsample": 0.4,
    # Float32 takes 1.4 times as long, where the processor is fast at bfloat16.
    "dtype_policy": "auto",
    "augmentation": Augmentation(shift=1),
    # Moved by a pixel, not mirrored: the best on validation images.
    "n_views": 3,
}
_STAGES = "batch-normalised, residual: three stages of {}, {} and {} filters"

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
            network=_STAGES.format(16, 32, 64),
            classifier=FashionCNNClassifier,
            parameters={**_CONVOLUTIONAL, "filters": (16, 32, 64), "epochs": 17},
        ),
        Recipe(
            name="cnn-accurate",
            network=_STAGES.format(32, 64, 128),
            classifier=FashionCNNClassifier,
            parameters={
                **_CONVOLUTIONAL,
                "filters": (32, 64, 128),
                # Over many epochs norms else have the weights learn less and less.
                "weight_decay": 0.1,
                "epochs": 40,
            },
        ),
        Recipe(
            name="cnn-best",
            network=_STAGES.format(48, 96, 192),
            classifier=FashionCNNClassifier,
            parameters={
                **_CONVOLUTIONAL,
                "filters": (48, 96, 192),
                "weight_decay": 0.1,
                # So many epochs need more variety.
                "augmentation": Augmentation(horizontal_flip=True, shift=2, cutout=8),
                # Its trial had 75 of them; there is time for more.
                "epochs": 110,
            },
        ),
    )
}
