import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

mpl.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from helpers.classifiers import make_cnn, make_mlp
from skfashion import CLASS_NAMES, KerasImageClassifier, PixelScaler
from skfashion.exceptions import DataError, ParameterError
from skfashion.inspection import SaliencyDisplay, saliency


@pytest.fixture(scope="module")
def spots():
    """Noise, a bright spot in one quarter, and which quarter it is in."""
    rng = np.random.default_rng(0)
    X = rng.random((400, 16, 16), dtype=np.float32) * 0.4
    y = np.arange(400) % 4
    for image, quarter in zip(X, y, strict=True):
        top, left = rng.integers(0, 5, 2) + 8 * np.array(divmod(quarter, 2))
        image[top : top + 3, left : left + 3] += 0.6
    return X, y


@pytest.fixture(autouse=True)
def no_figure_is_left():
    plt.close("all")
    yield
    plt.close("all")


def share_in_quarter(maps, quarters):
    """How much of each map lies in a quarter of it."""
    cut = maps.reshape(-1, 2, 8, 2, 8).sum(axis=(2, 4)).reshape(-1, 4)
    return cut[np.arange(len(cut)), quarters] / cut.sum(axis=1)


@pytest.mark.parametrize(
    ("make", "method"), [(make_mlp, "auto"), (make_cnn, "gradient")]
)
def test_the_gradient_shows_what_the_class_depends_on(spots, make, method):
    X, y = spots
    fitted = make(epochs=10).fit(X, y)
    assert fitted.score(X, y) > 0.95
    maps = saliency(fitted, X, target=y, method=method)
    assert (maps.shape, maps.dtype, maps.max()) == (X.shape, np.float32, 1)
    # By chance it is a quarter.
    assert (share_in_quarter(maps, y) > 0.3).mean() > 0.95


def test_grad_cam_shows_what_the_class_depends_on():
    import keras

    layers = keras.layers

    def network(image_shape, n_classes):
        steps = [
            keras.Input(image_shape),
            layers.Conv2D(8, 3, activation="relu", padding="same"),
            layers.Conv2D(8, 3, activation="relu", padding="same"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(n_classes),
        ]
        return keras.Sequential(steps)

    # Stripes down or across, and anywhere.
    rng = np.random.default_rng(0)
    X = rng.random((400, 16, 16), dtype=np.float32) * 0.3
    y, quarters = np.arange(400) % 2, rng.integers(0, 4, 400)
    stripes = np.tile(np.float32([0.7, 0, 0.7, 0, 0.7, 0]), (6, 1))
    for image, across, quarter in zip(X, y, quarters, strict=True):
        top, left = 8 * np.array(divmod(quarter, 2)) + 1
        image[top : top + 6, left : left + 6] += stripes.T if across else stripes
    own = KerasImageClassifier(
        network, from_logits=True, epochs=10, learning_rate=0.01, random_state=0
    ).fit(X, y)
    assert own.score(X, y) > 0.95
    maps = saliency(own, X)
    assert (maps.min(), maps.max()) == (0, 1)
    shares = share_in_quarter(maps, quarters)
    assert (shares > 0.3).mean() > 0.95
    assert shares.mean() > 0.5


def test_grad_cam_is_that_of_the_paper(train):
    import keras
    import tensorflow as tf

    X, y = train
    cnn = make_cnn().fit(X, y)
    maps = saliency(cnn, X[:20], target=3)
    model = cnn.model_
    seen = model.get_layer("conv_1").output
    features = keras.Model(model.input, seen)(X[:20])
    rest = keras.Model(seen, model.layers[-2].output)
    kernel, bias = model.layers[-1].weights
    with tf.GradientTape() as tape:
        tape.watch(features)
        score = (rest(features) @ kernel + bias)[:, 3]
    weights = tape.gradient(score, features).numpy().mean(axis=(1, 2))
    raw = np.maximum(np.einsum("nhwc,nc->nhw", features.numpy(), weights), 0)
    expected = tf.image.resize(raw[..., None], (28, 28)).numpy()[..., 0]
    expected /= expected.max(axis=(1, 2), keepdims=True)
    np.testing.assert_allclose(maps, expected, atol=1e-4)


def test_the_gradient_is_that_of_the_score(train):
    X, y = train
    mlp = make_mlp(hidden_layer_sizes=(20,), rescale=0.8).fit(X, y)
    maps = saliency(mlp, X[:20], target=3).reshape(20, -1)
    (first, last), (bias, _) = mlp.coefs_, mlp.intercepts_
    active = X[:20] * np.float32(0.8) @ first + bias > 0
    expected = np.abs((active * last[:, 3]) @ first.T)
    expected /= expected.max(axis=1, keepdims=True)
    np.testing.assert_allclose(maps, expected, atol=1e-4)


def test_classes_that_are_asked_for(train, names):
    X, y = train[0], names[train[1]]
    cnn = make_cnn().fit(X, y)
    X = X[:300]
    predicted = cnn.predict(X)
    free = saliency(cnn, X)
    np.testing.assert_allclose(free, saliency(cnn, X, target=predicted), atol=1e-6)
    for target in ("Bag", pd.Series(["Bag"] * 300)):
        of_bags = saliency(cnn, X, target=target)
        np.testing.assert_allclose(
            of_bags[predicted == "Bag"], free[predicted == "Bag"], atol=1e-6
        )
        assert (of_bags != free).any(axis=(1, 2))[predicted != "Bag"].all()


def test_sure_predictions_have_a_map_too(spots):
    X, y = spots
    mlp = make_mlp(epochs=10).fit(X, y)
    mlp.model_.layers[-1].kernel.assign(mlp.model_.layers[-1].kernel * 1000)
    assert (mlp.predict_proba(X) > 0).sum(axis=1).max() == 1
    assert (saliency(mlp, X).max(axis=(1, 2)) == 1).all()


def test_several_channels_and_pipelines(train):
    X, y = train[0][:200].reshape(-1, 14, 14, 4), train[1][:200]
    for make in (make_mlp, make_cnn):
        pipe = make_pipeline(PixelScaler(), make(epochs=1, image_shape=(14, 14, 4)))
        pipe.fit(X, y)
        assert saliency(pipe, X[:5]).shape == (5, 14, 14)
        assert saliency(pipe, X[:5].reshape(5, -1)).shape == (5, 14, 14)


def test_convolutions_of_one_place_give_no_map(train):
    X, y = train
    cnn = make_cnn(epochs=1, kernel_size=28).fit(X, y)
    np.testing.assert_array_equal(
        saliency(cnn, X[:3]), saliency(cnn, X[:3], method="gradient")
    )
    with pytest.raises(ParameterError, match="use method='gradient'"):
        saliency(cnn, X[:3], method="grad_cam")


def test_what_is_refused(train):
    X, y = train
    mlp = make_mlp(epochs=1)
    with pytest.raises(NotFittedError):
        saliency(mlp, X)
    with pytest.raises(ParameterError, match="must be a classifier of skfashion"):
        saliency(LogisticRegression(), X)
    mlp.fit(X, y)
    with pytest.raises(ParameterError, match="method='cam' must be one of 'auto'"):
        saliency(mlp, X, method="cam")
    with pytest.raises(DataError, match="target holds labels that are not among"):
        saliency(mlp, X, target="Bag")
    with pytest.raises(DataError, match=r"target has shape \(3,\), but X has 600"):
        saliency(mlp, X, target=[1, 2, 3])
    reduced = make_pipeline(PCA(16), make_mlp(epochs=1)).fit(X, y)
    with pytest.raises(DataError, match="X has 784 pixels an image, of which"):
        saliency(reduced, X)


# The display


def test_maps_lie_over_the_images(train):
    X, y = train
    cnn = make_cnn().fit(X, y)
    ax = Figure().subplots()
    display = SaliencyDisplay.from_estimator(
        cnn, X, y, class_names=CLASS_NAMES, n_images=6, n_columns=3, ax=ax
    )
    assert display.ax_ is ax
    assert plt.get_fignums() == []
    images, maps = ax.images[:6], ax.images[6:]
    assert [i.get_extent() for i in images] == [m.get_extent() for m in maps]
    np.testing.assert_array_equal([m.get_array() for m in maps], saliency(cnn, X[:6]))
    np.testing.assert_allclose(
        [i.get_array() for i in images], X[:6].reshape(-1, 28, 28), atol=1e-6
    )
    expected = [
        line
        for row in range(6)
        for line in (
            CLASS_NAMES[cnn.predict(X[:6])[row]],
            f"actual: {CLASS_NAMES[y[row]]}",
        )
    ]
    assert [text.get_text() for text in ax.texts] == expected
    again = SaliencyDisplay(images=display.images, maps=display.maps).plot()
    assert plt.get_fignums() == [again.figure_.number]


def test_the_class_that_is_asked_for_is_named(train, names):
    X, y = train[0], names[train[1]]
    mlp = make_mlp(epochs=1).fit(pd.DataFrame(X).add_prefix("p"), y)
    frame = pd.DataFrame(X).add_prefix("p")
    display = SaliencyDisplay.from_estimator(mlp, frame, target="Bag", n_images=3)
    assert display.labels == ["Bag"] * 3
    display = SaliencyDisplay.from_estimator(mlp, frame, y, target=y, n_images=3)
    assert display.labels == [f"{name}\nactual: {name}" for name in y[:3]]


def test_labels_are_shown_as_they_stand(train):
    X, y = train
    hostile = np.array(["a\nb", r"$\bad$", "[red]", "\x1b[31m", "_"])[y % 5]
    mlp = make_mlp(epochs=1).fit(X, hostile)
    display = SaliencyDisplay.from_estimator(mlp, X, hostile)
    display.figure_.draw_without_rendering()
    shown = {text.get_text() for text in display.ax_.texts}
    assert r"actual: a\nb" in shown
    assert len(display.ax_.texts) == 50
    assert not any("\x1b" in text for text in shown)


def test_what_the_display_refuses(train):
    X, y = train
    mlp = make_mlp(epochs=1).fit(X, y)
    for message, options in [
        ("n_images=0 must be an integer", {"n_images": 0}),
        ("n_columns=0 must be an integer", {"n_columns": 0}),
        ("y has shape", {"y": y[:5]}),
        ("class_names stands for 2 classes", {"class_names": ["a", "b"]}),
    ]:
        with pytest.raises(ValueError, match=message):
            SaliencyDisplay.from_estimator(mlp, X, **options)
    assert plt.get_fignums() == []
