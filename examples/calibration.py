"""
Are the probabilities right?
============================

Of the images that a network is 80% sure of, it should get 80% right. One that was
trained until it knows its training images by heart is too sure of itself.
"""

# %%
# Some images are kept from training: what is right for those settles how sure the
# network may be. One number, the temperature, is learned from them; it changes the
# probabilities, never the label.

import matplotlib.pyplot as plt
from sklearn.calibration import CalibratedClassifierCV, CalibrationDisplay
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import train_test_split

from skfashion import FashionMLPClassifier, load_fashion_sample
from skfashion.metrics import expected_calibration_error

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
X, X_held, y, y_held = train_test_split(X, y, test_size=500, random_state=0)
mlp = FashionMLPClassifier(epochs=60, dropout=0, rescale=1 / 255, random_state=0)
mlp.fit(X, y)
calibrated = CalibratedClassifierCV(FrozenEstimator(mlp), method="temperature")
calibrated.fit(X_held, y_held)

# %%
# How far off they are
# --------------------
# A point on the diagonal is a group of test images of which as many are right as the
# network thought. Below it, the network was too sure.

fig, ax = plt.subplots(figsize=(5.6, 5.2), layout="constrained")
for name, model in {"as trained": mlp, "with a temperature": calibrated}.items():
    probabilities = model.predict_proba(X_test)
    error = expected_calibration_error(y_test, probabilities, n_bins=10)
    right = model.predict(X_test) == y_test
    CalibrationDisplay.from_predictions(
        right,
        probabilities.max(axis=1),
        n_bins=6,
        strategy="quantile",
        name=f"{name}, error {error:.3f}",
        ax=ax,
    )
    print(f"{name}: accuracy {right.mean():.3f}, calibration error {error:.3f}")
ax.set(xlabel="probability of the predicted category", ylabel="part that is right")
plt.show()
