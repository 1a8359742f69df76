"""The five published set-ups as data: network, training and split.

Nothing about a recipe is said anywhere else but its published numbers, which are in
``PUBLISHED``. What its report left unsaid is named in ``unsaid``, with the value
that was chosen here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline

from skfashion.exceptions import DataError, ParameterError
from skfashion.neural_network import FashionCNNClassifier, FashionMLPClassifier
from skfashion.preprocessing import PixelScaler
from skfashion.recipes._published import PUBLISHED, Published


@dataclass(frozen=True)
class Recipe:
    """One published set-up.

    Attributes
    ----------
    name : str
        As the command line takes it.
    network : str
        The network in a line.
    classifier : type
        ``FashionMLPClassifier`` or ``FashionCNNClassifier``.
    parameters : mapping of str to object
        Of the classifier, all that differ from its defaults.
    validation : slice or None
        Training images that are held out; None trains on all.
    unsaid : mapping of str to str
        What the report does not say, and what was chosen here.
    remarks : tuple of str
        Where the words of the report and what is done here differ.
    """

    name: str
    network: str
    classifier: type
    parameters: Mapping[str, Any]
    validation: slice | None = None
    unsaid: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def published(self) -> tuple[Published, ...]:
        """Every number that the report gives."""
        return PUBLISHED[self.name]


_BATCH = "batches of 32, Keras's default"


def _training(
    epochs: int, *, dropout: float = 0.0, batch_size: int = 32, **optimizer: Any
) -> dict[str, Any]:
    """Give the parameters of a training, by Adam unless an optimizer is named."""
    return {
        "dropout": dropout,
        **(optimizer or {"optimizer": "adam"}),
        "epochs": epochs,
        "batch_size": batch_size,
    }


RECIPES: Mapping[str, Recipe] = {
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
                "kernel_size": 3,
                "dense_sizes": (128,),
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


def get_recipe(name: str) -> Recipe:
    """Look a recipe up.

    Parameters
    ----------
    name : str
        One of ``RECIPES``.

    Returns
    -------
    Recipe
        The set-up.

    Raises
    ------
    ParameterError
        If there is none of that name.
    """
    if name not in RECIPES:
        raise ParameterError(
            f"name={name!r} is not a recipe; it must be one of {', '.join(RECIPES)}."
        )
    return RECIPES[name]


def make_pipeline(
    name: str, *, random_state: Any = None, **parameters: Any
) -> Pipeline:
    """Make the pipeline of a recipe, from raw pixels to labels.

    Parameters
    ----------
    name : str
        One of ``RECIPES``.
    random_state : int, numpy.random.RandomState or None, default=None
        Seed of the classifier.
    **parameters
        Of the classifier, in place of the recipe's: ``epochs=1``, say.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Unfitted: "scale", a ``PixelScaler``, and "clf", the classifier.

    Raises
    ------
    ParameterError
        If there is no recipe of that name.

    Examples
    --------
    >>> from skfashion.recipes import make_pipeline
    >>> make_pipeline("dense-32", random_state=0)["clf"].hidden_layer_sizes
    (32,)
    """
    recipe = get_recipe(name)
    classifier = recipe.classifier(
        **{**recipe.parameters, "random_state": random_state, **parameters}
    )
    return Pipeline([("scale", PixelScaler()), ("clf", classifier)])


def split(
    name: str, X: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray | None, np.ndarray | None]:
    """Split the training images as a recipe does.

    Parameters
    ----------
    name : str
        One of ``RECIPES``.
    X : ndarray of shape (60000, ...)
        Training images.
    y : ndarray of shape (60000,)
        Their labels.

    Returns
    -------
    X_train, y_train : ndarray
        What the recipe trains on.
    X_val, y_val : ndarray or None
        What it validates on, if anything.

    Raises
    ------
    ParameterError
        If there is no recipe of that name.
    DataError
        If there are too few images to hold any out, as in the bundled sample, or not
        one label an image.
    """
    held = get_recipe(name).validation
    if len(X) != len(y):
        raise DataError(
            f"y has {len(y):,} labels, but X has {len(X):,} images; it must have one "
            "for each."
        )
    if held is None:
        return X, y, None, None
    if len(X) < held.stop or len(X) == held.stop - held.start:
        raise DataError(
            f"X has {len(X):,} images, but {name!r} holds out images {held.start:,} to "
            f"{held.stop - 1:,} of the 60,000 training images of Fashion-MNIST."
        )
    rest = np.ones(len(X), dtype=bool)
    rest[held] = False
    return X[rest], y[rest], X[held], y[held]


def describe(name: str) -> str:
    """Tell in words what a recipe is, what was published, and what was left unsaid.

    Parameters
    ----------
    name : str
        One of ``RECIPES``.

    Returns
    -------
    str
        Several lines.

    Raises
    ------
    ParameterError
        If there is no recipe of that name.
    """
    recipe = get_recipe(name)
    settings = ", ".join(f"{key}={value!r}" for key, value in recipe.parameters.items())
    held = recipe.validation
    trained_on = (
        "all training images"
        if held is None
        else f"all training images but {held.start:,} to {held.stop - 1:,}, which "
        "are the validation set"
    )
    parts = {
        "published": [
            f"{one.quantity}: {one.printed}"
            # What is exact cannot be missed by chance.
            + (f" ({one.remark})" if one.better == "equal" and one.remark else "")
            for one in recipe.published
        ],
        "left unsaid by the report, so our choice": [
            f"{what}: {chosen}" for what, chosen in recipe.unsaid.items()
        ],
        "remarks": list(recipe.remarks),
    }
    lines = [
        f"{recipe.name}: {recipe.network}",
        f"{recipe.classifier.__name__}({settings})",
        f"trains on {trained_on}",
    ]
    for title, items in parts.items():
        if items:
            lines += [title, *(f"  {item}" for item in items)]
    return "\n".join(lines)
