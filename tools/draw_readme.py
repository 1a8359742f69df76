"""Draw what README shows: what a network makes of images that it has not seen.

Run as ``python tools/draw_readme.py docs/predictions.png``, it trains on the bundled
sample.
"""

import sys
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.text import Text
from sklearn.metrics import ConfusionMatrixDisplay
from sklearn.pipeline import make_pipeline

from skfashion import (
    CLASS_NAMES,
    FashionCNNClassifier,
    PixelScaler,
    load_fashion_sample,
)
from skfashion.displays import PredictionGridDisplay

# Inches; README is shown some 900 pixels wide.
WIDTH, HEIGHT = 11.0, 4.4
N_IMAGES, N_COLUMNS = 15, 5


def draw() -> Figure:
    """Train on the sample, and draw predictions and confusions side by side."""
    X, y = load_fashion_sample(return_X_y=True)
    X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
    cnn = FashionCNNClassifier(random_state=0)
    pipe = make_pipeline(PixelScaler(), cnn).fit(X, y)
    figure = Figure((WIDTH, HEIGHT), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=[1.4, 1])
    PredictionGridDisplay.from_estimator(
        pipe,
        X_test,
        y_test,
        class_names=CLASS_NAMES,
        n_images=N_IMAGES,
        n_columns=N_COLUMNS,
        ax=left,
    )
    for text in left.findobj(Text):
        # The longest names are side by side.
        text.set_fontsize(0.85 * text.get_fontsize())
    ConfusionMatrixDisplay.from_predictions(
        y_test,
        pipe.predict(X_test),
        display_labels=CLASS_NAMES,
        xticks_rotation="vertical",
        colorbar=False,
        cmap="Blues",
        text_kw={"fontsize": 7},
        ax=right,
    )
    right.tick_params(labelsize=8)
    return figure


if __name__ == "__main__":
    draw().savefig(Path(sys.argv[1]), dpi=120, metadata={"Software": None})
