"""
How do I train on my own images?
================================

Put the images of each class into a folder of its own, and name the size that they are
to be brought to. The labels are the names of the folders.
"""

# %%
# In place of your own photographs, this draws some: ``bars/lying/0.png`` and so on, in
# colour and of several sizes.

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image
from sklearn.model_selection import train_test_split

from skfashion import FashionCNNClassifier, load, load_image_folder, save
from skfashion.displays import PredictionGridDisplay
from skfashion.preprocessing import read_image

place = tempfile.TemporaryDirectory()
bars = Path(place.name, "bars")
rng = np.random.default_rng(0)
for number in range(400):
    lying = number % 2 == 0
    pixels = rng.integers(90, size=(rng.integers(40, 80), 50, 3), dtype=np.uint8)
    bar = pixels if lying else pixels.swapaxes(0, 1)
    bar[20:26] = rng.integers(150, 256, size=3)
    folder = bars / ("lying" if lying else "standing")
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(folder / f"{number}.png")

# %%
# Read
# ----
# Every image is brought to 30 pixels of height and 20 of width, whole, with white
# beside it where its proportions are others. With ``cache`` the images are decoded into
# a file once, so that there may be more of them than memory holds.

form = {"size": (30, 20), "mode": "RGB"}
images = load_image_folder(bars, cache=Path(place.name, "decoded"), **form)
names = np.array(images.target_names)[images.target]
print(images.data.shape, *images.target_names)

# %%
# Train
# -----
# ``rescale`` has the network scale the bytes itself: no pipeline is needed.

X, X_test, y, y_test = train_test_split(images.data, names, random_state=0)
clf = FashionCNNClassifier(epochs=20, rescale=1 / 255, random_state=0).fit(X, y)
print("accuracy on", len(X_test), "other images:", clf.score(X_test, y_test))
PredictionGridDisplay.from_estimator(clf, X_test, y_test, n_images=10)
plt.show()

# %%
# Save, and ask
# -------------
# A new photograph is read in the same form as the others.

save(clf, Path(place.name, "bars.skfashion"))
again = load(Path(place.name, "bars.skfashion"))
image = read_image(bars / "standing" / "1.png", **form)
print("standing/1.png:", *again.predict(image[np.newaxis]))
place.cleanup()
