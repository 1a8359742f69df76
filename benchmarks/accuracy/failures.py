"""Where the most accurate affordable set-up fails: pairs, images, labels, duplicates.

Fits ``cnn-fast`` on the training images, and once more on each half of them for what it
makes of labels that it has not seen. Writes docs/failures.md and its figures.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from benchmarks.accuracy.setups import make
from benchmarks.shared import machine
from benchmarks.shared.markdown import table
from benchmarks.shared.results import DOCS, say
from skfashion import CLASS_NAMES, fetch_fashion_mnist
from skfashion.displays import ImageGridDisplay, PredictionGridDisplay
from skfashion.inspection import near_duplicates, suspect_labels
from skfashion.metrics import confused_pairs

_SETUP = "cnn-fast"
_FILE = Path(__file__).with_name("failures.json")
_SHOWN = 25
_PAGE = """\
# Where it fails

Which images does a good network get wrong, and is it the network's fault?

Written by `python -m benchmarks.accuracy.failures` on {date}; do not edit. What
`{setup}`, fitted once on the 60,000 training images by seed 0, gets wrong among the
10,000 test images: {wrong:,} of them.

## Categories that are taken for each other

{pairs}

{tops:.0%} of the mistakes are among T-shirts, pullovers, dresses, coats and shirts.

## The images of highest loss

The test images whose own label was thought least likely. Some are mistakes of the
network, some of the label.

![Test images of highest loss]({losses})

## Labels of the training set that are doubtful

Each half of the training images was predicted by a fit on the other half
(`skfashion.inspection.suspect_labels`, `cv=2`): {suspects:,} of 60,000 labels are
suspects by confident learning's count. These {shown} are the least believed; a suspect
is a reason to look, not a proof.

![Training images whose labels are doubtful]({labels})

Their rows in the training set: {rows}.

## Near duplicates in training and test

The pairs of a training and a test image that the network's last hidden layer takes
for most alike (`skfashion.inspection.near_duplicates`). {same} of the {n_pairs} closest
pairs differ by less than {close} grey levels a pixel on average: those are the same
picture, or nearly. In {disagree} of these the two labels differ.

![Pairs of near duplicates, each training image beside its test image]({duplicates})

{duplicate_table}
"""
# Grey levels a pixel, on average, below which two images count as the same picture.
_CLOSE = 8
_N_PAIRS = 200


def main() -> None:
    """Run the command line."""
    mpl.use("agg")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--page-only", action="store_true", help="of what is kept")
    if not parser.parse_args().page_only:
        _FILE.write_text(json.dumps(_measure()) + "\n")
    (DOCS / "failures.md").write_text(_to_markdown(json.loads(_FILE.read_text())))


def _measure() -> dict[str, Any]:
    X, y = fetch_fashion_mnist(return_X_y=True)
    X_test, y_test = fetch_fashion_mnist(subset="test", return_X_y=True)
    fitted = make(_SETUP, 0).fit(X, y)
    probabilities = fitted.predict_proba(X_test)
    predicted = probabilities.argmax(axis=1)
    say(f"test accuracy {np.mean(predicted == y_test):.4f}")
    own = probabilities[np.arange(len(y_test)), y_test]
    worst = np.argsort(own)[:_SHOWN]
    pairs = near_duplicates(fitted, X, X_test, n_pairs=_N_PAIRS)
    suspects = suspect_labels(make(_SETUP, 0), X, y, cv=2)
    return {
        "machine": machine.describe(),
        "predicted": predicted.tolist(),
        "worst": worst.tolist(),
        "pairs": pairs[["row", "other_row", "distance"]].to_dict("list"),
        "suspects": int(suspects["suspect"].sum()),
        "doubtful": suspects.head(_SHOWN)[["row", "predicted"]].to_dict("list"),
    }


def _to_markdown(held: dict[str, Any]) -> str:
    X, y = fetch_fashion_mnist(return_X_y=True)
    X_test, y_test = fetch_fashion_mnist(subset="test", return_X_y=True)
    predicted = np.array(held["predicted"])
    wrong = predicted != y_test
    tops = np.isin(y_test, _TOPS) & np.isin(predicted, _TOPS)
    pairs = pd.DataFrame(held["pairs"])
    difference = np.abs(
        X[pairs["row"]].astype(float) - X_test[pairs["other_row"]]
    ).mean(axis=1)
    same = pairs.assign(difference=difference)[difference < _CLOSE]
    disagree = y[same["row"]] != y_test[same["other_row"]]
    doubtful = held["doubtful"]
    confused = confused_pairs(y_test, predicted, class_names=CLASS_NAMES)
    return _PAGE.format(
        date=held["machine"]["date"],
        setup=_SETUP,
        wrong=int(wrong.sum()),
        pairs=table(
            ["actual", "taken for", "images", "part of the category"],
            [[*row[:3], f"{row[3]:.1%}"] for row in confused.itertuples(index=False)],
            numbers="  rr",
        ),
        tops=(tops & wrong).sum() / wrong.sum(),
        losses=_draw(
            "failures-losses",
            PredictionGridDisplay.from_predictions(
                X_test[held["worst"]],
                y_test[held["worst"]],
                predicted[held["worst"]],
                class_names=CLASS_NAMES,
                n_images=_SHOWN,
            ),
        ),
        suspects=held["suspects"],
        shown=_SHOWN,
        labels=_draw(
            "failures-labels",
            PredictionGridDisplay.from_predictions(
                X[doubtful["row"]],
                y[doubtful["row"]],
                doubtful["predicted"],
                class_names=CLASS_NAMES,
                n_images=_SHOWN,
            ),
        ),
        rows=", ".join(map(str, doubtful["row"])),
        same=len(same),
        n_pairs=len(pairs),
        close=_CLOSE,
        disagree=int(disagree.sum()),
        duplicates=_draw("failures-duplicates", _beside(same, X, y, X_test, y_test)),
        duplicate_table=table(
            ["training row", "label", "test row", "label", "grey levels apart"],
            [
                [
                    row,
                    CLASS_NAMES[y[row]],
                    other,
                    CLASS_NAMES[y_test[other]],
                    f"{d:.1f}",
                ]
                for row, other, _, d in same.head(_SHOWN).itertuples(index=False)
            ],
            numbers="r r r",
        ),
    )


# T-shirt/top, Pullover, Dress, Coat, Shirt.
_TOPS = (0, 2, 3, 4, 6)


def _beside(
    same: pd.DataFrame,
    X: np.ndarray,
    y: np.ndarray,
    X_test: np.ndarray,
    y_test: np.ndarray,
) -> ImageGridDisplay:
    """Draw pairs beside each other, three a line."""
    shown = same.head(12)
    images, labels = [], []
    for row, other, *_ in shown.itertuples(index=False):
        images += [X[row], X_test[other]]
        labels += [f"training: {CLASS_NAMES[y[row]]}", CLASS_NAMES[y_test[other]]]
    return ImageGridDisplay(
        images=np.stack(images).reshape(-1, 28, 28, 1), labels=labels
    ).plot(n_columns=6)


def _draw(name: str, display: Any) -> str:
    """Save a figure beside the page; the name of its file."""
    path = DOCS / f"{name}.png"
    display.figure_.savefig(path, dpi=80, bbox_inches="tight")
    plt.close(display.figure_)
    return path.name


if __name__ == "__main__":
    main()
