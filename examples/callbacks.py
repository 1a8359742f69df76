"""
How do I watch training, and act on it?
=======================================

A line an epoch, a bar, a function of one's own, a rule that ends training: from Keras's
callbacks and from scikit-learn's.
"""

# %%
# Lines, and a function of one's own
# ----------------------------------
# ``verbose=1`` prints a line an epoch. ``callbacks`` takes Keras's: here one that
# lowers the learning rate where the loss no longer falls, one that ends training, and a
# function that is called after each epoch with what was measured.

import keras
import matplotlib.pyplot as plt
from sklearn.callback import ProgressBar

from skfashion import FashionMLPClassifier, load_fashion_sample

X, y = load_fashion_sample(return_X_y=True)
X_val, y_val = load_fashion_sample(subset="test", return_X_y=True)
rates = []


def note(epoch, measured):
    rates.append(measured["learning_rate"])


mlp = FashionMLPClassifier(
    (64,),
    epochs=40,
    learning_rate=0.01,
    learning_rate_schedule="constant",
    rescale=1 / 255,
    random_state=0,
    verbose=1,
    callbacks=[
        keras.callbacks.ReduceLROnPlateau("val_loss", factor=0.3, patience=2),
        keras.callbacks.EarlyStopping("val_loss", patience=6),
        keras.callbacks.LambdaCallback(on_epoch_end=note),
    ],
)
mlp.fit(X, y, X_val=X_val, y_val=y_val)

# %%
# What happened
# -------------

fig, (above, below) = plt.subplots(
    2, sharex=True, figsize=(6.4, 4.8), layout="constrained"
)
epochs = range(1, mlp.n_iter_ + 1)
above.plot(epochs, mlp.history_["loss"], label="training")
above.plot(epochs, mlp.history_["val_loss"], "--", label="validation")
above.set(ylabel="loss", title=f"ended after {mlp.n_iter_} of 40 epochs")
above.legend()
below.step(epochs, rates, where="mid")
below.set(xlabel="epoch", ylabel="learning rate", yscale="log")
plt.show()

# %%
# A progress bar
# --------------
# scikit-learn's own callbacks go onto a classifier, a pipeline or a search. On a
# terminal the bar moves.

small = FashionMLPClassifier((32,), epochs=5, rescale=1 / 255, random_state=0)
small.set_callbacks(ProgressBar()).fit(X, y)
print("accuracy:", round(small.score(X_val, y_val), 2))

# %%
# Where there is only a minute, ``max_time=60`` in place of ``epochs`` trains for as
# long.
