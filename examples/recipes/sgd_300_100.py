"""
sgd-300-100: how far does plain gradient descent come?
======================================================

The second report trains 784-300-100-10 by stochastic gradient descent for 30 epochs,
watches 5,000 validation images, and reads off the labels of three test images.
"""

# %%
# What was published
# ------------------
# And what the report left unsaid, with our choice.

import matplotlib.pyplot as plt

from skfashion import CLASS_NAMES, load_fashion_sample
from skfashion.displays import PredictionGridDisplay, TrainingCurvesDisplay
from skfashion.recipes import RECIPES, describe, make_pipeline

print(describe("sgd-300-100"))

# %%
# The split
# ---------
# The first 5,000 of the 60,000 training images validate. The sample has 2,000, of which
# the same part does. With ``fetch_fashion_mnist`` in place of ``load_fashion_sample``,
# ``skfashion.recipes.split`` cuts as the report did.

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
n_held = RECIPES["sgd-300-100"].validation.stop * len(X) // 60_000
X_val, y_val, X, y = X[:n_held], y[:n_held], X[n_held:], y[n_held:]
print(f"{len(X):,} images to train on, {len(X_val)} to validate")

# %%
# The network
# -----------

pipe = make_pipeline("sgd-300-100", random_state=0)
# A pipeline's steps do not reach what is passed to the classifier.
scaled = pipe["scale"].fit(X).transform(X_val)
pipe.fit(X, y, clf__X_val=scaled, clf__y_val=y_val)
print(f"{pipe['clf'].model_.count_params():,} weights")
print("test accuracy:", round(pipe.score(X_test, y_test), 3))

# %%
# Epoch by epoch
# --------------
# Both losses still fall at the last epoch: plain descent at this rate is slow. With 30
# times as many images it takes 30 times as many steps, and comes further.

TrainingCurvesDisplay.from_estimator(pipe, metric="loss")
plt.show()

# %%
# Three test images
# -----------------
# The report shows an ankle boot, a pullover and a pair of trousers, the first three
# test images of the data set; these are the first five of the sample.

PredictionGridDisplay.from_estimator(
    pipe, X_test, y_test, class_names=CLASS_NAMES, n_images=5
)
plt.show()
