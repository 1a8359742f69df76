"""
dense-32: what can 32 hidden units do?
======================================

The third report trains 784-32-10, the smallest network of the five, counts its weights,
and prints precision, recall and F1 by category.
"""

# %%
# What was published
# ------------------
# And what the report left unsaid, with our choice.

import matplotlib.pyplot as plt
from sklearn.metrics import classification_report

from skfashion import CLASS_NAMES, load_fashion_sample
from skfashion.displays import FirstLayerDisplay, TrainingCurvesDisplay
from skfashion.recipes import describe, make_pipeline

print(describe("dense-32"))

# %%
# The network
# -----------
# Trained on all training images: here the 2,000 that come with the package. Put
# ``fetch_fashion_mnist`` for ``load_fashion_sample`` to have the report's 60,000.

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
pipe = make_pipeline("dense-32", random_state=0).fit(X, y)
TrainingCurvesDisplay.from_estimator(pipe)
plt.show()

# %%
# Its size
# --------
# A weight a pixel and a bias for each hidden unit, then a weight a unit and a bias for
# each category. The report's kilobytes hold a slip of one digit.

for weights, biases in zip(pipe["clf"].coefs_, pipe["clf"].intercepts_, strict=True):
    print(f"{weights.shape}: {weights.size + biases.size:,}")
total = pipe["clf"].model_.count_params()
print(f"{total:,} weights of 4 bytes: {total * 4 / 1024:.2f} KB")

# %%
# Precision, recall and F1
# ------------------------
# On the sample; with all the images every line is higher, and the shirts are still
# last.

predicted = pipe.predict(X_test)
print(classification_report(y_test, predicted, target_names=CLASS_NAMES))

# %%
# All 32 units
# ------------
# So few that all can be looked at: yellow is where a bright pixel speaks for a unit.

FirstLayerDisplay.from_estimator(pipe)
plt.show()
