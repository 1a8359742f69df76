"""Runs a recipe on the real data and measures what came out."""

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.metrics import accuracy_score, log_loss, precision_recall_fscore_support
from sklearn.pipeline import Pipeline
from sklearn.utils import Bunch

from skfashion.recipes._recipes import make_pipeline, split

if TYPE_CHECKING:
    import keras

_SHOWN_LABELS = 3


@dataclass
class Measured:
    """What one training of one recipe gave.

    Parameters
    ----------
    name : str
        The recipe.
    seed : int
        Its random_state.
    seconds : float
        Of ``fit``.
    figures : dict of str to float
        Everything measured, by the names of the published quantities.

    See Also
    --------
    Run : Has the fitted pipeline too.
    summarize : Sums several up.

    Examples
    --------
    >>> from skfashion.recipes import Measured
    >>> measured = Measured("dense-32", seed=0, seconds=9.5, figures={"epochs": 10.0})
    >>> measured.figures["epochs"]
    10.0
    """

    name: str
    seed: int
    seconds: float
    figures: dict[str, float]


@dataclass
class Run(Measured):
    """One training of one recipe: what it gave, and what can be used on.

    Parameters
    ----------
    name : str
        The recipe.
    seed : int
        Its random_state.
    seconds : float
        Of ``fit``.
    figures : dict of str to float
        Everything measured, by the names of the published quantities.
    pipeline : sklearn.pipeline.Pipeline
        Fitted.
    probabilities : ndarray of shape (n_test, 10)
        Of the test images.

    See Also
    --------
    run_recipe : Makes one.

    Examples
    --------
    >>> from skfashion import load_fashion_sample
    >>> from skfashion.recipes import run_recipe
    >>> train, test = load_fashion_sample(), load_fashion_sample(subset="test")
    >>> run = run_recipe("dense-32", train, test, epochs=1)
    >>> run.name, run.seed, run.probabilities.shape
    ('dense-32', 0, (500, 10))
    """

    pipeline: Pipeline
    probabilities: np.ndarray


def run_recipe(
    name: str,
    train: Bunch,
    test: Bunch,
    *,
    seed: int = 0,
    epochs: int | None = None,
    callbacks: Sequence[Any] = (),
) -> Run:
    """Train a recipe once and measure it.

    Parameters
    ----------
    name : str
        One of ``RECIPES``.
    train : Bunch
        What it is trained on, as ``fetch_fashion_mnist`` returns it.
    test : Bunch
        What it is measured on.
    seed : int, default=0
        Seed of the classifier.
    epochs : int or None, default=None
        In place of the recipe's. None trains for as many as the recipe says.
    callbacks : sequence of keras.callbacks.Callback, default=()
        Called while it trains.

    Returns
    -------
    Run
        The fitted pipeline and its figures.

    Raises
    ------
    ParameterError
            If there is no recipe of that name.
    DataError
        If there are too few images for the recipe to hold any out.

    See Also
    --------
    make_pipeline : Makes the pipeline alone, to be fitted on anything.
    summarize : Sums runs up over their seeds.
    skfashion.datasets.fetch_fashion_mnist : The data that the reports used.

    Examples
    --------
    >>> from skfashion import load_fashion_sample
    >>> from skfashion.recipes import run_recipe
    >>> train, test = load_fashion_sample(), load_fashion_sample(subset="test")
    >>> run = run_recipe("dense-32", train, test, epochs=1)
    >>> run.figures["epochs"], run.figures["weights"]
    (1.0, 25450.0)
    """
    changed = {} if epochs is None else {"epochs": epochs}
    pipeline = make_pipeline(
        name, random_state=seed, callbacks=list(callbacks) or None, **changed
    )
    X, y, X_val, y_val = split(name, train.data, train.target)
    held_out = {}
    if X_val is not None:
        # A pipeline's steps do not reach what is passed to the classifier.
        scaled = pipeline["scale"].fit(X).transform(X_val)
        held_out = {"clf__X_val": scaled, "clf__y_val": y_val}
    start = time.perf_counter()
    pipeline.fit(X, y, **held_out)
    seconds = time.perf_counter() - start
    # The caller's, not part of what is measured, kept or saved.
    pipeline["clf"].set_params(callbacks=None)
    probabilities = pipeline.predict_proba(test.data)
    classifier = pipeline["clf"]
    figures = measure(classifier.model_, classifier.history_, test, probabilities)
    return Run(name, seed, seconds, figures, pipeline, probabilities)


def measure(
    model: "keras.Model",
    history: Mapping[str, Sequence[float]],
    test: Bunch,
    probabilities: np.ndarray,
) -> dict[str, float]:
    """Measure a trained network by the names of the published quantities.

    Parameters
    ----------
    model : keras.Model
        The network.
    history : mapping of str to sequence of float
        Keras's, of its training.
    test : Bunch
        As ``fetch_fashion_mnist`` returns it.
    probabilities : ndarray of shape (n_test, 10)
        What the network gives for the test images.

    Returns
    -------
    dict of str to float
        Of its size, its training and the test images.

    See Also
    --------
    run_recipe : Trains what is measured, too.

    Examples
    --------
    >>> from skfashion import load_fashion_sample
    >>> from skfashion.recipes import run_recipe
    >>> train, test = load_fashion_sample(), load_fashion_sample(subset="test")
    >>> run = run_recipe("dense-32", train, test, epochs=1)
    >>> from skfashion.recipes import measure
    >>> clf = run.pipeline["clf"]
    >>> figures = measure(clf.model_, clf.history_, test, run.probabilities)
    >>> figures["reloaded model equals the saved one"]
    1.0
    """
    weights = model.count_params()
    figures = {
        "epochs": len(history["loss"]),
        "weights": weights,
        "kilobytes of weights": weights * 4 / 1024,
        "reloaded model equals the saved one": float(_survives_saving(model)),
        **_test_figures(test, probabilities),
    }
    for key, values in history.items():
        # Keras calls the train accuracy "accuracy", that of validation "val_accuracy".
        held_out, _, metric = key.rpartition("_")
        quantity = f"{'validation' if held_out else 'train'} {metric}"
        figures[quantity] = values[-1]
        for epoch, value in enumerate(values, 1):
            figures[f"{quantity}, epoch {epoch}"] = value
    figures["test loss minus train loss"] = figures["test loss"] - figures["train loss"]
    return {quantity: float(value) for quantity, value in figures.items()}


def _test_figures(test: Bunch, probabilities: np.ndarray) -> dict[str, float]:
    predicted = probabilities.argmax(axis=1)
    precision, recall, f1, _ = precision_recall_fscore_support(
        test.target, predicted, zero_division=0
    )
    figures = {
        "test accuracy": accuracy_score(test.target, predicted),
        "test loss": log_loss(test.target, probabilities),
        "macro precision": precision.mean(),
        "macro recall": recall.mean(),
        "macro F1": f1.mean(),
    }
    for name, score, part in zip(test.target_names, f1, recall, strict=True):
        figures[f"F1, {name}"] = score
        figures[f"accuracy, {name}"] = part
    for number, label in enumerate(predicted[:_SHOWN_LABELS], 1):
        figures[f"label of test image {number}"] = label
    return figures


def _survives_saving(model: "keras.Model") -> bool:
    """Save and reload a network; whether structure and weights are equal."""
    from skfashion._backend.runtime import keras

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.keras")
        model.save(path)
        again = keras.models.load_model(path)
    return again.to_json() == model.to_json() and all(
        np.array_equal(one, other)
        for one, other in zip(again.get_weights(), model.get_weights(), strict=True)
    )
