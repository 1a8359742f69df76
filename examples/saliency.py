"""
Where does the network look?
============================

A saliency map marks the parts of an image on which the score of a class depends most.
"""

# %%
# For the class that is predicted
# -------------------------------
# Of a convolutional network the map is Grad-CAM's, of a dense one the size of the
# gradient.

import matplotlib.pyplot as plt

from skfashion import CLASS_NAMES, FashionCNNClassifier, load_fashion_sample
from skfashion.inspection import SaliencyDisplay

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
cnn = FashionCNNClassifier((8, 16), epochs=10, learning_rate=0.01, batch_size=64)
cnn.set_params(rescale=1 / 255, random_state=0).fit(X, y)
print("accuracy on the test images:", round(cnn.score(X_test, y_test), 2))
SaliencyDisplay.from_estimator(
    cnn, X_test, y_test, class_names=CLASS_NAMES, n_images=10
)

# %%
# For another class
# -----------------
# ``target`` asks where the network would see something else: here, what speaks for a
# dress. A map says what the score depends on, which may be the empty place beside a
# sleeve, and not why.

dress = CLASS_NAMES.index("Dress")
SaliencyDisplay.from_estimator(
    cnn, X_test, y_test, target=dress, class_names=CLASS_NAMES, n_images=10
)
plt.show()
