"""Pipelines that transform more than X, as scikit-learn will by default."""

import pytest
from sklearn import config_context
from sklearn.pipeline import Pipeline

import skfashion
from helpers.classifiers import make_mlp
from helpers.saved_files import same
from skfashion import PixelScaler


def steps(**params):
    return [("scale", PixelScaler()), ("clf", make_mlp(epochs=1, **params))]


@pytest.mark.parametrize(
    "given", [("X_val",), ["X_val"], ("X_val", "more"), [], ()], ids=repr
)
def test_the_names_of_what_is_transformed_come_back(given, sample, tmp_path):
    X, y = sample[0][:300], sample[1][:300]
    # Without metadata routing, scikit-learn refuses to fit a pipeline that has it.
    pipeline = Pipeline(steps()).fit(X, y)
    pipeline.transform_input = given
    again = skfashion.load(skfashion.save(pipeline, tmp_path / "pipeline"))
    assert again.transform_input == given
    assert type(again.transform_input) is type(given)
    same(again, pipeline, X)


def test_a_restored_pipeline_transforms_validation_images(sample, tmp_path):
    X, y = sample[0][:300], sample[1][:300]
    more = {"X_val": sample[0][300:400], "y_val": sample[1][300:400]}
    with config_context(enable_metadata_routing=True):
        pipeline = Pipeline(steps(), transform_input=["X_val"])
        path = skfashion.save(pipeline, tmp_path / "pipeline")
        again = skfashion.load(path)
        for one in (pipeline, again):
            one[-1].set_fit_request(X_val=True, y_val=True)
            one.fit(X, y, **more)
    assert again[-1].history_ == pipeline[-1].history_
    assert again[-1].validation_scores_ is not None
