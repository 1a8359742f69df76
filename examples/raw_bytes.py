"""Train from a memory map of bytes, which the network scales itself."""

import numpy as np

from skfashion import FashionMLPClassifier, load_fashion_sample

X, y = load_fashion_sample(return_X_y=True)
np.save("images.npy", X)
mapped = np.load("images.npy", mmap_mode="r")
clf = FashionMLPClassifier(rescale=1 / 255, epochs=5, random_state=0).fit(mapped, y)
print("accuracy on the training images:", round(clf.score(mapped, y), 2))
