"""Figures of data, of training and of mistakes, as scikit-learn display objects.

A display is made by one of its ``from_...`` methods, which draws it at once. It
keeps its data, so that ``plot`` draws it again, on other axes or in another style;
``ax_`` and ``figure_`` are there for finishing touches. The drawings follow the
style in force, light or dark, and can be read without colours.
"""

from skfashion.displays._categories import CategoryAccuracyDisplay
from skfashion.displays._curves import TrainingCurvesDisplay
from skfashion.displays._images import ImageGridDisplay
from skfashion.displays._predictions import PredictionGridDisplay
from skfashion.displays._weights import FirstLayerDisplay
from skfashion.displays._window import show

__all__ = [
    "CategoryAccuracyDisplay",
    "FirstLayerDisplay",
    "ImageGridDisplay",
    "PredictionGridDisplay",
    "TrainingCurvesDisplay",
    "show",
]
