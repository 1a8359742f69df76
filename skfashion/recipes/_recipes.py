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
