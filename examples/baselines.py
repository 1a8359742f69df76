"""
Is a network better than classical classifiers?
===============================================

A dense network and a convolutional one beside five classifiers of scikit-learn's, all
fitted on the same 2,000 images.
"""

# %%
# ``make_baselines`` has the classical ones, each a pipeline from raw pixels to labels.

import matplotlib.pyplot as plt
import numpy as np
from sklearn.pipeline import make_pipeline

from skfashion import (
    CLASS_NAMES,
    FashionCNNClassifier,
    FashionMLPClassifier,
    PixelScaler,
    load_fashion_sample,
)
from skfashion.comparison import compare, make_baselines
from skfashion.displays import CategoryAccuracyDisplay

train = load_fashion_sample(subset="train", return_X_y=True)
test = load_fashion_sample(subset="test", return_X_y=True)
models = make_baselines(random_state=0)
models["MLP"] = make_pipeline(PixelScaler(), FashionMLPClassifier(random_state=0))
models["CNN"] = make_pipeline(PixelScaler(), FashionCNNClassifier(random_state=0))
table = compare(models, *train, *test)
print(table.round(3).to_string())

# %%
# How sure is that?
# -----------------
# With 500 test images, an accuracy of 84% has a standard error of 1.6 points: the lines
# go two of them to each side. Networks gain more than the others from more images: on
# all 60,000 the CNN is five points ahead of the forest.

accuracy = 100 * table["accuracy"][::-1]
error = np.sqrt(accuracy * (100 - accuracy) / len(test[1]))
fig, ax = plt.subplots(figsize=(7, 3.8), layout="constrained")
colours = ["#0072B2" if name in ("MLP", "CNN") else "0.5" for name in accuracy.index]
ax.hlines(accuracy.index, accuracy - 2 * error, accuracy + 2 * error, colours)
ax.scatter(accuracy, accuracy.index, c=colours, s=60)
ax.set(xlabel="accuracy (%)", title="Networks in blue")
ax.grid(axis="x")
plt.show()

# %%
# Where do they differ?
# ---------------------

few = {name: models[name] for name in ("CNN", "MLP", "Random forest")}
CategoryAccuracyDisplay.from_estimators(few, *test, class_names=CLASS_NAMES)
plt.show()
