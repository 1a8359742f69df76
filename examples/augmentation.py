"""
How do I vary the training images?
==================================

``Augmentation`` mirrors, moves, turns and covers images while they are trained on, anew
in each epoch. Images that are predicted or scored are never varied.
"""

# %%
# What the network would see
# --------------------------
# The first row is as it was; below are three draws of each image.

import matplotlib.pyplot as plt
import numpy as np

from skfashion import Augmentation, FashionCNNClassifier, load_fashion_sample
from skfashion.displays import ImageGridDisplay

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
everything = Augmentation(horizontal_flip=True, shift=2, rotation=5, cutout=6)
after = [everything.sample(X[:8], random_state=seed) for seed in range(3)]
ImageGridDisplay.from_images(np.concatenate([X[:8], *after]))
plt.show()

# %%
# What it does
# ------------
# Clothes may be mirrored, and few images like these gain by it. ``n_views=2`` asks the
# network about each image and its mirror image, and takes the mean.

cnn = FashionCNNClassifier(
    (16, 32),
    residual=False,
    pooling="flatten",
    dropout=0,
    epochs=10,
    learning_rate=0.003,
    batch_size=32,
    rescale=1 / 255,
    random_state=0,
)
cnn.set_params(augmentation=None).fit(X, y)
print("as they are:", round(cnn.score(X_test, y_test), 3))
varied = Augmentation(horizontal_flip=True, shift=1)
cnn.set_params(augmentation=varied).fit(X, y)
print("mirrored and moved:", round(cnn.score(X_test, y_test), 3))
print("and seen twice:", round(cnn.set_params(n_views=2).score(X_test, y_test), 3))

# %%
# Its settings are parameters like any other: ``GridSearchCV(cnn,
# {"augmentation__shift": [0, 1, 2]})`` chooses among them.
