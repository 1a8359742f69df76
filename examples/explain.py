"""What a network sees: embeddings, saliency, doubtful labels, near duplicates."""

from sklearn.frozen import FrozenEstimator
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from skfashion import CLASS_NAMES, FashionCNNClassifier, load_fashion_sample
from skfashion.displays import PredictionGridDisplay
from skfashion.inspection import (
    Embedding,
    SaliencyDisplay,
    near_duplicates,
    suspect_labels,
)

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
cnn = FashionCNNClassifier((8, 16), epochs=5, rescale=1 / 255, random_state=0)
cnn.fit(X, y)

seen = SaliencyDisplay.from_estimator(cnn, X_test, y_test, class_names=CLASS_NAMES)
seen.figure_.savefig("seen.png")

table = suspect_labels(cnn, X, y, cv=3)[:25]
given, predicted = table["label"], table["predicted"]
doubtful = PredictionGridDisplay.from_predictions(
    X[table["row"]], given, predicted, class_names=CLASS_NAMES
)
doubtful.figure_.savefig("doubtful.png")

print(near_duplicates(cnn, X_test, X, n_pairs=3))

neighbours = make_pipeline(Embedding(FrozenEstimator(cnn)), KNeighborsClassifier())
print("by their neighbours:", round(neighbours.fit(X, y).score(X_test, y_test), 2))
