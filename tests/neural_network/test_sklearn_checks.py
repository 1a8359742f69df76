"""scikit-learn's own checks of the four classes."""

import numpy as np
import pytest
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import parametrize_with_checks

from helpers.classifiers import make_cnn, small_network
from skfashion import (
    FashionCNNClassifier,
    FashionMLPClassifier,
    KerasImageClassifier,
    Network,
    PixelScaler,
)

# The checks' data sets have 10 to 300 rows: small networks, short fits.
TRAINING = {"epochs": 30, "batch_size": 32, "learning_rate": 0.01}
SHORT = {**TRAINING, "dropout": 0.0}
ESTIMATORS = [
    PixelScaler(),
    PixelScaler(flatten=True),
    FashionMLPClassifier(hidden_layer_sizes=(16,), **SHORT),
    FashionCNNClassifier(filters=(4,), **SHORT),
    KerasImageClassifier(Network(small_network, filters=4), **TRAINING),
]
# They pass all of the checks too.
OTHERS = [
    FashionMLPClassifier((8, 8), residual=True, **SHORT),
    make_cnn(**{**SHORT, "dense_sizes": (16,)}),
]
TELLING = [
    estimator_checks.check_fit2d_1feature,
    estimator_checks.check_fit2d_1sample,
    estimator_checks.check_fit_idempotent,
    estimator_checks.check_methods_subset_invariance,
    estimator_checks.check_methods_sample_order_invariance,
]

# Every check that is known to fail, and why its statement is false here.
REASONS = {
    "check_sample_weight_equivalence_on_dense_data": (
        "A row of weight 2 is one row of a mini-batch, a row that stands twice is "
        "two, in batches of their own: other gradients. Where one batch holds all "
        "rows the two agree, to float32 and not to the check's 1e-7: see "
        "test_weights_act_as_repetitions_in_full_batches."
    ),
}


def reasons(estimator):
    return {} if isinstance(estimator, PixelScaler) else REASONS


@pytest.mark.filterwarnings("ignore::skfashion.exceptions.ImageShapeWarning")
@pytest.mark.filterwarnings("ignore::skfashion.exceptions.UnscaledPixelsWarning")
@parametrize_with_checks(ESTIMATORS, expected_failed_checks=reasons)
def test_check_estimator(estimator, check):
    check(estimator)


@pytest.mark.filterwarnings("ignore::skfashion.exceptions.ImageShapeWarning")
@pytest.mark.filterwarnings("ignore::skfashion.exceptions.UnscaledPixelsWarning")
@pytest.mark.parametrize("check", TELLING, ids=lambda check: check.__name__)
@pytest.mark.parametrize("estimator", OTHERS, ids=["residual", "plain cnn"])
def test_other_networks(estimator, check):
    check(type(estimator).__name__, estimator)


def test_weights_act_as_repetitions_in_full_batches(make, train):
    X, y = train
    X, y = X[:90], y[:90]
    repeats = np.arange(90) % 4
    full = {"batch_size": 1000, "epochs": 10, "dropout": 0.0, "alpha": 0.0}
    weighted = make(**full).fit(X, y, sample_weight=repeats)
    repeated = make(**full).fit(np.repeat(X, repeats, axis=0), np.repeat(y, repeats))
    np.testing.assert_allclose(
        weighted.predict_proba(X), repeated.predict_proba(X), rtol=1e-3, atol=1e-5
    )
    unweighted = make(**full).fit(X, y)
    assert np.abs(weighted.predict_proba(X) - unweighted.predict_proba(X)).max() > 1e-2


def test_scale_of_the_weights_does_not_matter(make, train):
    X, y = train
    weights = 1.0 + y
    small = make().fit(X, y, sample_weight=weights / 1024)
    large = make().fit(X, y, sample_weight=weights * 1024)
    np.testing.assert_array_equal(small.predict_proba(X), large.predict_proba(X))
