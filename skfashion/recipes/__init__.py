"""Named set-ups as data, what was published of five, running them, summing up."""

from skfashion.recipes._published import PUBLISHED, Published
from skfashion.recipes._recipe import Recipe
from skfashion.recipes._recipes import (
    RECIPES,
    describe,
    get_recipe,
    make_pipeline,
    split,
)
from skfashion.recipes._reproduction import Measured, Run, measure, run_recipe
from skfashion.recipes._summary import against_published, summarize

__all__ = [
    "PUBLISHED",
    "RECIPES",
    "Measured",
    "Published",
    "Recipe",
    "Run",
    "against_published",
    "describe",
    "get_recipe",
    "make_pipeline",
    "measure",
    "run_recipe",
    "split",
    "summarize",
]
