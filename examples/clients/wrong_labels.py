"""cleanlab: which labels are wrong, and is a network better without them?"""

import numpy as np
from cleanlab.classification import CleanLearning
from sklearn.base import clone

from skfashion import FashionMLPClassifier, load_fashion_sample

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)

# A tenth of the labels made wrong, to see how many of them are found.
rng = np.random.default_rng(0)
wrong = rng.choice(len(y), len(y) // 10, replace=False)
given = y.copy()
given[wrong] = (y[wrong] + rng.integers(1, 10, len(wrong))) % 10

clf = FashionMLPClassifier(epochs=10, rescale=1 / 255, random_state=0)
cleaning = CleanLearning(clone(clf), seed=0, cv_n_folds=3)
cleaning.fit(X, given)
issues = cleaning.get_label_issues()
suspects = np.flatnonzero(issues["is_label_issue"])
found = np.isin(wrong, suspects).mean()
print(f"{found:.0%} of the wrong labels are among {len(suspects)} suspects")
print("trained on all labels:", clf.fit(X, given).score(X_test, y_test))
print("without the suspects:", cleaning.score(X_test, y_test))
