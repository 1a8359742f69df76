"""Figures of text from outside, as they are drawn."""

import warnings

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sklearn.dummy import DummyClassifier
from sklearn.pipeline import make_pipeline
from sklearn.utils import Bunch

from skfashion._utils.text import printable
from skfashion.comparison import evaluate
from skfashion.displays import (
    CategoryAccuracyDisplay,
    ImageGridDisplay,
    PredictionGridDisplay,
    TrainingCurvesDisplay,
)
from skfashion.displays._style import figure_text
from skfashion.report import comparison_page, render

LETTERS = "ab$\\_^{}% \x00\x1b\r\n\t\u202e\udcff\U0001f600\u6f22"
TEXT = st.text(st.characters(exclude_categories=()), max_size=20) | st.text(
    st.sampled_from(LETTERS), max_size=20
)
NASTY = [
    r"$\bad$",
    "$5 and $6",
    r"\$",
    r"a\\$b$",
    "_hidden",
    "a\nb\rc",
    "\x00\x1b[2J",
    "a\udcff.png",
    "\u202egnp",
    "\U0001f600 \u6f22",
    "",
]


@pytest.fixture(autouse=True)
def glyphs_may_be_missing():
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        yield


@pytest.fixture(scope="module")
def drawn():
    """Draw one text; return what is drawn of it."""
    figure = Figure((1, 1))
    canvas = FigureCanvasAgg(figure)
    text = figure.text(0, 0, "")

    def draw(shown):
        text.set_text(shown)
        text.draw(canvas.get_renderer())
        written, is_math = text._preprocess_math(shown)
        assert not is_math
        return written

    return draw


@settings(max_examples=500)
@given(TEXT)
@example(NASTY[0])
@example(NASTY[1])
@example(NASTY[2])
@example(NASTY[3])
@example(NASTY[7])
def test_text_is_drawn_as_it_is(drawn, text):
    assert drawn(figure_text(text)) == printable(text)
    with mpl.rc_context({"text.parse_math": False}):
        assert figure_text(text) == printable(text)


@pytest.mark.parametrize("text", NASTY)
def test_displays_of_such_labels_are_drawn(text, sample):
    X, other = sample[0][:2], f"{text}2"
    figures = Figure((8, 8)), Figure((8, 8)), Figure((8, 8)), Figure((8, 8))
    axes = [figure.subplots() for figure in figures]
    ImageGridDisplay.from_images(X, [text, other], ax=axes[0])
    PredictionGridDisplay.from_predictions(X, [text, other], [other] * 2, ax=axes[1])
    CategoryAccuracyDisplay.from_predictions(
        [text, other], {text: [text, text], other: [other, text]}, ax=axes[2]
    )
    history = {"accuracy": [0.5, 0.6]}
    TrainingCurvesDisplay.from_histories({text: history, other: history}, ax=axes[3])
    for figure in figures:
        FigureCanvasAgg(figure).draw()
    written = [shown.get_text() for shown in axes[1].texts]
    assert len(written) == 4
    assert written[1] == figure_text(f"actual: {text}")
    for ax in axes[2:]:
        assert figure_text(text) in [t.get_text() for t in ax.get_legend().get_texts()]
    ticks = [label.get_text() for label in axes[2].get_yticklabels()]
    assert sorted(ticks) == sorted([figure_text(text), figure_text(other)])


def test_a_page_of_such_names_is_drawn(sample):
    X, y = sample[0][:30].astype(np.float32) / 255, sample[1][:30] % 2
    names = [r"$\bad$", "a\udcff\x1b[2J"]
    data = Bunch(data=X, images=X.reshape(-1, 28, 28), target=y, target_names=names)
    result = evaluate(make_pipeline(DummyClassifier()), X, y, X, y)
    page = render(comparison_page({r"<b>$\worse$": result}, data, data))
    assert "a\\udcff\\x1b[2J" in page
    assert "&lt;b&gt;$\\worse$" in page
