"""skops: how do I pass a pipeline on in a file that runs nothing when it is read?"""

import skops.io
from sklearn.calibration import CalibratedClassifierCV

from skfashion import FashionMLPClassifier, load_fashion_sample

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
clf = FashionMLPClassifier(epochs=5, rescale=1 / 255, random_state=0)
# skfashion.save is for our own classifiers; skops takes scikit-learn's around them.
calibrated = CalibratedClassifierCV(clf, cv=3).fit(X, y)
skops.io.dump(calibrated, "clothes.skops")

# Who reads it looks at the list, and says whom to trust.
named = skops.io.get_untrusted_types(file="clothes.skops")
print("asks to be trusted:", *named)
again = skops.io.load("clothes.skops", trusted=named)
print("test accuracy:", round(again.score(X_test, y_test), 2))
same = again.predict_proba(X_test) == calibrated.predict_proba(X_test)
print("same bits:", bool(same.all()))
