"""A residual network of one's own, searched over, saved, and trained further."""

from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

import skfashion


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

skfashion.save(search.best_estimator_, "clothes.skfashion")
again = skfashion.load("clothes.skfashion")
print("same bits:", bool((again.predict_proba(X) == search.predict_proba(X)).all()))

model = again[-1].model_
model.layers[1].trainable = False
tuned = skfashion.KerasImageClassifier(model, epochs=1, rescale=1 / 255).fit(X, y)
print("fine-tuned, of accuracy", round(tuned.score(X, y), 1))
