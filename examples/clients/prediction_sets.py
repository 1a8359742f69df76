"""MAPIE: which categories may it be, so that 95 of 100 sets hold the right one?"""

from mapie.classification import SplitConformalClassifier
from mapie.metrics.classification import (
    classification_coverage_score,
    classification_mean_width_score,
)
from sklearn.pipeline import make_pipeline

from skfashion import (
    CLASS_NAMES,
    FashionMLPClassifier,
    PixelScaler,
    load_fashion_sample,
)

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
pipe = make_pipeline(PixelScaler(), FashionMLPClassifier(epochs=10, random_state=0))
pipe.fit(X[:1500], y[:1500])

# Images that the network was not trained on tell how far to trust its probabilities.
sets = SplitConformalClassifier(pipe, confidence_level=0.95, prefit=True)
sets.conformalize(X[1500:], y[1500:])
labels, members = sets.predict_set(X_test)
for label, held in zip(labels[:5], members[:5, :, 0], strict=True):
    names = [name for name, is_in in zip(CLASS_NAMES, held, strict=True) if is_in]
    print(f"{CLASS_NAMES[label]}: one of {', '.join(names)}")
coverage = classification_coverage_score(y_test, members)[0]
width = classification_mean_width_score(members)[0]
print(f"{coverage:.1%} of the sets hold the label; their mean size is {width:.2f}")
