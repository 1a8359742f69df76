"""The README's figures: all 70,000 images, defaults, three seeds."""

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline

from skfashion import (
    FashionCNNClassifier,
    FashionMLPClassifier,
    PixelScaler,
    fetch_fashion_mnist,
)

SEEDS = (0, 1, 2)


@pytest.mark.full
@pytest.mark.parametrize(
    ("classifier", "floor"),
    [(FashionMLPClassifier, 0.885), (FashionCNNClassifier, 0.91)],
)
def test_accuracy_of_the_defaults(classifier, floor, capsys):
    train = fetch_fashion_mnist(subset="train", return_X_y=True)
    test = fetch_fashion_mnist(subset="test", return_X_y=True)
    scores = [
        make_pipeline(PixelScaler(), classifier(random_state=seed))
        .fit(*train)
        .score(*test)
        for seed in SEEDS
    ]
    with capsys.disabled():
        print(
            f"\n{classifier.__name__}: test accuracy {np.mean(scores):.4f} "
            f"± {np.std(scores, ddof=1):.4f} over seeds {SEEDS}: {np.round(scores, 4)}"
        )
    assert np.mean(scores) >= floor
