"""
What does the first layer look for?
===================================

The weights of a first layer are as many as an image has pixels, so they can be drawn as
images: yellow where a bright pixel speaks for a unit, blue where it speaks against it.
"""

# %%
# A dense network
# ---------------
# Most units look like noise with a shadow of clothes in it: nothing asks the network
# for weights that look like something.

import matplotlib.pyplot as plt

from skfashion import FashionCNNClassifier, FashionMLPClassifier, load_fashion_sample
from skfashion.displays import FirstLayerDisplay

X, y = load_fashion_sample(return_X_y=True)
X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
# Without norms, which would take the penalty's effect back.
mlp = FashionMLPClassifier((32,), batch_normalization=False, dropout=0, alpha=0)
mlp.set_params(epochs=20, rescale=1 / 255, random_state=0).fit(X, y)
print("accuracy on the test images:", round(mlp.score(X_test, y_test), 2))
FirstLayerDisplay.from_estimator(mlp, n_units=16)

# %%
# The same with a penalty
# -----------------------
# ``alpha`` makes weights expensive, so that only those are left that pay: shapes of
# trousers, dresses and sleeves come out. The price is some accuracy.

mlp.set_params(alpha=5).fit(X, y)
print("with a penalty:", round(mlp.score(X_test, y_test), 2))
FirstLayerDisplay.from_estimator(mlp, n_units=16)

# %%
# A convolutional network
# -----------------------
# Its first filters see 3x3 pixels at a time: edges, and bright or dark spots.

cnn = FashionCNNClassifier((16,), epochs=5, learning_rate=0.01, rescale=1 / 255)
cnn.set_params(random_state=0).fit(X, y)
FirstLayerDisplay.from_estimator(cnn, n_units=16)
plt.show()
