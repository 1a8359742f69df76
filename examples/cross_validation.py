"""A network beside a random forest, by stratified cross-validation."""

from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

from skfashion import FashionMLPClassifier, PixelScaler, load_fashion_sample

X, y = load_fashion_sample(return_X_y=True)
forest = RandomForestClassifier(random_state=0)
for clf in (FashionMLPClassifier(random_state=0), forest):
    scores = cross_val_score(make_pipeline(PixelScaler(), clf), X, y, cv=3)
    print(f"{type(clf).__name__:<24} {scores.mean():.3f} ± {scores.std():.3f}")
