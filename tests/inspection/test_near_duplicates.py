import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.exceptions import NotFittedError
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from helpers.classifiers import make_cnn, make_mlp
from skfashion import PixelScaler, load_fashion_sample
from skfashion.exceptions import ParameterError
from skfashion.inspection import Embedding, near_duplicates


@pytest.fixture(scope="module")
def other(sample):
    """Other images, among them copies of some: the first half exact, the rest not."""
    X = sample[0][:1000]
    other = load_fashion_sample(subset="test", return_X_y=True)[0].copy()
    rng = np.random.default_rng(0)
    rows, places = (rng.choice(n, 16, replace=False) for n in (len(X), len(other)))
    noise = rng.integers(-2, 3, (8, X.shape[1]))
    noisy = np.where(X[rows[8:]] > 0, X[rows[8:]] + noise, 0)
    other[places] = [*X[rows[:8]], *np.clip(noisy, 0, 255)]
    return other, rows, places


@pytest.mark.parametrize("make", [make_mlp, make_cnn])
def test_planted_copies_come_first(sample, other, make):
    X, y = sample[0][:1000], sample[1][:1000]
    X_other, rows, places = other
    pipe = make_pipeline(PixelScaler(), make(image_shape=(28, 28))).fit(X, y)
    pairs = near_duplicates(pipe, X, X_other)
    assert len(pairs) == 100
    assert pairs["distance"].is_monotonic_increasing
    found = list(zip(pairs["row"], pairs["other_row"], strict=True))
    planted = list(zip(rows, places, strict=True))
    assert set(found[:8]) == set(planted[:8])
    assert set(found[:16]) == set(planted)
    assert pairs["distance"][7] < 1e-5
    assert pairs["distance"][16] > pairs["distance"][15]
    near = near_duplicates(pipe, X, X_other, max_distance=pairs["distance"][15])
    assert len(near) == 16


def test_pairs_are_the_nearest(train):
    X, y = train
    mlp = make_mlp(epochs=1).fit(X, y)
    values = Embedding(FrozenEstimator(mlp)).fit(X).transform(X)
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    distances = cdist(values[:50], values[100:])
    pairs = near_duplicates(mlp, X[:50], X[100:], n_pairs=None, n_neighbors=3)
    assert len(pairs) == 150
    np.testing.assert_allclose(
        pairs["distance"], distances[pairs["row"], pairs["other_row"]], atol=1e-5
    )
    np.testing.assert_allclose(
        np.sort(pairs["distance"]),
        np.sort(np.sort(distances, axis=1)[:, :3].ravel()),
        atol=1e-5,
    )
    few = near_duplicates(mlp, X[:50], X[100:102], n_pairs=None)
    assert len(few) == 100


def test_pairs_of_one_set(train):
    X, y = train[0][:200].copy(), train[1][:200]
    X[150] = X[20]
    mlp = make_mlp(epochs=1).fit(X, y)
    pairs = near_duplicates(mlp, X, X, n_pairs=None, n_neighbors=6)
    itself = pairs["row"] == pairs["other_row"]
    assert pairs["row"][itself].nunique() == len(X)
    first = pairs[~itself][["row", "other_row"]].iloc[:2]
    assert sorted(first.values.tolist()) == [[20, 150], [150, 20]]


def test_what_is_refused(train):
    X, y = train
    mlp = make_mlp(epochs=1)
    with pytest.raises(NotFittedError):
        near_duplicates(mlp, X, X)
    with pytest.raises(ParameterError, match="must be a classifier of skfashion"):
        near_duplicates(LogisticRegression(), X, X)
    mlp.fit(X, y)
    for name, value in [("n_pairs", 0), ("n_neighbors", 1.5), ("max_distance", -1)]:
        with pytest.raises(ParameterError, match=f"{name}={value} must be"):
            near_duplicates(mlp, X, X, **{name: value})
    with pytest.raises(ValueError, match="X has 9 features"):
        near_duplicates(mlp, X, X[:, :9])
