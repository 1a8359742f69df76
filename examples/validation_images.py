"""
How do I give validation images to a pipeline?
==============================================

Early stopping holds out training images by itself. To have it watch images of your own,
scikit-learn's metadata routing passes them through the pipeline, whose scaler scales
them as it scales the others.
"""

# %%
# One fit
# -------
# The classifier says what it wants, and the pipeline what its steps are to transform.

import matplotlib.pyplot as plt
import sklearn
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import Pipeline

from skfashion import FashionMLPClassifier, PixelScaler, load_fashion_sample
from skfashion.displays import TrainingCurvesDisplay

sklearn.set_config(enable_metadata_routing=True)
X, y = load_fashion_sample(return_X_y=True)
X_val, y_val = load_fashion_sample(subset="test", return_X_y=True)
# In tuples, or scikit-learn cuts them into folds where they are as many as X.
validation = {"X_val": (X_val,), "y_val": (y_val,)}

clf = FashionMLPClassifier(64, epochs=9, early_stopping=True, random_state=0)
clf.set_fit_request(X_val=True, y_val=True)
pipe = Pipeline([("scale", PixelScaler()), ("clf", clf)], transform_input=["X_val"])
pipe.fit(X, y, **validation)
print("validation accuracy:", round(max(pipe["clf"].validation_scores_), 2))
TrainingCurvesDisplay.from_estimator(pipe)
plt.show()

# %%
# In cross-validation, and in a search
# ------------------------------------
# In each fold the scaler is the one that was fitted on that fold.

scores = cross_validate(pipe, X, y, cv=3, params=validation)
print("test accuracy of three folds:", scores["test_score"].round(2))

search = GridSearchCV(pipe, {"clf__alpha": [0, 0.01]}, cv=3).fit(X, y, **validation)
print("best:", search.best_params_)
