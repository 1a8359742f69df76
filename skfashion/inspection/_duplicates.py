"""Images of two sets that are nearly the same."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.frozen import FrozenEstimator
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import normalize

from skfashion._utils.validation import as_float, check_count
from skfashion.exceptions import ParameterError
from skfashion.inspection._embedding import Embedding

__all__ = ["near_duplicates"]


def near_duplicates(
    estimator: Any,
    X: Any,
    X_other: Any,
    *,
    n_pairs: int | None = 100,
    max_distance: float | None = None,
    n_neighbors: int = 5,
    n_jobs: int | None = None,
) -> pd.DataFrame:
    """Find images of two sets that a network takes for nearly the same.

    Use it to see whether test images are among those for training, or whether two
    collections share some. What a network does not tell apart is not always the same
    image: look at the pairs.

    Parameters
    ----------
    estimator : fitted classifier of skfashion, or pipeline that ends in one
        Its last hidden layer is what images are compared by; see ``Embedding``.
    X, X_other : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
        Images, as the estimator takes them.
    n_pairs : int or None, default=100
        How many pairs to give, or all where there are fewer. None gives all.
    max_distance : float or None, default=None
        Pairs that are farther apart are left out. None leaves out none.
    n_neighbors : int, default=5
        For each image of X, the nearest of X_other that are looked at.
    n_jobs : int or None, default=None
        Passed to ``sklearn.neighbors.NearestNeighbors``.

    Returns
    -------
    pandas.DataFrame
        A row a pair, the closest first: "row" and "other_row", its places in X and
        X_other; "distance", from 0, for the same image up to float32's last digits, to
        2: that between the embeddings, each scaled to a length of 1.

    Raises
    ------
    NotFittedError
        If the classifier is not fitted.
    ParameterError
        If the estimator is no classifier of this package, or a number is out of its
        range.

    See Also
    --------
    Embedding : What the distance is measured on.

    Notes
    -----
    The embeddings of both sets are held in memory, and distances in parts.

    Where X and X_other are one set, each image is among its own nearest, at a distance
    of about 0, and most pairs come in both orders. Give ``n_pairs=None``, lest these
    fill the table, and one neighbor more, and keep
    ``pairs[pairs["row"] != pairs["other_row"]]``.

    Examples
    --------
    >>> from skfashion import FashionMLPClassifier, load_fashion_sample
    >>> from skfashion.inspection import near_duplicates
    >>> X, y = load_fashion_sample(return_X_y=True)
    >>> mlp = FashionMLPClassifier(epochs=1, rescale=1 / 255).fit(X, y)
    >>> pairs = near_duplicates(mlp, X[:100], X[50:200], n_pairs=50)
    >>> pairs[["row", "other_row"]].sort_values("row").iloc[0].to_dict()
    {'row': 50, 'other_row': 0}
    """
    check_count("n_neighbors", n_neighbors)
    if n_pairs is not None:
        check_count("n_pairs", n_pairs)
    if max_distance is not None and not as_float("max_distance", max_distance) >= 0:
        raise ParameterError(
            f"max_distance={max_distance!r} must be a number of 0 or more, or None."
        )
    # Frozen: no fit takes place, and so no label is asked for.
    embedding = Embedding(FrozenEstimator(estimator)).fit(X)
    ours, others = (normalize(embedding.transform(images)) for images in (X, X_other))
    nearest = NearestNeighbors(
        n_neighbors=min(n_neighbors, len(others)), n_jobs=n_jobs
    ).fit(others)
    found = nearest.kneighbors(ours, return_distance=False)
    rows, columns = np.repeat(np.arange(len(ours)), found.shape[1]), found.ravel()
    distances = _distances(ours, others, rows, columns)
    order = np.argsort(distances, kind="stable")
    if max_distance is not None:
        order = order[distances[order] <= max_distance]
    order = order[:n_pairs]
    pairs = {"row": rows, "other_row": columns, "distance": distances}
    return pd.DataFrame({name: values[order] for name, values in pairs.items()})


def _distances(
    ours: np.ndarray, others: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """Measure pairs by their differences, for products lose the last digits."""
    distances = np.empty(len(rows), dtype=np.float32)
    for start in range(0, len(rows), _PAIRS):
        part = slice(start, start + _PAIRS)
        differences = ours[rows[part]] - others[columns[part]]
        distances[part] = np.linalg.norm(differences, axis=1)
    return distances


# Pairs that are measured at once.
_PAIRS = 4096
