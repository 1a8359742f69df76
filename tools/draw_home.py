"""Draw the home page's picture: test images, alike ones beside each other.

Run as ``python tools/draw_home.py FILE``. A network is fitted on the bundled training
images; what its last hidden layer makes of the test images is laid out in two
dimensions by t-SNE, and then on a grid, so that no image covers another.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist
from sklearn.frozen import FrozenEstimator
from sklearn.manifold import TSNE

from skfashion import FashionCNNClassifier, load_fashion_sample
from skfashion.inspection import Embedding

COLUMNS, ROWS = 25, 20
# One a category, none lost on white or on black.
COLOURS = (
    "#3f7fd1 #8b6fd6 #2a9d8f #d65f9b #5b8c3a #e0863a #3aa3d6 #c9534f #a98423 #7a6f8a"
)


def on_a_grid(places):
    """Give each place the cell of a grid, so that they move as little as possible."""
    low, high = places.min(axis=0), places.max(axis=0)
    cells = np.array([(x, y) for y in range(ROWS) for x in range(COLUMNS)])
    wanted = (places - low) / (high - low) * (COLUMNS - 1, ROWS - 1)
    return cells[linear_sum_assignment(cdist(wanted, cells, "sqeuclidean"))[1]]


def draw(path):
    """Write the drawing: colour by category, transparent where an image is black."""
    X, y = load_fashion_sample(return_X_y=True)
    X_test, y_test = load_fashion_sample(subset="test", return_X_y=True)
    cnn = FashionCNNClassifier(rescale=1 / 255, random_state=0).fit(X, y)
    embedded = Embedding(FrozenEstimator(cnn)).fit_transform(X_test)
    places = on_a_grid(TSNE(random_state=0).fit_transform(embedded))
    picture = np.zeros((ROWS * 28, COLUMNS * 28, 4), np.uint8)
    colours = [tuple(bytes.fromhex(colour[1:])) for colour in COLOURS.split()]
    for pixels, label, (column, row) in zip(X_test, y_test, places, strict=True):
        cell = picture[row * 28 : row * 28 + 28, column * 28 : column * 28 + 28]
        cell[..., :3] = colours[label]
        cell[..., 3] = pixels.reshape(28, 28)
    Image.fromarray(picture).save(path, optimize=True)


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
