"""The sentences of the example on captions, beside what they were made from."""

import contextlib
import io
import re
import runpy
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from skfashion import CLASS_NAMES

EXAMPLE = Path(__file__).parent.parent / "examples" / "captions.py"
NOTHING = "Next to nothing is seen in this picture."
FORM = (
    r"(Perhaps|Probably|This is) (an? [^,]*), seen as a (.*)shape "
    r"on (\d+)% of the picture\."
)


class FillMask:
    """In place of a pipeline of transformers: answers with the last word asked for."""

    tokenizer = SimpleNamespace(mask_token="[?]")

    def __init__(self, answer=None):
        self.answer, self.asked = answer, []

    def __call__(self, text, targets):
        assert text.count("[?]") == 1
        self.asked.append(targets)
        return [{"token_str": self.answer or targets[-1], "score": 0.5}]


def run(*, weights):
    """Run the example where a model's weights are, or are not, on the machine."""

    def snapshot_download(name, *, local_files_only):
        assert local_files_only
        if not weights:
            raise FileNotFoundError(f"{name} is not here")
        return "a folder"

    def pipeline(task, model):
        assert (task, model) == ("fill-mask", "a folder")
        return FillMask()

    hub = SimpleNamespace(snapshot_download=snapshot_download)
    transformers = SimpleNamespace(pipeline=pipeline)
    printed = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(printed),
        mpl.rc_context({"backend": "Agg"}),
    ):
        patch.setitem(sys.modules, "huggingface_hub", hub)
        patch.setitem(sys.modules, "transformers", transformers)
        patch.setattr(plt, "show", lambda: None)
        names = runpy.run_path(str(EXAMPLE))
        plt.close(names["ax"].figure)
    return SimpleNamespace(**names, printed=printed.getvalue())


@pytest.fixture(scope="module")
def example():
    return run(weights=False)


def given(**of):
    """Probabilities of some classes by name; the others share the rest."""
    rest = (1 - sum(of.values())) / (len(CLASS_NAMES) - len(of))
    return np.array([of.get(name.split()[0], rest) for name in CLASS_NAMES])


def test_without_a_model_it_says_so_and_asks_for_no_download(example):
    first, *sentences = example.printed.splitlines()
    assert (
        first
        == "No masked language model is installed: the first of two words is said."
    )
    assert sentences == example.said
    assert len(sentences) == 8
    assert all(re.fullmatch(FORM, sentence) for sentence in sentences)


def test_a_model_whose_weights_are_here_chooses_between_words(example):
    other = run(weights=True)
    assert other.printed.splitlines() == other.said
    for ours, theirs in zip(example.said, other.said, strict=True):
        for _, below, _, above in example.WORDS.values():
            for first, second in (below, above):
                ours = ours.replace(f" {first}", f" {second}")
        assert ours == theirs


def test_a_model_is_asked_for_words_that_are_measured_and_for_no_other(example):
    white, fill_mask = np.ones((28, 28)), FillMask()
    sentence = example.caption(white, given(Coat=0.95), fill_mask)
    assert fill_mask.asked == [["bright", "light"], ["symmetric", "balanced"]]
    assert "a light, balanced shape" in sentence
    # One that would say what it likes is not listened to.
    stubborn = FillMask("red")
    sentence = example.caption(white, given(Coat=0.95), stubborn)
    assert "a bright, symmetric shape" in sentence


def test_every_class_has_its_noun(example):
    words = ["T-shirt/top", "trouser", "pullover", "dress", "coat"]
    words += ["sandal", "shirt", "sneaker", "bag", "ankle boot"]
    assert [name.lower() for name in CLASS_NAMES] == [word.lower() for word in words]
    for word, noun in zip(words, example.NOUNS, strict=True):
        assert word in noun


@pytest.mark.parametrize(
    ("probabilities", "start"),
    [
        (given(Coat=0.9), "This is a coat, "),
        (given(Ankle=0.95), "This is an ankle boot, "),
        (given(Coat=0.89), "Probably a coat, "),
        (given(Coat=0.5, Shirt=0.25), "Probably a coat, "),
        (given(Coat=0.51, Shirt=0.45), "Probably a coat or a shirt, "),
        (given(Coat=0.49, Shirt=0.25), "Perhaps a coat, "),
        (given(Coat=0.3, Shirt=0.35), "Perhaps a shirt or a coat, "),
    ],
)
def test_a_sentence_is_as_sure_as_the_classifier(example, probabilities, start):
    assert example.caption(np.ones((28, 28)), probabilities).startswith(start)


def painted(*places, value=1.0):
    image = np.zeros((28, 28))
    for place in places:
        image[place] = value
    return image


@pytest.mark.parametrize(
    ("image", "said"),
    [
        (painted(), None),
        (painted(np.s_[3, 3]), None),
        (np.full((28, 28), 0.1), None),
        (painted(np.s_[:]), "bright, symmetric shape on 100%"),
        (painted(np.s_[:], value=0.2), "dark, symmetric shape on 100%"),
        (painted(np.s_[:], value=0.5), "symmetric shape on 100%"),
        (painted(np.s_[:, :14]), "bright, tall, symmetric shape on 50%"),
        (painted(np.s_[:14]), "bright, wide, symmetric shape on 50%"),
        (np.tri(28), "bright, lopsided shape on 52%"),
        (np.tri(28) / 2, "lopsided shape on 52%"),
        (painted(np.s_[:, :4], np.s_[20:]), "bright shape on 39%"),
    ],
)
def test_pictures_that_were_made_up(example, image, said):
    sentence = example.caption(image, given(Coat=0.95))
    if said is None:
        assert sentence == NOTHING
    else:
        assert sentence == f"This is a coat, seen as a {said} of the picture."


def test_every_word_is_true_of_the_test_images_and_none_is_left_out(example, sample):
    X = np.concatenate([sample[0][:500], example.X[2000:]]) / 255
    counted = Counter()
    for image in X.reshape(-1, 28, 28):
        sentence = example.caption(image, given(Coat=0.95))
        _, _, words, percent = re.fullmatch(FORM, sentence).groups()
        true, part = words_that_are_true(image)
        assert re.findall(r"\w+", words) == true
        assert abs(int(percent) - 100 * part) <= 0.5 + 1e-9
        counted.update(true)
    # None of the words goes untried.
    pairs = [
        pair for _, below, _, above in example.WORDS.values() for pair in (below, above)
    ]
    assert all(counted[first] >= 10 for first, _ in pairs)


def words_that_are_true(image):
    """Measure anew, in other ways: the words, in the order in which they are said."""
    values = [value for value in image.ravel() if value > 0.1]
    light = sum(values) / len(values)
    rows = [k for k in range(28) if image[k].max() > 0.1]
    columns = [k for k in range(28) if image[:, k].max() > 0.1]
    form = (max(rows) - min(rows) + 1) / (max(columns) - min(columns) + 1)
    box = image[min(rows) : max(rows) + 1, min(columns) : max(columns) + 1]
    shared = np.minimum(box, np.fliplr(box)).sum() / box.sum()
    true = {
        "dark": light < 0.4,
        "bright": light > 0.7,
        "wide": form < 0.67,
        "tall": form > 1.5,
        "lopsided": shared < 0.6,
        "symmetric": shared > 0.9,
    }
    return [word for word, holds in true.items() if holds], len(values) / 784
