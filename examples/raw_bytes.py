"""
How do I train on more images than memory holds?
================================================

From a memory map of bytes: a file whose rows are read when their batch is due. With
``rescale`` the network scales the pixels itself, so that no copy in float32 is made.
"""

# %%
# 60,000 images are 47 MB as bytes and 188 MB as float32. Here they are 2,000.

import tempfile
from pathlib import Path

import numpy as np

from skfashion import FashionMLPClassifier, load_fashion_sample

X, y = load_fashion_sample(return_X_y=True)
place = tempfile.TemporaryDirectory()
np.save(Path(place.name, "images.npy"), X)
mapped = np.load(Path(place.name, "images.npy"), mmap_mode="r")
clf = FashionMLPClassifier(rescale=1 / 255, epochs=5, random_state=0).fit(mapped, y)
print("accuracy on the training images:", round(clf.score(mapped, y), 2))

# %%
# Bytes give what scaled pixels give, but for the rounding of float32.

scaled = FashionMLPClassifier(epochs=5, random_state=0).fit(X / np.float32(255), y)
difference = clf.predict_proba(X) - scaled.predict_proba(X / np.float32(255))
print(f"largest difference: {np.abs(difference).max():.0e}")
del mapped
place.cleanup()
