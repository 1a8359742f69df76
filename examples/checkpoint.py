"""
How do I go on after a crash?
=============================

With ``checkpoint``, ``fit`` saves each epoch. Killed at any moment and run again, it
goes on from the last epoch and ends with the same bits.
"""

# %%
# Here a callback plays the part of the crash, in the sixth epoch of ten.

import tempfile

import keras
import matplotlib.pyplot as plt

from skfashion import FashionMLPClassifier, load_fashion_sample
from skfashion.displays import TrainingCurvesDisplay


def crash(epoch, logs):
    if epoch == 5:
        raise RuntimeError("the power is cut")


X, y = load_fashion_sample(return_X_y=True)
clf = FashionMLPClassifier(epochs=10, rescale=1 / 255, random_state=0)
whole = clf.fit(X, y).predict_proba(X)

with tempfile.TemporaryDirectory() as folder:
    clf.set_params(checkpoint=folder)
    clf.set_params(callbacks=[keras.callbacks.LambdaCallback(on_epoch_begin=crash)])
    try:
        clf.fit(X, y)
    except RuntimeError as error:
        print("ended:", error)
    clf.set_params(callbacks=None).fit(X, y)

# %%
# The history has all ten epochs, of which five were trained before the crash.

print(clf.n_iter_, "epochs")
print("same bits:", bool((clf.predict_proba(X) == whole).all()))
TrainingCurvesDisplay.from_estimator(clf)
plt.show()
