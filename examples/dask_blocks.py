"""
How do I train on a Dask array, and predict with many workers?
==============================================================

Block by block with ``partial_fit``; then each worker opens the file by name, so that no
image travels.
"""

# %%
# Put the files where every worker sees them: the same folder, or the same shared disk.

import dask.array as da
import numpy as np
from distributed import Client

from skfashion import FashionMLPClassifier, load_fashion_sample


def predict(model, start, stop):
    """Predict some rows of one file into another; both are opened here, by name."""
    images = np.load("images.npy", mmap_mode="r")[start:stop]
    out = np.load("probabilities.npy", mmap_mode="r+")
    out[start:stop] = model.predict_proba(images)


if __name__ == "__main__":
    X, y = load_fashion_sample(return_X_y=True)
    np.save("images.npy", X)
    images = da.from_array(np.load("images.npy", mmap_mode="r"), chunks=(500, -1))
    labels = da.from_array(y, chunks=500)
    clf = FashionMLPClassifier(rescale=1 / 255, random_state=0)
    for _ in range(5):
        for block, its_labels in zip(images.blocks, labels.blocks, strict=True):
            clf.partial_fit(block, its_labels, classes=range(10))
    np.lib.format.open_memmap("probabilities.npy", "w+", np.float32, (len(X), 10))
    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        model = client.scatter(clf, broadcast=True)
        parts = [
            client.submit(predict, model, start, start + 500)
            for start in range(0, len(X), 500)
        ]
        client.gather(parts)
    predicted = np.load("probabilities.npy", mmap_mode="r").argmax(axis=1)
    print("accuracy on the training images:", round((predicted == y).mean(), 2))
