"""A search over hidden sizes and learning rates."""

from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from skfashion import FashionMLPClassifier, PixelScaler, load_fashion_sample

X, y = load_fashion_sample(return_X_y=True)
clf = FashionMLPClassifier(epochs=10, random_state=0)
pipe = Pipeline([("scale", PixelScaler()), ("clf", clf)])
sizes = [(32,), (100,), (300, 100)]
grid = {"clf__hidden_layer_sizes": sizes, "clf__learning_rate": [0.001, 0.003]}
search = GridSearchCV(pipe, grid, cv=3).fit(X, y)
print(search.best_params_, round(search.best_score_, 3))
