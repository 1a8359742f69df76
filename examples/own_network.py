"""
How do I use a network of my own?
=================================

Write a function that builds it in Keras. It is then a classifier like the others: it
can be searched over, saved, and trained further.
"""

# %%
# A function builds it
# --------------------
# ``width`` is a parameter of ours. ``Network`` makes it one that a search can set.

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

import skfashion
from skfashion.displays import TrainingCurvesDisplay


def residual(image_shape, n_classes, width=8):
    import keras
    from keras import layers

    images = keras.Input(image_shape)
    x = layers.Conv2D(width, 3, strides=2, padding="same", use_bias=False)(images)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = x + layers.Conv2D(width, 3, padding="same", activation="relu")(x)
    x = layers.Dropout(0.2)(layers.Flatten()(x))
    return keras.Model(images, layers.Dense(n_classes, activation="softmax")(x))


X, y = skfashion.load_fashion_sample(return_X_y=True)
clf = skfashion.KerasImageClassifier(
    skfashion.Network(residual), epochs=3, random_state=0
)
pipe = make_pipeline(skfashion.PixelScaler(), clf)
grid = {"kerasimageclassifier__network__width": [4, 16]}
search = GridSearchCV(pipe, grid, cv=2).fit(X, y)
print("best:", search.best_params_)

# %%
# To a file and back
# ------------------
# The file holds the network as plain data. Reading it runs no code of anyone's.

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder, "clothes.skfashion")
    skfashion.save(search.best_estimator_, path)
    again = skfashion.load(path)
print("same bits:", bool((again.predict_proba(X) == search.predict_proba(X)).all()))

# %%
# Trained further
# ---------------
# ``model_`` is the Keras model. Given in place of a function, training sets out from
# its weights, and layers that are frozen stay as they are: this is fine-tuning.

model = again[-1].model_
model.layers[1].trainable = False
tuned = skfashion.KerasImageClassifier(
    model, epochs=3, rescale=1 / 255, random_state=0
).fit(X, y)
curves = {"first trained": search.best_estimator_, "fine-tuned": tuned}
TrainingCurvesDisplay.from_estimators(curves)
plt.show()
