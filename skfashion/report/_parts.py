"""Parts that every page on fitted models has."""

import platform
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import ConfusionMatrixDisplay, classification_report
from sklearn.utils import Bunch

from skfashion._utils.versions import LIBRARIES, versions
from skfashion.displays import (
    CategoryAccuracyDisplay,
    FirstLayerDisplay,
    ImageGridDisplay,
    PredictionGridDisplay,
    TrainingCurvesDisplay,
)
from skfashion.displays._style import figure_text
from skfashion.metrics import category_table, confused_pairs
from skfashion.report._page import Drawing, Preformatted, Section, Table


def made_with() -> str:
    """Say what a page was made with."""
    named = {"Python": platform.python_version(), **versions(*LIBRARIES)}
    return f"{', '.join(map(' '.join, named.items()))}."


def figures_table(
    title: str, frame: pd.DataFrame, columns: Mapping[str, tuple[str, str]], note: str
) -> Table:
    """Choose columns of a data frame, each under a heading and in a form."""
    formats = dict(columns.values())
    frame = frame[list(columns)].set_axis(list(formats), axis="columns")
    return Table(title, frame, formats, note)


def training(estimators: Mapping[str, Any]) -> Section:
    """Draw accuracy and loss by epoch."""

    def curves(metric: str) -> Drawing:
        return Drawing(
            f"{metric.capitalize()} by epoch",
            lambda ax: TrainingCurvesDisplay.from_estimators(
                estimators, metric=metric, ax=ax
            ),
            alt=f"Lines of training and validation {metric} by epoch, a model each.",
            size=(9, 5),
        )

    return Section(
        "Training",
        [
            "Solid lines are the images trained on, as measured while training; dashed "
            "lines are validation images, where some were held out."
        ],
        [curves("accuracy"), curves("loss")],
    )


def summary(
    table: Table, predictions: Mapping[str, np.ndarray], test: Bunch
) -> Section:
    """Show a table of several models, and their accuracy in each category."""
    by_category = Drawing(
        "Accuracy by category",
        lambda ax: CategoryAccuracyDisplay.from_predictions(
            test.target, predictions, class_names=test.target_names, ax=ax
        ),
        alt="Dots of the accuracy in each category, a mark for each model.",
        caption="The part of a category's test images that is recognised.",
        size=(9, 1.5 + len(test.target_names) * max(0.4, 0.1 * len(predictions))),
    )
    return Section("Summary", contents=[table, by_category])


def closer_look(
    name: str, test: Bunch, predicted: np.ndarray, probabilities: np.ndarray | None
) -> Section:
    """Show where one model is right and wrong."""
    names = test.target_names
    answers = predicted if probabilities is None else probabilities

    def grid(ax: Any, kind: str) -> None:
        PredictionGridDisplay.from_predictions(
            test.images, test.target, answers, class_names=names, kind=kind, ax=ax
        )

    def matrix(ax: Any) -> None:
        # Without a map of its own, it has that of the page's theme.
        style = {"xticks_rotation": 45, "colorbar": False, "cmap": None}
        shown = [figure_text(name) for name in names]
        ConfusionMatrixDisplay.from_predictions(
            test.target, predicted, display_labels=shown, ax=ax, **style
        )

    categories = category_table(test.target, predicted, class_names=names)
    pairs = confused_pairs(test.target, predicted, class_names=names)
    of_actual = "share: of the images of the actual category."
    shares = dict.fromkeys(("accuracy", "precision", "f1", "share"), "{:.3f}")
    report = classification_report(
        test.target, predicted, target_names=names, digits=3, zero_division=0
    )
    return Section(
        f"A closer look at {name}",
        contents=[
            Table("By category", categories, shares),
            Drawing(
                "Confusion matrix",
                matrix,
                alt="Numbers of test images by actual and by predicted category.",
                caption="Test images; those on the diagonal are right.",
                size=(8, 7.5),
            ),
            Table("Most confused pairs", pairs, shares, of_actual),
            Drawing(
                "The first 25 test images",
                partial(grid, kind="first"),
                alt="Images with the predicted and the actual category.",
                size=(9, 11.5),
            ),
            Drawing(
                "The worst mistakes",
                partial(grid, kind="mistakes"),
                alt="Wrongly classified images with predicted and actual category.",
                caption="Wrong predictions, the most certain first.",
                size=(9, 11.5),
            ),
            Preformatted("scikit-learn's classification report", report),
        ],
    )


def learned(estimators: Mapping[str, Any]) -> Section:
    """Show the weights of first layers."""

    def weights(name: str, estimator: Any) -> Drawing:
        return Drawing(
            name,
            lambda ax: FirstLayerDisplay.from_estimator(estimator, ax=ax),
            alt=f"Weights of the first layer of {name} as small images.",
            size=(9, 5),
        )

    return Section(
        "What first layers learned",
        [
            "Of a dense network, the weights that each unit puts on the pixels; of a "
            "convolutional one, its filters."
        ],
        [weights(name, estimator) for name, estimator in estimators.items()],
    )


def images(train: Bunch) -> Section:
    """Show the first images of the data set."""
    return Section(
        "The images",
        contents=[
            Drawing(
                "The first 40 training images",
                lambda ax: ImageGridDisplay.from_images(
                    train.images, train.target, class_names=train.target_names, ax=ax
                ),
                alt="Forty images of clothing with the names of their categories.",
                size=(9, 6.5),
            )
        ],
    )
