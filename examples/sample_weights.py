"""Some images counted more than others, in cross-validation and in a search."""

import numpy as np
import sklearn
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline

from skfashion import FashionMLPClassifier, PixelScaler, load_fashion_sample

sklearn.set_config(enable_metadata_routing=True)
X, y = load_fashion_sample(return_X_y=True)
weights = np.where(y == 6, 5.0, 1.0)  # shirts, which are hard, count five times

clf = FashionMLPClassifier(64, epochs=5, random_state=0)
clf.set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
pipe = make_pipeline(PixelScaler(), clf)
params = {"sample_weight": weights}
print(cross_validate(pipe, X, y, cv=3, params=params)["test_score"].round(2))
grid = {"fashionmlpclassifier__alpha": [0, 0.01]}
search = GridSearchCV(pipe, grid, cv=3).fit(X, y, **params)
print("best:", search.best_params_)
