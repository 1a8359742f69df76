"""
deep-512-256-128: is a saved network the same when it is read back?
===================================================================

The fourth report trains three hidden layers, writes the network to a file, reads it
back, and compares the two. It speaks of high accuracy and gives no number.
"""

# %%
# What was published
# ------------------
# And what the report left unsaid, with our choice.

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt

from skfashion import CLASS_NAMES, compare_models, load, load_fashion_sample, save
from skfashion.displays import CategoryAccuracyDisplay, TrainingCurvesDisplay
from skfashion.recipes import describe, make_pipeline

print(describe("deep-512-256-128"))

# %%
# The network
# -----------
# Trained on all training images: here the 2,000 that come with the package. Put
# ``fetch_fashion_mnist`` for ``load_fashion_sample`` to have the report's 60,000.
# Labels stay numbers; one-hot labels would give the same loss.

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
pipe = make_pipeline("deep-512-256-128", random_state=0).fit(X, y)
pipe["clf"].model_.summary()
TrainingCurvesDisplay.from_estimator(pipe)
plt.show()

# %%
# Read back
# ---------
# Structure, shapes, types and every weight, layer by layer.

with tempfile.TemporaryDirectory() as folder:
    save(pipe, Path(folder, "deep.skfashion"))
    again = load(Path(folder, "deep.skfashion"))
layers = compare_models(pipe, again)
print(layers.to_string(index=False))
print(layers.attrs["verdict"])

# %%
# How high is high?
# -----------------
# The number that the report does not give, on the 500 test images of the sample.

print("test accuracy:", round(again.score(X_test, y_test), 3))
CategoryAccuracyDisplay.from_estimator(again, X_test, y_test, class_names=CLASS_NAMES)
plt.show()
