"""
Which hidden sizes should the network have?
===========================================

``GridSearchCV`` tries sizes and learning rates together, as one that suits a small
network may not suit a large one.
"""

# %%
# A tuple is a network: ``(300, 100)`` has two hidden layers. The parameters of a step
# of a pipeline are written with the name of the step and two underscores.

import matplotlib.pyplot as plt
import numpy as np
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from skfashion import FashionMLPClassifier, PixelScaler, load_fashion_sample

X, y = load_fashion_sample(return_X_y=True)
clf = FashionMLPClassifier(epochs=6, random_state=0)
pipe = Pipeline([("scale", PixelScaler()), ("clf", clf)])
sizes = [(16,), (64,), (300,), (300, 100)]
rates = [0.001, 0.003, 0.01, 0.03]
grid = {"clf__hidden_layer_sizes": sizes, "clf__learning_rate": rates}
search = GridSearchCV(pipe, grid, cv=3).fit(X, y)
print(search.best_params_, round(search.best_score_, 3))

# %%
# The heat map
# ------------
# Mean accuracy over the three folds, in percent. Neighbours that differ by less than a
# point are as good as equal on so few images: take the smaller network.

scores = 100 * search.cv_results_["mean_test_score"].reshape(len(sizes), len(rates))
fig, ax = plt.subplots(figsize=(6, 4.8), layout="constrained")
image = ax.imshow(scores, cmap="viridis")
ax.set_xticks(range(len(rates)), rates)
ax.set_yticks(range(len(sizes)), [", ".join(map(str, size)) for size in sizes])
ax.set(xlabel="learning rate", ylabel="hidden layer sizes", title="accuracy (%)")
for (row, column), score in np.ndenumerate(scores):
    colour = "white" if score < scores.mean() else "black"
    ax.text(column, row, f"{score:.1f}", ha="center", va="center", color=colour)
fig.colorbar(image)
plt.show()
