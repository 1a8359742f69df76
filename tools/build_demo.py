"""Build the page of the site on which a model of clothing runs in the browser.

Run as ``python tools/build_demo.py FOLDER --runtime node_modules/onnxruntime-web``,
once ``npm install onnxruntime-web`` has put that there.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.utils import Bunch

import skfashion
from skfashion.exceptions import DownloadError

# Examples of each class on the page.
EXAMPLES = 2
# Passes over so many images take about half a minute on 2 cores, and over the sample
# as many seconds as there are passes.
EPOCHS = {"all": 3, "sample": 15}


def load(subset: str, which: str) -> Bunch:
    """Load images of clothing: all, where they are on this machine, or the sample."""
    if which == "sample":
        return skfashion.load_fashion_sample(subset=subset)
    return skfashion.fetch_fashion_mnist(subset=subset, download_if_missing=False)


def choose_data() -> str:
    """Tell which images there are on this machine."""
    try:
        load("test", "all")
        load("train", "all")
    except DownloadError:
        return "sample"
    return "all"


def build(folder: Path, runtime: Path, which: str, epochs: int) -> Path:
    """Train a network and write its page.

    Parameters
    ----------
    folder : path
        Of the page.
    runtime : path
        Of the npm package onnxruntime-web.
    which : {"all", "sample"}
        Images that it is trained on.
    epochs : int
        Passes over these.

    Returns
    -------
    pathlib.Path
        The page itself.
    """
    train, test = load("train", which), load("test", which)
    clf = skfashion.FashionCNNClassifier(epochs=epochs, random_state=0)
    model: Any = make_pipeline(skfashion.PixelScaler(), clf)
    model.fit(train.images, train.target)
    right = model.score(test.images, test.target)
    # The first of each class: not chosen by what the model makes of them.
    rows = [np.flatnonzero(test.target == n)[:EXAMPLES] for n in range(10)]
    chosen = np.stack(rows, axis=1).ravel()
    return skfashion.to_demo_page(
        model,
        folder,
        runtime=runtime,
        images=test.images[chosen],
        labels=test.target[chosen],
        class_names=skfashion.CLASS_NAMES,
        title="Which clothing is it?",
        description=(
            f"A FashionCNNClassifier of {epochs} epochs on {len(train.target):,} "
            f"images of Fashion-MNIST, which names {right:.1%} of "
            f"{len(test.target):,} test images rightly. It knows these ten categories "
            "and no others: whatever it is given, it answers with one of them."
        ),
    )


def main() -> None:
    """Read the command line and build the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="of the page, made anew")
    parser.add_argument("--runtime", type=Path, required=True, help="onnxruntime-web")
    parser.add_argument("--epochs", type=int, help="fewer are faster")
    parser.add_argument("--data", choices=list(EPOCHS), help="default: all, if here")
    options = parser.parse_args()
    which = options.data or choose_data()
    epochs = options.epochs or EPOCHS[which]
    page = build(options.folder, options.runtime, which, epochs)
    print(f"written: {page}")  # noqa: T201


if __name__ == "__main__":
    main()
