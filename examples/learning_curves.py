"""
Has it trained long enough, and would more images help?
=======================================================

Two kinds of learning curve: over the epochs of one training, and over the number of
training images.
"""

# %%
# Over the epochs
# ---------------
# ``early_stopping`` holds out a tenth of the images and watches them. Where the dashed
# line no longer falls but the solid one does, more epochs only learn the training
# images by heart: so it is with the MLP. The lines of the CNN are high and still
# together: it wants more epochs.

import matplotlib.pyplot as plt
from sklearn.model_selection import LearningCurveDisplay
from sklearn.pipeline import make_pipeline

from skfashion import (
    FashionCNNClassifier,
    FashionMLPClassifier,
    PixelScaler,
    load_fashion_sample,
)
from skfashion.displays import TrainingCurvesDisplay

X, y = load_fashion_sample(return_X_y=True)
mlp = FashionMLPClassifier(early_stopping=True, random_state=0)
cnn = FashionCNNClassifier(
    (8, 16), learning_rate=0.01, early_stopping=True, random_state=0
)
models = {
    "MLP": make_pipeline(PixelScaler(), mlp).fit(X, y),
    "CNN": make_pipeline(PixelScaler(), cnn).fit(X, y),
}
TrainingCurvesDisplay.from_estimators(models, metric="loss")
for name, model in models.items():
    scores = model[-1].validation_scores_
    print(f"{name}: most accurate after epoch {1 + scores.index(max(scores))}")
plt.show()

# %%
# Over the number of images
# -------------------------
# The curve of the test folds still rises at its right end: more images would help. The
# gap to the training folds says by how much at most.

fig, ax = plt.subplots(figsize=(6.4, 4.4), layout="constrained")
LearningCurveDisplay.from_estimator(
    make_pipeline(PixelScaler(), FashionMLPClassifier((64,), random_state=0)),
    X,
    y,
    train_sizes=[100, 300, 600, 1300],
    cv=3,
    score_name="accuracy",
    ax=ax,
)
ax.set(xlabel="training images", title="a dense network of 64 units")
plt.show()
