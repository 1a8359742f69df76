"""What an epoch draws."""

import numpy as np
import pytest

from helpers.classifiers import make_mlp
from skfashion._backend.gather import draw_mask, permutation


def test_orders_differ_by_seed_and_epoch():
    drawn = {permutation(s, e, 50).tobytes() for s in (0, 1) for e in (0, 1)}
    assert len(drawn) == 4
    assert sorted(permutation(3, 4, 50)) == list(range(50))


@pytest.mark.parametrize("size", [1, 4, 7, 100])
def test_masks_do_not_depend_on_the_cut_into_chunks(size):
    whole = draw_mask(1, 2, 0, size, range(40))
    parts = [draw_mask(1, 2, 0, size, range(a, a + 8)) for a in range(0, 40, 8)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert whole.shape == (40, size)
    assert whole.dtype == np.uint16


def test_masks_are_even_and_of_their_own():
    masks = [
        draw_mask(s, e, n, 64, range(500))
        for s, e, n in [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1)]
    ]
    for mask in masks:
        assert (mask < 0.2 * 2**16).mean() == pytest.approx(0.2, abs=0.01)
        # Neither rows nor columns are alike.
        assert len(np.unique(mask, axis=0)) == 500
        assert len(np.unique(mask, axis=1).T) == 64
    assert len({mask.tobytes() for mask in masks}) == 4


@pytest.mark.parametrize("dropout", [0.3, 0.999999])
def test_dropout_drops_its_share_and_scales_up_the_rest(dropout):
    from skfashion._backend.tensors import as_tensor
    from skfashion._networks.mlp_config import MLPConfig
    from skfashion._networks.training_model import TrainingModel, _drop

    config = MLPConfig(n_features=4, n_classes=2, dropout=dropout)
    dropped = as_tensor(TrainingModel.arguments(config))[0]
    mask = as_tensor(draw_mask(0, 0, 0, 1000, range(1000)))
    out = _drop(as_tensor(np.ones((1000, 1000), np.float32)), mask, dropped).numpy()
    assert (out == 0).mean() == pytest.approx(dropout, abs=2e-3)
    assert out.mean() == pytest.approx(1, abs=0.3 if dropout > 0.9 else 5e-3)


def test_masks_depend_on_neither_xla_nor_chunks(train, monkeypatch):
    from skfashion._backend import compiled_step, step_cache

    probabilities = []
    for steps, chunk in ((10**9, 4096), (10**9, 32), (1, 4096)):
        step_cache.cache_clear()
        monkeypatch.setattr(compiled_step, "_XLA_STEPS", steps)
        monkeypatch.setattr(compiled_step, "_CHUNK_ROWS", chunk)
        fitted = make_mlp(dropout=0.5, epochs=2).fit(*train)
        probabilities.append(fitted.predict_proba(train[0]))
    np.testing.assert_array_equal(*probabilities[:2])
    np.testing.assert_allclose(probabilities[0], probabilities[2], rtol=1e-3, atol=1e-5)
