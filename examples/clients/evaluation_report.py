"""skore: is a network better than a linear model, by several measures and folds?"""

import skore
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from skfashion import FashionMLPClassifier, PixelScaler, load_fashion_sample

X, y = load_fashion_sample(return_X_y=True)
classifiers = {
    "network": FashionMLPClassifier(epochs=10, random_state=0),
    "linear": LogisticRegression(C=0.01, max_iter=300),
}
pipes = {name: make_pipeline(PixelScaler(), clf) for name, clf in classifiers.items()}
report = skore.evaluate(pipes, X, y, splitter=3)
measures = ["accuracy", "log_loss", "predict_time"]
print(report.metrics.summarize(metric=measures).frame().round(3).to_string())
recall = report.reports_["network"].metrics.recall(average=None)
print(recall.round(2).to_string())
