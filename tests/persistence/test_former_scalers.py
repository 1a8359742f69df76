"""Scalers of files that were written before there was ``flatten``."""

import numpy as np
from sklearn.pipeline import make_pipeline

import skfashion
from helpers.classifiers import make_cnn
from helpers.saved_files import changed, same
from skfashion import PixelScaler


def test_they_make_rows_as_they_did(sample, tmp_path):
    X, y = sample[0][:60].reshape(-1, 14, 56), sample[1][:60]
    # What was made from rows: from these a square is read.
    pipeline = make_pipeline(PixelScaler(flatten=True), make_cnn(epochs=1)).fit(X, y)
    path = skfashion.save(pipeline, tmp_path / "model.skfashion")

    def former(about, description, held):
        del description["steps"][0][1]["params"]["flatten"]

    again = skfashion.load(changed(path, former))
    assert again[0].get_params() == {"flatten": True, "max_value": None}
    same(again, pipeline, X)


def test_flatten_is_saved(sample, tmp_path):
    images = sample[0][:5].reshape(-1, 28, 28)
    for flatten in (False, True):
        scaler = PixelScaler(flatten=flatten).fit(images)
        again = skfashion.load(skfashion.save(scaler, tmp_path / "scaler"))
        assert again.flatten is flatten
        np.testing.assert_array_equal(again.transform(images), scaler.transform(images))
