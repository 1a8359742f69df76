"""
How do I have each image described in a sentence?
=================================================

A word is said where a measurement allows it, and either word of a pair will do. Words
are of the picture, not of the cloth: Fashion-MNIST has its grey values negated.
"""

from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np

from skfashion import FashionMLPClassifier, load_fashion_sample
from skfashion.displays import ImageGridDisplay

MODEL = "distilbert/distilbert-base-uncased"
NOUNS = ["a T-shirt/top", "a pair of trousers", "a pullover", "a dress", "a coat"]
NOUNS += ["a sandal", "a shirt", "a sneaker", "a bag", "an ankle boot"]
WORDS = {
    "brightness": (0.4, ["dark", "dim"], 0.7, ["bright", "light"]),
    "height by width": (0.67, ["wide", "broad"], 1.5, ["tall", "narrow"]),
    "symmetry": (0.6, ["lopsided", "skewed"], 0.9, ["symmetric", "balanced"]),
}


def measure(image):
    """Measure what is brighter than a tenth, in an image of grey values in [0, 1]."""
    seen = image > 0.1
    (top, left), (bottom, right) = np.argwhere(seen).min(0), np.argwhere(seen).max(0)
    box = image[top : bottom + 1, left : right + 1]
    symmetry = 1 - np.abs(box - box[:, ::-1]).sum() / (2 * box.sum())
    shape = {"height by width": len(box) / len(box[0]), "symmetry": symmetry}
    return {"part": seen.mean(), "brightness": image[seen].mean(), **shape}


def choose(text, words, fill_mask):
    """Ask a masked language model for the likelier of two words."""
    got = fill_mask(f"{text} {fill_mask.tokenizer.mask_token} shape.", targets=words)
    return next((w for a in got if (w := a["token_str"].strip()) in words), words[0])


def caption(image, probabilities, fill_mask=None):
    """Write a sentence on an image, with the words that its measurements allow."""
    if (image > 0.1).mean() < 0.01:
        return "Next to nothing is seen in this picture."
    found, (second, first) = measure(image), np.argsort(probabilities)[-2:]
    sure, other = probabilities[first], probabilities[second]
    start = "Perhaps" if sure < 0.5 else "Probably" if sure < 0.9 else "This is"
    also = f" or {NOUNS[second]}" if sure - other < 0.2 else ""
    text = f"{start} {NOUNS[first]}{also}, seen as a"
    for key, (low, below, high, above) in WORDS.items():
        if words := below if found[key] < low else above if found[key] > high else []:
            text += f" {choose(text, words, fill_mask) if fill_mask else words[0]},"
    return f"{text.removesuffix(',')} shape on {found['part']:.0%} of the picture."


# %%
# Eight test images, from the one that the network is least sure of to the surest. A
# model of Hugging Face's chooses words if its weights are here; none are downloaded.

X, y = load_fashion_sample(subset="all", return_X_y=True)
clf = FashionMLPClassifier(rescale=1 / 255, random_state=0).fit(X[:2000], y[:2000])
rows = clf.predict_proba(X[2000:]).max(axis=1).argsort()[::71] + 2000
images, probabilities = X[rows].reshape(-1, 28, 28) / 255, clf.predict_proba(X[rows])
try:
    from huggingface_hub import snapshot_download
    from transformers import pipeline

    folder = snapshot_download(MODEL, local_files_only=True)
    fill_mask = pipeline("fill-mask", folder)
except (ImportError, OSError):
    print("No masked language model is installed: the first of two words is said.")
    fill_mask = None
said = [caption(*one, fill_mask) for one in zip(images, probabilities, strict=True)]
print(*said, sep="\n")
_, ax = plt.subplots(figsize=(10, 9), layout="constrained")
ImageGridDisplay.from_images(images, [fill(s, 26) for s in said], n_columns=4, ax=ax)
plt.show()
