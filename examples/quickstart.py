"""
How do I train a network on images?
===================================

As any classifier of scikit-learn: ``fit``, ``predict``, ``score``. The pixels are
scaled by the first step of a pipeline, the network is the second.
"""

# %%
# The images
# ----------
# 2,000 images to train on and 500 to test on come with the package, each with the
# number of its category. ``fetch_fashion_mnist`` in place of ``load_fashion_sample``
# gets all 70,000.

import matplotlib.pyplot as plt
from sklearn.metrics import ConfusionMatrixDisplay, classification_report
from sklearn.pipeline import Pipeline

from skfashion import FashionMLPClassifier, PixelScaler, load_fashion_sample
from skfashion.displays import ImageGridDisplay

train = load_fashion_sample(subset="train")
test = load_fashion_sample(subset="test")
names = train.target_names
ImageGridDisplay.from_images(train.data, train.target, class_names=names, n_images=16)

# %%
# The network
# -----------
# ``random_state`` decides all that is drawn by chance: the same number gives the same
# network to the last bit.

clf = FashionMLPClassifier(random_state=0)
pipe = Pipeline([("scale", PixelScaler()), ("clf", clf)])
pipe.fit(train.data, train.target)
predicted = pipe.predict(test.data)
print(classification_report(test.target, predicted, target_names=names))

# %%
# What it takes for what
# ----------------------
# A row is what an image is, a column what the network takes it for. Shirts look like
# T-shirts, pullovers and coats; trousers look like nothing else.

fig, ax = plt.subplots(figsize=(7.5, 6.5), layout="constrained")
ConfusionMatrixDisplay.from_predictions(
    test.target,
    predicted,
    display_labels=names,
    xticks_rotation=45,
    cmap="Blues",
    colorbar=False,
    ax=ax,
)
ax.set(title="500 test images", xlabel="predicted", ylabel="actual")
plt.show()
