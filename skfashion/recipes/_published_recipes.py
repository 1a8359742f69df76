"""The five published set-ups as data: network, training and split.

Nothing about a recipe is said anywhere else but its published numbers, which are in
``PUBLISHED``. What its report left unsaid is named in ``unsaid``, with the value
that was chosen here.
"""

from collections.abc import Mapping
from typing import Any

from skfashion.neural_network import FashionCNNClassifier, FashionMLPClassifier
from skfashion.recipes._recipe import Recipe

# What nobody had in mind who published a plain network.
_PLAIN = {
    "batch_normalization": False,
    "learning_rate_schedule": "constant",
    "augmentation": None,
    "subsample": 1.0,
}
_BATCH = "batches of 32, Keras's default"


def _training(
    epochs: int, *, dropout: float = 0.0, batch_size: int = 32, **optimizer: Any
) -> dict[str, Any]:
    """Give the parameters of a training, by Adam unless an optimizer is named."""
    return {
        **_PLAIN,
        "dropout": dropout,
        **(optimizer or {"optimizer": "adam"}),
        "epochs": epochs,
        "batch_size": batch_size,
    }


PUBLISHED_RECIPES: Mapping[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="dropout",
            network="784-128-10, ReLU, dropout after the hidden layer, softmax",
            classifier=FashionMLPClassifier,
            parameters={"hidden_layer_sizes": (128,), **_training(28, dropout=0.2)},
            unsaid={
                "hidden units": "128",
                "dropout rate": "0.2",
                "optimizer": "Adam, 0.001 (the report says: a common one)",
                "batch size": _BATCH,
            },
            remarks=(
                "The train figures are those of the last epoch while it trained, with "
                "dropout at work, as Keras reports them.",
            ),
        ),
        Recipe(
            name="sgd-300-100",
            network="784-300-100-10, ReLU, softmax",
            classifier=FashionMLPClassifier,
            parameters={
                "hidden_layer_sizes": (300, 100),
                **_training(30, optimizer="sgd", learning_rate=0.01),
            },
            validation=slice(0, 5000),
            unsaid={"batch size": _BATCH},
        ),
        Recipe(
            name="dense-32",
            network="784-32-10, ReLU, softmax",
            classifier=FashionMLPClassifier,
            parameters={"hidden_layer_sizes": (32,), **_training(10)},
            unsaid={"batch size": _BATCH, "learning rate": "0.001, Keras's default"},
        ),
        Recipe(
            name="deep-512-256-128",
            network="784-512-256-128-10, ReLU, softmax",
            classifier=FashionMLPClassifier,
            parameters={"hidden_layer_sizes": (512, 256, 128), **_training(15)},
            unsaid={"learning rate": "0.001, Keras's default"},
            remarks=(
                "The report trains on one-hot labels with categorical cross-entropy; "
                "here the labels are integers and the loss is its sparse form, which "
                "is the same number with the same gradient.",
                "Its TensorBoard log is written with --tensorboard.",
            ),
        ),
        Recipe(
            name="cnn",
            network="conv 32, max-pool, conv 64, max-pool, dense 128, softmax 10",
            classifier=FashionCNNClassifier,
            parameters={
                "filters": (32, 64),
                "convolutions": 1,
                "kernel_size": 3,
                "padding": "valid",
                "residual": False,
                "pooling": "flatten",
                "dense_sizes": (128,),
                "logit_scale": 1.0,
                **_training(10, batch_size=128),
            },
            validation=slice(54_000, 60_000),
            unsaid={
                "kernels": "3x3, unpadded; pools of 2x2",
                "learning rate": "0.001, Keras's default",
                "which images validate": "the last 6,000, as Keras's validation_split",
                "the network of two hidden layers": "that of sgd-300-100",
            },
            remarks=("The channel axis is added by the classifier.",),
        ),
    )
}
