"""What else trains or looks at training images sees them varied as training does."""

import numpy as np
import pytest

from helpers.classifiers import make_cnn
from skfashion import Augmentation
from skfashion.preprocessing._augmented import Variations

EVERYTHING = Augmentation(horizontal_flip=True, shift=2, cutout=4)


@pytest.fixture
def taken(monkeypatch):
    """Count the rows that are taken as they are varied."""
    rows = []
    take = Variations.take

    def noting(self, array, numbers, out):
        rows.append(len(numbers))
        return take(self, array, numbers, out)

    monkeypatch.setattr(Variations, "take", noting)
    return rows


def fit(sample, **parameters):
    X, y = sample[0][:96] / 255, sample[1][:96]
    clf = make_cnn(batch_size=32, random_state=0, **{"epochs": 1, **parameters})
    return clf.fit(X, y)


def test_steps_are_timed_on_varied_images(sample, taken):
    fit(sample, augmentation=EVERYTHING, max_time=1e-3)
    # One epoch that trains, and at least a step before it.
    assert sum(taken) > 96
    del taken[:]
    fit(sample, augmentation=EVERYTHING)
    assert sum(taken) == 96


def test_statistics_of_a_mean_are_those_of_varied_images(sample, taken):
    norms = {"batch_normalization": True, "weight_averaging": 1}
    varied = fit(sample, augmentation=EVERYTHING, **norms)
    assert sum(taken) == 2 * 96
    # Their spread is another than that of the images as they are.
    plain = fit(sample, **norms)
    values = [clf._fitted_network.values for clf in (varied, plain)]
    names = [w.name for w in varied._fitted_network.config.weights()]
    place = names.index("moving_variance")
    assert not np.allclose(values[0][place], values[1][place], rtol=1e-3)
