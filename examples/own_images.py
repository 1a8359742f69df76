"""Images of your own, in a folder for each class: trained, saved, asked."""

from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.model_selection import train_test_split

from skfashion import FashionCNNClassifier, load, load_image_folder, save
from skfashion.preprocessing import read_image

# In place of your own: bars/lying/0.png and so on, of several sizes.
rng = np.random.default_rng(0)
for number in range(400):
    lying = number % 2 == 0
    pixels = rng.integers(90, size=(rng.integers(40, 80), 50, 3), dtype=np.uint8)
    bar = pixels if lying else pixels.swapaxes(0, 1)
    bar[20:26] = rng.integers(150, 256, size=3)
    folder = Path("bars", "lying" if lying else "standing")
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(folder / f"{number}.png")

form = {"size": (30, 20), "mode": "RGB"}
bars = load_image_folder("bars", cache="decoded", **form)
names = np.array(bars.target_names)[bars.target]
X, X_test, y, y_test = train_test_split(bars.data, names, random_state=0)
clf = FashionCNNClassifier(rescale=1 / 255, random_state=0).fit(X, y)
print("accuracy on", len(X_test), "other images:", clf.score(X_test, y_test))
save(clf, "bars.skfashion")
image = read_image("bars/standing/1.png", **form)
print("bars/standing/1.png:", *load("bars.skfashion").predict(image[np.newaxis]))
