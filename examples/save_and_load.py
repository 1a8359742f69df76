"""A fitted pipeline to a file and back, for use in another process."""

import joblib
from sklearn.pipeline import make_pipeline

from skfashion import FashionCNNClassifier, PixelScaler, load_fashion_sample

X, y = load_fashion_sample(return_X_y=True)
clf = FashionCNNClassifier(epochs=2, random_state=0)
pipe = make_pipeline(PixelScaler(), clf).fit(X, y)
joblib.dump(pipe, "clothes.joblib")
again = joblib.load("clothes.joblib")
print("same bits:", bool((again.predict_proba(X) == pipe.predict_proba(X)).all()))
