"""
Do five published networks come out again?
==========================================

Five reports trained classifiers on Fashion-MNIST and printed their numbers. Each is a
recipe: ``make_pipeline`` makes it by its name.
"""

# %%
# What a report says
# ------------------
# ``describe`` tells the network, its training, the numbers that were published, and
# what the report left unsaid, with our choice.

import matplotlib.pyplot as plt
import pandas as pd

from skfashion import load_fashion_sample
from skfashion.displays import TrainingCurvesDisplay
from skfashion.recipes import PUBLISHED, describe, make_pipeline

print(describe("dense-32"))

# %%
# All five, on few images
# -----------------------
# The published numbers are of 60,000 training images. Here each is fitted on 2,000,
# which takes seconds and reaches less; ``python -m skfashion reproduce`` does it on
# all, and puts every published number beside the measured one.

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
pipes = {name: make_pipeline(name, random_state=0).fit(X, y) for name in PUBLISHED}
rows = []
for name, pipe in pipes.items():
    said = {published.quantity: published.printed for published in PUBLISHED[name]}
    weights = pipe["clf"].model_.count_params()
    rows.append((name, weights, pipe.score(X_test, y_test), said["test accuracy"]))
columns = ["recipe", "weights", "on the sample", "published, on all"]
print(pd.DataFrame(rows, columns=columns).set_index("recipe").to_string())

# %%
# How each learned
# ----------------
# Accuracy on the training images, epoch by epoch: each for as many epochs as its
# report.

TrainingCurvesDisplay.from_estimators(pipes)
plt.show()
