import sys

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import RidgeClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline

mpl.use("Agg")

import matplotlib.pyplot as plt
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from helpers.classifiers import make_cnn, make_mlp
from skfashion import CLASS_NAMES, PixelScaler
from skfashion.displays import (
    CategoryAccuracyDisplay,
    FirstLayerDisplay,
    ImageGridDisplay,
    PredictionGridDisplay,
    TrainingCurvesDisplay,
)
from skfashion.exceptions import DataError, MissingExtraError, ParameterError

CROSS = "\N{MULTIPLICATION SIGN}"
HISTORY = {
    "accuracy": [0.5, 0.7, 0.8],
    "val_accuracy": [0.6, 0.65, 0.7],
    "loss": [1.5, 1.0, 0.7],
}


@pytest.fixture(scope="module")
def mlp(train, test):
    return make_mlp().fit(*train, X_val=test[0], y_val=test[1])


@pytest.fixture(scope="module")
def cnn(train):
    return make_cnn(filters=(6,)).fit(*train)


@pytest.fixture(scope="module")
def ridge(train, names):
    """A classifier of names that knows no probabilities."""
    return RidgeClassifier().fit(train[0], names[train[1]])


@pytest.fixture(scope="module")
def draws(sample, mlp, cnn, test):
    """Draws each of the displays on the axes it is given."""
    X, y = test
    models = {"MLP": mlp, "CNN": cnn}
    named = {"class_names": CLASS_NAMES}
    return {
        "curves": lambda ax: TrainingCurvesDisplay.from_estimators(models, ax=ax),
        "images": lambda ax: ImageGridDisplay.from_images(*sample, **named, ax=ax),
        "predictions": lambda ax: PredictionGridDisplay.from_estimator(
            mlp, X, y, **named, ax=ax
        ),
        "no mistakes": lambda ax: PredictionGridDisplay.from_predictions(
            X, y, y, kind="mistakes", ax=ax
        ),
        "weights": lambda ax: FirstLayerDisplay.from_estimator(mlp, ax=ax),
        "categories": lambda ax: CategoryAccuracyDisplay.from_estimators(
            models, X, y, **named, ax=ax
        ),
    }


DRAWN = ["curves", "images", "predictions", "no mistakes", "weights", "categories"]


@pytest.fixture(autouse=True)
def no_figure_is_left():
    # Other files' tests, and examples in docstrings, may have left some open.
    plt.close("all")
    yield
    plt.close("all")


def texts(display):
    return [text.get_text() for text in display.ax_.texts]


def overlapping(artists):
    """Count the pairs whose boxes, less a pixel, share an area."""
    for figure in {artist.figure for artist in artists}:
        figure.draw_without_rendering()
    boxes = [artist.get_window_extent().padded(-1) for artist in artists]
    return sum(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


@pytest.mark.parametrize("name", DRAWN)
def test_without_axes_there_is_one_new_figure(draws, name):
    display = draws[name](None)
    assert plt.get_fignums() == [display.figure_.number]
    assert display.ax_.figure is display.figure_
    again = display.plot()
    assert again is display
    assert len(plt.get_fignums()) == 2


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("layout", [None, "constrained"])
def test_given_axes_are_drawn_on_and_no_others(draws, name, layout):
    ax, other = Figure(layout=layout).subplots(1, 2)
    display = draws[name](ax)
    display.figure_.draw_without_rendering()
    assert display.ax_ is ax
    assert display.figure_ is ax.figure
    assert plt.get_fignums() == []
    drawn = [*other.lines, *other.images, *other.texts, *other.patches]
    assert drawn == []
    assert other.axison


@pytest.mark.parametrize("name", DRAWN)
def test_axes_of_a_subfigure_will_do(draws, name):
    part = Figure(layout="constrained").subfigures(1, 2)[0]
    display = draws[name](part.subplots())
    part.figure.draw_without_rendering()
    assert display.figure_ is part


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_every_text_can_be_read_in_the_style_in_force(draws, name, style):
    with mpl.style.context(style):
        before = dict(mpl.rcParams)
        display = draws[name](None)
        display.figure_.draw_without_rendering()
        assert dict(mpl.rcParams) == before
        ax, colour = display.ax_, to_hex(before["text.color"])
    labels = [*ax.get_xticklabels(), *ax.get_yticklabels()] if ax.axison else []
    written = [text for text in [*ax.texts, *labels] if text.get_text()]
    assert written or name == "weights"
    assert {to_hex(text.get_color()) for text in written} <= {colour}
    assert overlapping(written) == 0


@pytest.mark.parametrize("name", ["images", "predictions"])
@pytest.mark.parametrize("inches", [3, 12])
def test_names_fit_axes_of_any_size(draws, name, inches):
    ax = draws[name](Figure((inches, inches), dpi=100).subplots()).ax_
    assert overlapping([*ax.texts, *ax.images]) == 0


@pytest.mark.parametrize("name", ["images", "predictions"])
def test_names_are_large_in_a_figure_of_their_own(draws, name):
    assert {text.get_size() for text in draws[name](None).ax_.texts} == {10.0}


# Training curves


def test_curves_are_the_history(mlp, cnn):
    models = {"MLP": mlp, "pipeline": make_pipeline(PixelScaler(), cnn)}
    for metric in ("accuracy", "loss"):
        ax = TrainingCurvesDisplay.from_estimators(models, metric=metric).ax_
        expected = [mlp.history_[metric], mlp.history_[f"val_{metric}"]]
        expected.append(cnn.history_[metric])
        assert [list(line.get_ydata()) for line in ax.lines] == expected
        assert [list(line.get_xdata()) for line in ax.lines] == [[1, 2, 3]] * 3
        assert [line.get_linestyle() for line in ax.lines] == ["-", "--", "-"]


@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_curves_of_a_model_share_what_tells_models_apart(style):
    names = "abcdef"
    with mpl.style.context(style):
        display = TrainingCurvesDisplay.from_histories(dict.fromkeys(names, HISTORY))
        background = to_hex(mpl.rcParams["axes.facecolor"])
    pairs = [(to_hex(x.get_color()), x.get_marker()) for x in display.ax_.lines]
    assert pairs[::2] == pairs[1::2]
    assert [len(set(of_one)) for of_one in zip(*pairs, strict=True)] == [6, 6]
    assert background not in [colour for colour, _ in pairs]
    legend = [text.get_text() for text in display.ax_.get_legend().get_texts()]
    assert legend == [*names, "training", "validation"]


def test_markers_are_few():
    history = {"loss": list(np.linspace(1, 0, 100))}
    display = TrainingCurvesDisplay.from_histories({"long": history}, metric="loss")
    (line,) = display.ax_.lines
    assert line.get_markevery() == 10


@pytest.mark.parametrize("n_epochs", [1, 2, 30])
def test_epochs_are_whole_and_begin_at_one(n_epochs):
    history = {"accuracy": [0.5] * n_epochs}
    ax = TrainingCurvesDisplay.from_histories({"MLP": history}).ax_
    low, high = ax.get_xlim()
    ticks = [tick for tick in ax.get_xticks() if low <= tick <= high]
    assert ticks
    assert min(ticks) >= 1
    assert all(tick == round(tick) for tick in ticks)
    assert set(np.diff(ticks)) <= {1, 2, 5, 10}


def test_curves_carry_their_units():
    ax = TrainingCurvesDisplay.from_histories({"MLP": HISTORY}).ax_
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "accuracy (%)")
    assert ax.yaxis.get_major_formatter()(0.555) == "55.5"
    ax = TrainingCurvesDisplay.from_histories({"MLP": HISTORY}, metric="loss").ax_
    assert ax.get_ylabel() == "cross-entropy loss (nats)"
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["MLP", "training"]


def test_one_model_goes_by_its_class(mlp):
    pipeline = make_pipeline(PixelScaler(), mlp)
    display = TrainingCurvesDisplay.from_estimator(pipeline)
    assert list(display.histories) == ["FashionMLPClassifier"]
    display = TrainingCurvesDisplay.from_estimator(pipeline, name="mine")
    assert list(display.histories) == ["mine"]


# Images


@pytest.mark.parametrize("shape", [(784,), (28, 28), (28, 28, 1), (14, 56), (28, 7, 4)])
@pytest.mark.parametrize("dtype", ["uint8", "float64"])
def test_each_image_has_a_cell(sample, shape, dtype):
    X = sample[0][:12].reshape(12, *shape).astype(dtype)
    display = ImageGridDisplay.from_images(X, n_images=10, n_columns=4)
    drawn = [np.asarray(image.get_array()) for image in display.ax_.images]
    cells = [tuple(image.get_extent()) for image in display.ax_.images]
    height, width, channels = (*shape, 1)[:3] if len(shape) > 1 else (28, 28, 1)
    expected = X[:10].reshape(10, height, width, channels).squeeze() / 255
    np.testing.assert_allclose(drawn, expected, atol=1e-6)
    assert len(set(cells)) == 10
    assert [len({cell[i] for cell in cells}) for i in (0, 3)] == [4, 3]
    assert overlapping(display.ax_.images) == 0


def test_channels_that_are_no_colours_are_averaged(sample):
    X = sample[0][:2].reshape(2, 28, 14, 2)
    display = ImageGridDisplay.from_images(X)
    np.testing.assert_allclose(
        display.ax_.images[1].get_array(), X[1].mean(2) / 255, atol=1e-6
    )


def test_image_shape_folds_rows(sample):
    display = ImageGridDisplay.from_images(sample[0][:3], image_shape=(14, 56))
    assert display.ax_.images[0].get_array().shape == (14, 56)


def test_names_of_images(sample, names):
    X, y = sample[0][:20], sample[1][:20]
    expected = names[y].tolist()
    # Not all of the classes occur in so few.
    assert len(np.unique(y[:6])) < 10
    for labels, kind in [
        (y, CLASS_NAMES),
        (names[y], None),
        (pd.Series(names[y]), CLASS_NAMES),
    ]:
        for n_rows in (6, 20):
            display = ImageGridDisplay.from_images(
                X[:n_rows], labels[:n_rows], class_names=kind
            )
            assert texts(display) == expected[:n_rows]
    assert texts(ImageGridDisplay.from_images(X, y)) == [str(label) for label in y]
    assert texts(ImageGridDisplay.from_images(X)) == []


@pytest.mark.parametrize(
    ("labels", "width"),
    [(["p\nq"], 0.5), (["Coat\n98%", "Bag"], 1), (["a rather long name"] * 2, 1)],
)
def test_labels_may_have_lines_and_be_long(sample, labels, width):
    ax = Figure((width, 2)).subplots()
    display = ImageGridDisplay.from_images(sample[0][: len(labels)], labels, ax=ax)
    assert texts(display) == [line for label in labels for line in label.split("\n")]
    assert overlapping([*ax.texts, *ax.images]) == 0


def test_class_names_are_of_the_sorted_classes(sample):
    display = ImageGridDisplay.from_images(
        sample[0][:3], [30, 10, 20], class_names=["ten", "twenty", "thirty"]
    )
    assert texts(display) == ["thirty", "ten", "twenty"]


# Predictions


def cells(display):
    """Yield the caption of each cell and whether its frame is thick."""
    written = texts(display)
    frames = [frame.get_linewidth() > 1 for frame in display.ax_.patches]
    upper, lower = written[::2], written[1::2]
    return list(zip(upper, lower, frames, strict=True))


def test_first_predictions_and_their_probabilities(mlp, test, names):
    X, y = test
    display = PredictionGridDisplay.from_estimator(mlp, X, y, class_names=names)
    probabilities = mlp.predict_proba(X[:25])
    predicted = probabilities.argmax(axis=1)
    expected = [
        (
            f"{CROSS + ' ' if a != p else ''}{names[p]} {row.max():.0%}",
            f"actual: {names[a]}",
            a != p,
        )
        for a, p, row in zip(y[:25], predicted, probabilities, strict=True)
    ]
    assert cells(display) == expected
    assert {True, False} == {frame for *_, frame in expected}
    again = PredictionGridDisplay.from_predictions(
        X, y, mlp.predict_proba(X), class_names=CLASS_NAMES
    )
    assert cells(again) == expected


def test_worst_mistakes_come_first(sample):
    X = sample[0][:6]
    y = np.array([0, 1, 2, 0, 1, 2])
    probabilities = np.array(
        [
            [0.9, 0.1, 0.0],  # right
            [0.6, 0.4, 0.0],  # wrong, 60 %
            [0.1, 0.0, 0.9],  # right
            [0.0, 0.97, 0.03],  # wrong, 97 %
            [0.2, 0.0, 0.8],  # wrong, 80 %
            [0.6, 0.0, 0.4],  # wrong, 60 %, after the other
        ]
    )
    display = PredictionGridDisplay.from_predictions(
        X, y, probabilities, class_names="abc", kind="mistakes"
    )
    assert cells(display) == [
        (f"{CROSS} b 97%", "actual: a", True),
        (f"{CROSS} c 80%", "actual: b", True),
        (f"{CROSS} a 60%", "actual: b", True),
        (f"{CROSS} a 60%", "actual: c", True),
    ]
    np.testing.assert_array_equal(
        display.images.reshape(4, 784), X[[3, 4, 1, 5]], strict=True
    )
    fewer = PredictionGridDisplay.from_predictions(
        X, y, probabilities, kind="mistakes", n_images=2
    )
    assert fewer.predicted == ["1", "2"]


def test_classifiers_without_probabilities(ridge, test, names):
    X, y = test[0], names[test[1]]
    display = PredictionGridDisplay.from_estimator(ridge, X, y, kind="mistakes")
    predicted = ridge.predict(X)
    wrong = np.flatnonzero(predicted != y)[:25]
    assert cells(display) == [
        (f"{CROSS} {predicted[i]}", f"actual: {y[i]}", True) for i in wrong
    ]


def test_no_mistakes_are_said_to_be_none(test):
    X, y = test
    display = PredictionGridDisplay.from_predictions(X, y, y, kind="mistakes")
    assert texts(display) == ["No mistakes: every prediction is right."]
    assert not display.ax_.images


def test_classes_that_do_not_occur_are_known_to_the_estimator(train, test, names):
    codes = np.arange(10, 20)
    estimator = make_mlp().fit(train[0], codes[train[1]])
    few = np.flatnonzero(test[1] > 6)[:5]
    display = PredictionGridDisplay.from_estimator(
        estimator, test[0][few], codes[test[1][few]], class_names=CLASS_NAMES
    )
    assert display.actual == names[test[1][few]].tolist()


# First layer


def test_weights_of_an_mlp_are_images(mlp):
    display = FirstLayerDisplay.from_estimator(mlp, n_units=10, n_columns=5)
    drawn = [image.get_array() for image in display.ax_.images]
    expected = mlp.coefs_[0].T[:10].reshape(10, 28, 28)
    np.testing.assert_array_equal(drawn, expected)


def test_weights_of_a_cnn_are_its_kernels(cnn):
    pipeline = make_pipeline(PixelScaler(), cnn)
    display = FirstLayerDisplay.from_estimator(pipeline)
    drawn = [image.get_array() for image in display.ax_.images]
    kernels = cnn.model_.get_layer("conv_1").get_weights()[0]
    assert kernels.shape == (3, 3, 1, 6)
    np.testing.assert_array_equal(drawn, np.moveaxis(kernels[:, :, 0], -1, 0))


def test_weights_of_several_channels_are_averaged(train):
    X = train[0][:100].reshape(-1, 14, 14, 4)
    for make in (make_mlp, make_cnn):
        model = make(epochs=1).fit(X, train[1][:100])
        first = model.model_.get_weights()[0]
        kernels = first if first.ndim == 4 else first.reshape(14, 14, 4, -1)
        weights = FirstLayerDisplay.from_estimator(model, n_units=3).weights
        np.testing.assert_allclose(weights[2], kernels[..., 2].mean(2), rtol=1e-5)


def test_weights_share_one_scale_that_is_symmetric_about_zero(mlp):
    display = FirstLayerDisplay.from_estimator(mlp)
    # All but the largest in a hundred are told apart.
    limit = np.quantile(np.abs(display.weights), 0.99, method="higher")
    assert display.colorbar_.extend == "both"
    assert {image.get_clim() for image in display.ax_.images} == {(-limit, limit)}
    assert display.colorbar_.ax.get_xlabel() == "weight"
    assert len(display.figure_.axes) == 2
    # The sign shows without colours too: from dark over grey to light.
    rgb = display.ax_.images[0].cmap([0.0, 0.5, 1.0])[:, :3]
    dark, grey, light = rgb @ [0.299, 0.587, 0.114]
    assert dark < grey - 0.2 < grey + 0.2 < light
    assert np.ptp(rgb[1]) < 0.05


def test_scale_of_weights_holds_the_negative_ones():
    display = FirstLayerDisplay(weights=np.array([[[-3.0, 1.0]]])).plot()
    assert display.ax_.images[0].get_clim() == (-3, 3)
    assert display.colorbar_.extend == "neither"


def test_weights_of_scikit_learns_mlp(train):
    mlp = MLPClassifier((5,), max_iter=1)
    with pytest.warns(UserWarning, match="Maximum iterations"):
        mlp.fit(*train)
    display = FirstLayerDisplay.from_estimator(mlp)
    np.testing.assert_array_equal(
        display.weights[4], mlp.coefs_[0][:, 4].reshape(28, 28)
    )


# Accuracy by category


def test_accuracies_by_category(mlp, cnn, test, names):
    X, y = test
    models = {"MLP": mlp, "CNN": make_pipeline("passthrough", cnn)}
    display = CategoryAccuracyDisplay.from_estimators(
        models, X, y, class_names=CLASS_NAMES
    )
    ax = display.ax_
    dots = {line.get_label(): line for line in ax.lines if line.get_marker() != "None"}
    for name, model in models.items():
        right = model.predict(X) == y
        expected = [right[y == code].mean() for code in range(10)]
        np.testing.assert_allclose(dots[name].get_xdata(), expected)
    # In the rows of their categories, one model above the other.
    offsets = [dots[name].get_ydata() - np.arange(10) for name in models]
    assert (np.diff(offsets, axis=0) > 0.1).all()
    assert np.abs(offsets).max() < 0.4
    assert [tick.get_text() for tick in ax.get_yticklabels()] == list(CLASS_NAMES)
    assert ax.yaxis_inverted()
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("accuracy (%)", "category")
    assert len({dot.get_marker() for dot in dots.values()}) == 2


def test_categories_of_names_and_of_what_occurs():
    y = ["b", "b", "c"]
    predictions = {"first": ["b", "a", "c"], "second": ["b", "b", "b"]}
    display = CategoryAccuracyDisplay.from_predictions(y, predictions)
    assert display.categories == ["b", "c"]
    np.testing.assert_array_equal(display.accuracies["first"], [0.5, 1])
    np.testing.assert_array_equal(display.accuracies["second"], [1, 0])


def test_one_model_by_category(mlp, test):
    display = CategoryAccuracyDisplay.from_estimator(mlp, *test)
    assert list(display.accuracies) == ["FashionMLPClassifier"]
    assert display.categories == [str(code) for code in range(10)]


def test_legend_hides_no_dot(test, mlp):
    predictions = dict.fromkeys(["one", "two", "three", "four"], mlp.predict(test[0]))
    for figsize, layout in [((4, 4), None), ((4, 4), "constrained"), ((8, 8), None)]:
        ax = Figure(figsize, layout=layout).subplots()
        CategoryAccuracyDisplay.from_predictions(test[1], predictions, ax=ax)
        ax.figure.draw_without_rendering()
        legend = ax.get_legend().get_window_extent()
        dots = [line for line in ax.lines if line.get_marker() != "None"]
        assert len(dots) == 4
        box = ax.get_window_extent()
        assert box.count_contains(legend.corners()) == 4
        for line in dots:
            places = ax.transData.transform(line.get_xydata())
            assert legend.count_contains(places) == 0


# Bad input


@pytest.mark.parametrize(
    ("error", "sentence", "draw"),
    [
        (
            ParameterError,
            "metric='f1' must be one of 'accuracy', 'loss'.",
            lambda X, y: TrainingCurvesDisplay.from_histories(
                {"MLP": HISTORY}, metric="f1"
            ),
        ),
        (
            ParameterError,
            "the history of 'MLP' has no values of 'accuracy', which metric asks for",
            lambda X, y: TrainingCurvesDisplay.from_histories({"MLP": {"loss": [1]}}),
        ),
        (
            ParameterError,
            "the history of 'MLP' is a list; it must be a dict of lists by epoch",
            lambda X, y: TrainingCurvesDisplay.from_histories({"MLP": [0.5, 0.6]}),
        ),
        (
            DataError,
            "the history of 'MLP' has 2 epochs, but 1 values of val_accuracy",
            lambda X, y: TrainingCurvesDisplay.from_histories(
                {"MLP": {"accuracy": [0.5, 0.6], "val_accuracy": [0.5]}}
            ),
        ),
        (
            ParameterError,
            "histories is empty; it must be a dict of one model or more by their names",
            lambda X, y: TrainingCurvesDisplay.from_histories({}),
        ),
        (
            ParameterError,
            "n_images=0 must be an integer of 1 or more.",
            lambda X, y: ImageGridDisplay.from_images(X, n_images=0),
        ),
        (
            ParameterError,
            "n_columns=2.5 must be an integer of 1 or more.",
            lambda X, y: ImageGridDisplay.from_images(X, n_columns=2.5),
        ),
        (
            ParameterError,
            "image_shape='28' must be (height, width)",
            lambda X, y: ImageGridDisplay.from_images(X, image_shape="28"),
        ),
        (
            ParameterError,
            "must be one matplotlib Axes, or None for a new figure.",
            lambda X, y: ImageGridDisplay.from_images(X, ax=[]),
        ),
        (
            DataError,
            "y has shape (3,), but X has 40 rows; y must hold one label for each.",
            lambda X, y: ImageGridDisplay.from_images(X, y[:3]),
        ),
        (
            DataError,
            "X has shape (784,), but images come as",
            lambda X, y: ImageGridDisplay.from_images(X[0]),
        ),
        (
            DataError,
            "X has shape (0, 784), but images come as",
            lambda X, y: ImageGridDisplay.from_images(X[:0]),
        ),
        (
            DataError,
            "class_names stands for 2 classes, but there are 10 (0, 1, 2",
            lambda X, y: ImageGridDisplay.from_images(X, y, class_names=["a", "b"]),
        ),
        (
            ParameterError,
            "kind='best' must be one of 'first', 'mistakes'.",
            lambda X, y: PredictionGridDisplay.from_predictions(X, y, y, kind="best"),
        ),
        (
            DataError,
            "y_pred has shape (39,), but X has 40 rows",
            lambda X, y: PredictionGridDisplay.from_predictions(X, y, y[1:]),
        ),
        (
            DataError,
            "y_pred stands for 3 classes, but there are 10",
            lambda X, y: PredictionGridDisplay.from_predictions(X, y, np.eye(3)[y % 3]),
        ),
        (
            DataError,
            "y holds text such as 'Bag' and numbers such as 0; actual and predicted",
            lambda X, y: PredictionGridDisplay.from_predictions(X, ["Bag"] * 40, y * 0),
        ),
        (
            DataError,
            "predictions['MLP'] has shape (39,), but y_true has 40 rows",
            lambda X, y: CategoryAccuracyDisplay.from_predictions(y, {"MLP": y[1:]}),
        ),
        (
            ParameterError,
            "predictions is a ndarray; it must be a dict of one model or more",
            lambda X, y: CategoryAccuracyDisplay.from_predictions(y, y),
        ),
    ],
)
def test_bad_input_is_refused_in_a_sentence(sample, error, sentence, draw):
    X, y = sample[0][:40], sample[1][:40]
    with pytest.raises(error) as caught:
        draw(X, y)
    assert sentence in str(caught.value)
    assert plt.get_fignums() == []


@pytest.mark.parametrize("wrap", [make_pipeline, lambda estimator: estimator])
def test_unfitted_estimators_are_refused(test, wrap):
    X, y = test
    unfitted = wrap(make_mlp())
    for draw in (
        lambda: TrainingCurvesDisplay.from_estimator(unfitted),
        lambda: PredictionGridDisplay.from_estimator(unfitted, X, y),
        lambda: FirstLayerDisplay.from_estimator(unfitted),
        lambda: CategoryAccuracyDisplay.from_estimator(unfitted, X, y),
    ):
        with pytest.raises(NotFittedError):
            draw()


def test_other_estimators_are_refused_in_a_sentence(ridge):
    with pytest.raises(ParameterError, match="a RidgeClassifier, which keeps no hist"):
        TrainingCurvesDisplay.from_estimator(ridge)
    with pytest.raises(ParameterError, match="estimator is a RidgeClassifier, of whi"):
        FirstLayerDisplay.from_estimator(ridge)


@pytest.mark.parametrize("name", DRAWN)
def test_without_matplotlib_the_remedy_is_named(draws, name, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError) as caught:
        draws[name](None)
    assert 'pip install "skfashion[plot]"' in str(caught.value)
    assert "Display needs matplotlib" in str(caught.value)
