"""Saves each epoch: killed at any moment and run again, it ends with the same bits."""

from skfashion import FashionMLPClassifier, load_fashion_sample

X, y = load_fashion_sample(return_X_y=True)
clf = FashionMLPClassifier(
    epochs=10, rescale=1 / 255, random_state=0, checkpoint="epochs"
)
clf.fit(X, y)
print(clf.n_iter_, "epochs")
