"""
Which images are alike to the network?
======================================

The values of the last hidden layer are what a network makes of an image before it
decides. Images that it takes for alike lie close together there.
"""

# %%
# A map
# -----
# t-SNE draws the 100 values of each test image in two dimensions, neighbours beside
# neighbours. Shoes are one country, trousers an island, and the four sorts of tops run
# into each other: there the mistakes are made.

import matplotlib.pyplot as plt
from sklearn.frozen import FrozenEstimator
from sklearn.manifold import TSNE
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from skfashion import CLASS_NAMES, FashionMLPClassifier, load_fashion_sample
from skfashion.inspection import Embedding, near_duplicates

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
mlp = FashionMLPClassifier(rescale=1 / 255, random_state=0).fit(X, y)
# Frozen: used as it is, not fitted again.
embedding = Embedding(FrozenEstimator(mlp)).fit(X)
places = TSNE(max_iter=500, random_state=0).fit_transform(embedding.transform(X_test))

fig, ax = plt.subplots(figsize=(7.5, 5.5), layout="constrained")
for number, name in enumerate(CLASS_NAMES):
    of_it = places[y_test == number]
    style = {"color": f"C{number}", "marker": "os^Dv"[number % 5]}
    ax.scatter(*of_it.T, **style, s=18, label=name)
ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
ax.set(xticks=[], yticks=[], title="500 test images as the network sees them")
plt.show()

# %%
# Neighbours decide
# -----------------
# An embedding is a transformer: any classifier or clustering may follow it in a
# pipeline.

neighbours = make_pipeline(embedding, KNeighborsClassifier()).fit(X, y)
print("by their neighbours:", round(neighbours.score(X_test, y_test), 2))

# %%
# The same image twice?
# ---------------------
# Test images that are among those for training would make every score too good. These
# are the closest pairs; exact copies would have a distance of 0.

print(near_duplicates(mlp, X_test, X, n_pairs=5).round(4).to_string(index=False))
