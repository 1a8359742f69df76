"""Every recipe by its name, and what is made of one."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from skfashion.exceptions import DataError, ParameterError
from skfashion.preprocessing import Augmentation, PixelScaler
from skfashion.recipes._accurate_recipes import ACCURATE_RECIPES
from skfashion.recipes._published_recipes import PUBLISHED_RECIPES
from skfashion.recipes._recipe import Recipe

RECIPES: Mapping[str, Recipe] = {**PUBLISHED_RECIPES, **ACCURATE_RECIPES}
"""Every recipe by its name, which is what ``get_recipe`` looks in.

A mapping of str to ``Recipe``: the five published ones, then those of this package.
"""


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

    See Also
    --------
    describe : Tells it in words.
    make_pipeline : Makes what is trained.

    Examples
    --------
    >>> from skfashion.recipes import get_recipe
    >>> get_recipe("dense-32").network
    '784-32-10, ReLU, softmax'
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
    **parameters : dict
        Of the classifier, in place of the recipe's: ``epochs=1``, say.

    Returns
    -------
    sklearn.pipeline.Pipeline
        Unfitted: "scale", a ``PixelScaler``, and "clf", the classifier.

    Raises
    ------
    ParameterError
        If there is no recipe of that name.

    See Also
    --------
    run_recipe : Trains it and measures it.
    split : Holds out the images that a recipe validates on.

    Examples
    --------
    >>> from skfashion.recipes import make_pipeline
    >>> make_pipeline("dense-32", random_state=0)["clf"].hidden_layer_sizes
    (32,)
    """
    recipe = get_recipe(name)
    settings = {**recipe.parameters, "random_state": random_state, **parameters}
    if isinstance(settings.get("augmentation"), Augmentation):
        # Each pipeline has one of its own, whose parameters can be set.
        settings["augmentation"] = clone(settings["augmentation"])
    classifier = recipe.classifier(**settings)
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
    X_train : ndarray of shape (n_train, ...)
        Images that the recipe trains on.
    y_train : ndarray of shape (n_train,)
        Their labels.
    X_val : ndarray of shape (n_val, ...) or None
        Images that it validates on, if any.
    y_val : ndarray of shape (n_val,) or None
        Their labels.

    Raises
    ------
    ParameterError
        If there is no recipe of that name.
    DataError
        If there are too few images to hold any out, as in the bundled sample, or not
        one label an image.

    See Also
    --------
    get_recipe : Has the rows that are held out as ``validation``.
    sklearn.model_selection.train_test_split : Splits at random.

    Examples
    --------
    >>> import numpy as np
    >>> from skfashion.recipes import split
    >>> X, y = np.zeros((60000, 1)), np.zeros(60000)
    >>> X_train, y_train, X_val, y_val = split("sgd-300-100", X, y)
    >>> X_train.shape, X_val.shape
    ((55000, 1), (5000, 1))
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

    See Also
    --------
    get_recipe : Gives the same as data.
    against_published : Puts measured numbers beside the published ones.

    Examples
    --------
    >>> from skfashion.recipes import describe
    >>> print(describe("dense-32").splitlines()[0])
    dense-32: 784-32-10, ReLU, softmax
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
