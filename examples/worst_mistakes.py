"""
Which images does it get most wrong?
====================================

The mistakes of which the network was surest, and which categories it mixes up.
"""

# %%
# The worst first
# ---------------
# Beneath each image stands what the network said, with its probability, and what the
# image is. Some of these would fool anyone at 28x28 pixels.

import matplotlib.pyplot as plt
from sklearn.pipeline import make_pipeline

from skfashion import (
    CLASS_NAMES,
    FashionMLPClassifier,
    PixelScaler,
    load_fashion_sample,
)
from skfashion.displays import CategoryAccuracyDisplay, PredictionGridDisplay
from skfashion.metrics import confused_pairs

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
pipe = make_pipeline(PixelScaler(), FashionMLPClassifier(random_state=0)).fit(X, y)
PredictionGridDisplay.from_estimator(
    pipe, X_test, y_test, class_names=CLASS_NAMES, kind="mistakes", n_images=15
)

# %%
# What is taken for what
# ----------------------

pairs = confused_pairs(y_test, pipe.predict(X_test), class_names=CLASS_NAMES)
print(pairs.head(8).to_string(index=False))

# %%
# How many of each category are found
# -----------------------------------

CategoryAccuracyDisplay.from_estimator(
    pipe, X_test, y_test, class_names=CLASS_NAMES, name="MLP"
)
plt.show()
