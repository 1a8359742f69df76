"""
Which of my labels may be wrong?
================================

A network that has not seen an image is asked what it shows. Labels that it finds
improbable are worth a look.
"""

# %%
# Forty labels made wrong
# -----------------------
# To see what comes of it, forty of the 2,000 labels are exchanged for others first.

import matplotlib.pyplot as plt
import numpy as np

from skfashion import CLASS_NAMES, FashionMLPClassifier, load_fashion_sample
from skfashion.displays import PredictionGridDisplay
from skfashion.inspection import suspect_labels

X, y = load_fashion_sample(return_X_y=True)
rng = np.random.default_rng(0)
wrong = rng.choice(len(y), size=40, replace=False)
given = y.copy()
given[wrong] = (y[wrong] + rng.integers(1, 10, size=40)) % 10

# %%
# The least believed first
# ------------------------
# ``suspect_labels`` fits the classifier on three parts of the images in turn, as
# cross-validation does, and predicts those that were left out.

mlp = FashionMLPClassifier(rescale=1 / 255, random_state=0)
table = suspect_labels(mlp, X, given, cv=3)
print(table.head(10).round(3).to_string(index=False))
for first in (40, 80):
    found = table["row"][:first].isin(wrong).sum()
    print(f"{found} of the 40 wrong labels are among the first {first}")

# %%
# To be looked at
# ---------------
# Beneath each image: what the network says, and the label that was given. Not all are
# wrong labels: some are clothes that look like others. People decide, not the network.

first = table[:15]
PredictionGridDisplay.from_predictions(
    X[first["row"]], first["label"], first["predicted"], class_names=CLASS_NAMES
)
plt.show()
