"""
dropout: does dropout keep the test loss near the training loss?
================================================================

The first report trains 784-128-10 with dropout after the hidden layer, and finds the
test loss only slightly above that of training.
"""

# %%
# What was published
# ------------------
# And what the report left unsaid, with our choice.

import matplotlib.pyplot as plt

from skfashion import CLASS_NAMES, load_fashion_sample
from skfashion.displays import ImageGridDisplay, TrainingCurvesDisplay
from skfashion.recipes import describe, make_pipeline

print(describe("dropout"))

# %%
# The images
# ----------
# The report trains on all 60,000 training images and holds none out. So do we, on the
# 2,000 that come with the package; put ``fetch_fashion_mnist`` for
# ``load_fashion_sample`` to have all. The ten categories:

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
ImageGridDisplay.from_images(X, y, class_names=CLASS_NAMES, n_images=16)
plt.show()

# %%
# The network, with dropout and without
# -------------------------------------
# ``make_pipeline`` makes the report's network by its name. The second differs in one
# parameter. The test images are watched, and nothing is chosen by them.


def watched(**parameters):
    pipe = make_pipeline("dropout", random_state=0, **parameters)
    scaled = pipe["scale"].fit(X).transform(X_test)
    return pipe.fit(X, y, clf__X_val=scaled, clf__y_val=y_test)


models = {"with dropout": watched(), "without": watched(dropout=0.0)}

# %%
# What comes out
# --------------
# Dashed is the loss of the test images. Without dropout the training images are learned
# by heart, and the two lines part further.

for name, pipe in models.items():
    losses = pipe["clf"].history_
    gap = losses["val_loss"][-1] - losses["loss"][-1]
    accuracy = losses["val_accuracy"][-1]
    print(f"{name}: test accuracy {accuracy:.3f}, test loss minus train loss {gap:.3f}")
TrainingCurvesDisplay.from_estimators(models, metric="loss")
plt.show()
