"""Pixels to a classification report, in one pipeline."""

from sklearn.metrics import classification_report
from sklearn.pipeline import Pipeline

from skfashion import (
    CLASS_NAMES,
    FashionMLPClassifier,
    PixelScaler,
    load_fashion_sample,
)

X_train, y_train = load_fashion_sample(subset="train", return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)

pipe = Pipeline(
    [("scale", PixelScaler()), ("clf", FashionMLPClassifier(random_state=0))]
)
pipe.fit(X_train, y_train)
print(classification_report(y_test, pipe.predict(X_test), target_names=CLASS_NAMES))
