"""Pixels to a classification report, in one pipeline."""

from sklearn.metrics import classification_report
from sklearn.pipeline import Pipeline

from skfashion import FashionMLPClassifier, PixelScaler, load_fashion_sample

train = load_fashion_sample(subset="train")
test = load_fashion_sample(subset="test")
clf = FashionMLPClassifier(random_state=0)
pipe = Pipeline([("scale", PixelScaler()), ("clf", clf)])
pipe.fit(train.data, train.target)
predicted = pipe.predict(test.data)
print(classification_report(test.target, predicted, target_names=test.target_names))
