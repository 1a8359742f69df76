"""Training curves of two models, and where one is most wrong."""

from sklearn.pipeline import make_pipeline

from skfashion import (
    CLASS_NAMES,
    FashionCNNClassifier,
    FashionMLPClassifier,
    PixelScaler,
    load_fashion_sample,
)
from skfashion.displays import PredictionGridDisplay, TrainingCurvesDisplay

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
mlp = FashionMLPClassifier(early_stopping=True, random_state=0)
cnn = FashionCNNClassifier((8, 16), early_stopping=True, random_state=0)
models = {
    "MLP": make_pipeline(PixelScaler(), mlp).fit(X, y),
    "CNN": make_pipeline(PixelScaler(), cnn).fit(X, y),
}
curves = TrainingCurvesDisplay.from_estimators(models, metric="loss")
curves.figure_.savefig("curves.png")
mistakes = PredictionGridDisplay.from_estimator(
    models["CNN"], X_test, y_test, class_names=CLASS_NAMES, kind="mistakes"
)
mistakes.figure_.savefig("mistakes.png")
print("drawn: curves.png, mistakes.png")
