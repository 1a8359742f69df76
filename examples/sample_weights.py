"""
How do I count some images more than others?
============================================

Weights go to ``fit`` as ``sample_weight``. With scikit-learn's metadata routing they
reach the classifier through pipelines, cross-validation and searches too.
"""

# %%
# The classifier says what it wants, and whatever stands around it obeys. In a search
# the weights count in training and in the score.

import matplotlib.pyplot as plt
import numpy as np
import sklearn
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from skfashion import (
    CLASS_NAMES,
    FashionMLPClassifier,
    PixelScaler,
    load_fashion_sample,
)
from skfashion.displays import CategoryAccuracyDisplay

sklearn.set_config(enable_metadata_routing=True)
X, y = load_fashion_sample(return_X_y=True)
weights = np.where(y == 6, 5.0, 1.0)  # shirts, which are hard, count five times

clf = FashionMLPClassifier(64, epochs=5, random_state=0)
clf.set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
pipe = make_pipeline(PixelScaler(), clf)
grid = {"fashionmlpclassifier__alpha": [0, 0.01]}
search = GridSearchCV(pipe, grid, cv=3).fit(X, y, sample_weight=weights)
print("best:", search.best_params_, round(search.best_score_, 2))

# %%
# What it changes
# ---------------
# More shirts are found, at the price of the categories that look like them.

X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
alike = pipe.set_params(**search.best_params_).fit(X, y)
models = {"all alike": alike, "shirts count five times": search.best_estimator_}
CategoryAccuracyDisplay.from_estimators(models, X_test, y_test, class_names=CLASS_NAMES)
plt.show()
