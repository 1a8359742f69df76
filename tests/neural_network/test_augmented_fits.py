"""Fits whose images are varied, and predictions of several views."""

import copy
import itertools

import joblib
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

import skfashion
from helpers.classifiers import make_cnn, make_keras, make_mlp
from skfashion import Augmentation, PixelScaler, load, save
from skfashion._backend import compiled_step
from skfashion.exceptions import ParameterError
from skfashion.neural_network import _fitted_network
from skfashion.neural_network._state import FORMER
from skfashion.persistence._estimators import describe
from skfashion.persistence._estimators import make as make_from
from skfashion.preprocessing._augmented import Augmenter, Variations

EVERYTHING = Augmentation(horizontal_flip=True, shift=2, rotation=15, cutout=5)


@pytest.fixture(scope="module")
def small(sample):
    """Bytes of 100 images, 12 pixels high and 10 wide, and their numbers."""
    X, y = sample
    return np.ascontiguousarray(X[:100].reshape(-1, 28, 28)[:, 4:16, 8:18]), y[:100]


def cnn(**params):
    defaults = {"augmentation": EVERYTHING, "epochs": 2, "rescale": 1 / 255}
    return make_cnn(**{"filters": (3,), "dense_sizes": (), **defaults, **params})


@pytest.fixture(scope="module")
def fitted(small):
    return cnn().fit(*small)


def _nothing(batch, logs):
    pass


def same(a, b, X):
    np.testing.assert_array_equal(a.predict_proba(X), b.predict_proba(X))


def test_bits_do_not_depend_on_how_rows_are_cut(small, fitted, tmp_path, monkeypatch):
    import keras

    X, y = small
    listening = keras.callbacks.LambdaCallback(on_train_batch_end=_nothing)
    same(cnn(callbacks=[listening]).fit(X, y), fitted, X)
    np.save(tmp_path / "X.npy", X)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    with joblib.parallel_backend("threading", n_jobs=2):
        monkeypatch.setattr(compiled_step, "_CHUNK_ROWS", 32)
        for other in joblib.Parallel()(
            joblib.delayed(cnn().fit)(mapped, y) for _ in "12"
        ):
            same(other, fitted, X)
    plain = cnn(augmentation=None).fit(X, y)
    assert (plain.predict_proba(X) != fitted.predict_proba(X)).any()
    same(cnn(augmentation=Augmentation()).fit(X, y), plain, X)


def test_xla_sees_what_others_see(small, monkeypatch):
    X, y = small
    clf = make_mlp(augmentation=EVERYTHING, rescale=1 / 255)
    plain = clone(clf).fit(X, y)
    monkeypatch.setattr(compiled_step, "_XLA_STEPS", 1)
    np.testing.assert_allclose(
        clf.fit(X, y).predict_proba(X), plain.predict_proba(X), rtol=1e-3, atol=1e-5
    )


def test_keras_model_fit_sees_what_chunks_see(small, tmp_path):
    import keras

    X, y = small
    saving = keras.callbacks.BackupAndRestore(tmp_path / "backup")
    weights = np.linspace(0.5, 1.5, len(X))
    clf = make_keras(augmentation=EVERYTHING, epochs=2, rescale=1 / 255)
    chunks = clone(clf).fit(X, y, weights)
    whole = clf.set_params(callbacks=[saving]).fit(X, y, weights)
    np.testing.assert_allclose(
        whole.predict_proba(X), chunks.predict_proba(X), atol=1e-5
    )


def test_bytes_train_as_floats_do(small, fitted):
    X, y = small
    flips = Augmentation(horizontal_flip=True, shift=1, cutout=3)
    scaled = cnn(augmentation=flips, rescale=None).fit(X / np.float32(255), y)
    of_bytes = cnn(augmentation=flips).fit(X, y)
    np.testing.assert_allclose(
        scaled.predict_proba(X / np.float32(255)), of_bytes.predict_proba(X), atol=1e-4
    )


@pytest.mark.parametrize("given", [True, False])
def test_no_image_but_those_trained_on_is_varied(given, small, monkeypatch):
    X, y = small
    taken = []
    take = Variations.take
    monkeypatch.setattr(
        Variations, "take", lambda self, *a: taken.append(a) or take(self, *a)
    )
    # Its weights stay where they are: what differs is what it is shown.
    still = cnn(epochs=3, optimizer="sgd", learning_rate=1e-20, early_stopping=True)
    held_out = {"X_val": X[:30], "y_val": y[:30]} if given else {}
    if not given:
        still.set_params(validation_fraction=0.3)
    if given:
        X, y = X[30:], y[30:]
    varied = clone(still).fit(X, y, **held_out)
    n_taken = len(taken)
    assert sum(len(rows) for _, rows, _ in taken) == 70 * varied.n_iter_
    plain = still.set_params(augmentation=None).fit(X, y, **held_out)
    for name in ("val_loss", "val_accuracy"):
        assert varied.history_[name] == plain.history_[name]
    assert len(set(varied.history_["loss"])) == varied.n_iter_
    same(varied, plain, X)
    assert len(taken) == n_taken


def test_images_are_mirrored_in_turn_by_fit_and_by_chance_in_parts(small, monkeypatch):
    X, y = small
    drawn = []
    draw = Augmenter.draw

    def spy(self, epoch, n_rows):
        drawn.append((epoch, draw(self, epoch, n_rows).mirrored))
        return draw(self, epoch, n_rows)

    monkeypatch.setattr(Augmenter, "draw", spy)
    clf = cnn(augmentation=Augmentation(horizontal_flip=True), warm_start=True)
    clf.fit(X, y).fit(X, y)
    assert [epoch for epoch, _ in drawn] == [0, 1, 2, 3]
    for (_, before), (_, after) in itertools.pairwise(drawn):
        np.testing.assert_array_equal(before, ~after)
    clf.partial_fit(X, y).partial_fit(X, y)
    changed = drawn[-1][1] != drawn[-2][1]
    assert 0.2 < changed.mean() < 0.8


def test_training_goes_on_to_the_same_bits(small, fitted, tmp_path):
    X, y = small
    cnn(epochs=1, checkpoint=tmp_path / "c").fit(X, y)
    with pytest.raises(ValueError, match=r"augmentation is Augmentation\(cutout=5"):
        cnn(augmentation=None, checkpoint=tmp_path / "c").fit(X, y)
    whole = cnn(checkpoint=tmp_path / "d").fit(X, y)
    same(whole, fitted, X)
    (tmp_path / "d" / "epoch-000002.checkpoint").unlink()
    same(cnn(checkpoint=tmp_path / "d").fit(X, y), fitted, X)
    parts = [cnn(epochs=1, warm_start=True).fit(X, y)]
    skfashion.save(parts[0], tmp_path / "model")
    parts.append(skfashion.load(tmp_path / "model"))
    joblib.dump(parts[0], tmp_path / "pickle")
    parts.append(joblib.load(tmp_path / "pickle"))
    once_more = [part.fit(X, y).predict_proba(X) for part in parts]
    np.testing.assert_array_equal(once_more[0], once_more[1])
    np.testing.assert_array_equal(once_more[0], once_more[2])


def test_a_file_holds_the_augmentation_and_the_views(fitted, small, tmp_path):
    saved = clone(fitted).set_params(n_views=6).fit(*small)
    skfashion.save(saved, tmp_path / "model")
    loaded = skfashion.load(tmp_path / "model")
    assert repr(loaded) == repr(saved)
    assert loaded.augmentation.get_params() == EVERYTHING.get_params()
    same(loaded, saved, small[0])
    members = {}
    description = describe(saved, members)
    # As it was before there were such parameters.
    for name in FORMER:
        del description["params"][name]
    state = saved.__getstate__()
    pickled = type(saved).__new__(type(saved))
    pickled.__setstate__({k: v for k, v in state.items() if k not in FORMER})
    for former in (make_from(description, members), pickled):
        assert (former.augmentation, former.n_views) == (None, 1)
        same(former, fitted, small[0])
    description["params"]["augmentation"] = {"augmentation": {"swing": 1}}
    with pytest.raises((TypeError, ValueError)):
        make_from(description, members)


def test_an_augmentation_is_searched_over(small):
    X, y = small
    clf = make_mlp(augmentation=Augmentation(), epochs=1)
    pipe = make_pipeline(PixelScaler(), clf)
    grid = {
        "fashionmlpclassifier__augmentation__shift": [0, 1],
        "fashionmlpclassifier__augmentation": [Augmentation(), Augmentation(cutout=3)],
    }
    search = GridSearchCV(pipe, grid, cv=2, error_score="raise").fit(X, y)
    assert len(search.cv_results_["params"]) == 4
    # No candidate changed what was given.
    assert clf.augmentation.shift == 0
    best = search.best_estimator_[-1].augmentation
    assert (
        best.shift == search.best_params_["fashionmlpclassifier__augmentation__shift"]
    )


@pytest.mark.parametrize("wrong", [True, "flip", Augmentation, {"shift": 1}])
def test_what_is_no_augmentation_is_told_what_to_write(wrong, small):
    with pytest.raises(ValueError, match=r"^augmentation=.* None or an Augmentation"):
        make_mlp(augmentation=wrong).fit(*small)


def test_parameters_of_no_augmentation_are_told_what_to_write(small):
    for made in (make_mlp(), make_keras()):
        with pytest.raises(ValueError, match=r"augmentation__shift=2 needs .*Augment"):
            made.set_params(augmentation__shift=2)
        made.set_params(augmentation=Augmentation(), augmentation__shift=2)
        assert made.augmentation.shift == 2
    with pytest.raises(ValueError, match="shift=-1 of Augmentation must be"):
        make_mlp(augmentation=Augmentation(shift=-1)).fit(*small)


def views(X, n_views):
    """Views of images, the plain way."""
    padded = np.pad(X, [(0, 0), (1, 1), (1, 1)], mode="edge")
    moved = [padded[:, p : p + X.shape[1], p : p + X.shape[2]] for p in (1, 2, 0)]
    if n_views == 3:
        return moved
    both = [view for image in moved for view in (image, image[:, :, ::-1])]
    return both[:n_views]


@pytest.mark.parametrize("n_views", [2, 3, 6])
def test_predictions_are_means_over_views(n_views, small, fitted, monkeypatch):
    X, y = small
    mean = np.mean([fitted.predict_proba(v) for v in views(X, n_views)], axis=0)
    seeing = clone(fitted).fit(X, y).set_params(n_views=n_views)
    proba = seeing.predict_proba(X)
    assert proba.dtype == np.float32
    np.testing.assert_allclose(proba, mean, atol=1e-6)
    np.testing.assert_array_equal(seeing.predict_log_proba(X), np.log(proba))
    np.testing.assert_array_equal(seeing.predict(X), proba.argmax(axis=1))
    assert seeing.score(X, y) == (proba.argmax(axis=1) == y).mean()
    # In parts, and from rows.
    monkeypatch.setattr(_fitted_network, "_PREDICT_ROWS", 24)
    np.testing.assert_array_equal(seeing.predict_proba(X.reshape(100, 120)), proba)


def test_one_row_and_colours_are_seen_from_all_sides(small):
    X, y = small
    X = np.stack([X, X[:, ::-1], X[:, :, ::-1]], axis=3)
    clf = make_mlp(epochs=1, rescale=1 / 255, n_views=2).fit(X, y)
    wanted = clf.predict_proba(X)
    np.testing.assert_allclose(wanted, clf.predict_proba(X[:, :, ::-1]), atol=1e-6)
    np.testing.assert_allclose(clf.predict_proba(X[:1]), wanted[:1], atol=1e-6)


def test_a_wrong_number_of_views_is_told_at_fit_and_at_prediction(small, fitted):
    X, y = small
    for wrong in (0, 4, 2.0, True, "six"):
        with pytest.raises(ValueError, match=r"^n_views=.* must be 1, 2 .*, 3 .* or 6"):
            cnn(n_views=wrong).fit(X, y)
        other = copy.copy(fitted)
        with pytest.raises(ValueError, match=r"^n_views=.* must be 1, 2 .*, 3 .* or 6"):
            other.set_params(n_views=wrong).predict(X)


@pytest.mark.parametrize(
    ("shape", "shift"), [((28, 28), 1), ((27, 40), 0), ((57, 60), 2), ((1, 784), 0)]
)
def test_shift_goes_by_the_shorter_side(shape, shift):
    rng = np.random.default_rng(0)
    X, y = rng.random((24, *shape), dtype=np.float32), np.arange(24) % 3

    def fit(augmentation):
        return make_cnn(
            augmentation=augmentation, epochs=1, image_shape=shape, kernel_size=1
        ).fit(X.reshape(24, -1), y)

    named, told = fit("shift"), fit(Augmentation(shift=shift) if shift else None)
    for ours, theirs in zip(
        named._fitted_network.values, told._fitted_network.values, strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)


def test_a_name_is_no_augmentation_to_set_parameters_of(tmp_path, sample):
    clf = make_cnn(augmentation="shift", epochs=1)
    with pytest.raises(ParameterError, match="needs an augmentation to be set in"):
        clf.set_params(augmentation__shift=2)
    with pytest.raises(ParameterError, match="augmentation='flip' must be None or an"):
        make_cnn(augmentation="flip").fit(sample[0][:20] / 255, sample[1][:20])
    clf.fit(sample[0][:64] / 255, sample[1][:64])
    save(clf, tmp_path / "model")
    assert load(tmp_path / "model").augmentation == "shift"
