import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, f1_score, precision_score, recall_score

from skfashion import CLASS_NAMES
from skfashion.exceptions import DataError, ParameterError
from skfashion.metrics import (
    category_table,
    confused_pairs,
    expected_calibration_error,
)


@pytest.fixture(scope="module")
def labels(sample):
    """The sample's labels, and answers that are wrong now and then."""
    y = sample[1]
    rng = np.random.default_rng(0)
    return y, np.where(rng.random(len(y)) < 0.2, (y + rng.integers(1, 3)) % 10, y)


def test_categories_are_scikit_learns(labels):
    table = category_table(*labels, class_names=CLASS_NAMES)
    assert list(table.index) == list(CLASS_NAMES)
    for column, score in (
        ("accuracy", recall_score),
        ("precision", precision_score),
        ("f1", f1_score),
    ):
        np.testing.assert_allclose(table[column], score(*labels, average=None))
    assert table["images"].tolist() == np.bincount(labels[0]).tolist()


def test_pairs_are_the_largest_of_the_confusion_matrix(labels):
    pairs = confused_pairs(*labels, class_names=CLASS_NAMES, n_pairs=4)
    matrix = confusion_matrix(*labels)
    np.fill_diagonal(matrix, 0)
    assert pairs["images"].tolist() == np.sort(matrix, axis=None)[::-1][:4].tolist()
    for _, row in pairs.iterrows():
        actual, predicted = map(CLASS_NAMES.index, (row["actual"], row["predicted"]))
        assert row["images"] == matrix[actual, predicted] > 0
        assert row["share"] == row["images"] / np.sum(labels[0] == actual)


def test_labels_of_any_sort_name_themselves():
    table = category_table(["hat", "shoe", "hat"], ["hat", "shoe", "shoe"])
    assert table["accuracy"].to_dict() == {"hat": 0.5, "shoe": 1.0}
    pairs = confused_pairs(["hat", "shoe", "hat"], ["hat", "shoe", "shoe"])
    assert pairs.iloc[0].tolist() == ["hat", "shoe", 1, 0.5]


def test_nothing_confused_is_an_empty_table(labels):
    pairs = confused_pairs(labels[0], labels[0])
    assert list(pairs.columns) == ["actual", "predicted", "images", "share"]
    assert len(pairs) == 0


def test_a_category_that_is_only_predicted_has_no_accuracy():
    table = category_table([0, 0], [0, 1])
    assert table.index.tolist() == ["0", "1"]
    assert table["images"].tolist() == [2, 0]
    assert table["accuracy"].tolist() == [0.5, 0.0]


def test_categories_that_do_not_occur_keep_their_names():
    table = category_table([0, 9], [0, 7], class_names=CLASS_NAMES)
    assert list(table.index) == list(CLASS_NAMES)
    assert table.loc["Ankle boot", "images"] == 1
    pair = confused_pairs([0, 9], [0, 7], class_names=CLASS_NAMES).iloc[0]
    assert (pair["actual"], pair["predicted"]) == ("Ankle boot", "Sneaker")


@pytest.mark.parametrize("function", [category_table, confused_pairs])
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([0, 1], [0]), r"^y_pred has shape \(1,\), but y_true has 2 rows"),
        (([0, 1], ["a", "b"]), "actual and predicted labels must be of one sort"),
        (([0, 5], [0, 5], ["shoe"]), "^class_names stands for 1 classes"),
        ((3, 4), r"^y_true has shape \(\); it must be a list"),
        (([], []), r"^y_true has shape \(0,\); it must be a list"),
    ],
    ids=["lengths", "sorts", "names", "numbers", "empty"],
)
def test_bad_input_is_a_sentence(function, arguments, sentence):
    *labels, names = (*arguments, None)[:3]
    with pytest.raises(DataError, match=sentence):
        function(*labels, class_names=names)


@pytest.mark.parametrize("n_pairs", [0, -1, "x", 1.5])
def test_pairs_are_counted(n_pairs):
    with pytest.raises(
        ParameterError, match=f"^n_pairs={n_pairs!r} must be an integer"
    ):
        confused_pairs([0, 1], [1, 0], n_pairs=n_pairs)


def test_calibration_error_of_bins_by_hand():
    # Two bins: 0.6 and 0.8, of which one of two is right, and 0.95, which is right.
    y_prob = [[0.6, 0.4], [0.2, 0.8], [0.05, 0.95]]
    error = expected_calibration_error(
        ["a", "a", "b"], y_prob, labels=["a", "b"], n_bins=2
    )
    assert error == pytest.approx(abs((0.6 + 0.8 + 0.95) - 2) / 3)
    fine = expected_calibration_error(["a", "a", "b"], y_prob, n_bins=10)
    assert fine == pytest.approx((0.4 + 0.8 + 0.05) / 3)


def test_calibration_error_of_sure_answers_is_the_part_that_is_wrong(labels):
    y, predicted = labels
    error = expected_calibration_error(y, np.eye(10)[predicted])
    assert error == pytest.approx(np.mean(y != predicted))


@pytest.mark.parametrize(
    ("y_true", "y_prob", "options", "says"),
    [
        ([0, 1], [[0.5, 0.5]], {}, "y_prob has shape"),
        ([0, 1], [[0.5, 0.5, 0], [1, 0, 0]], {}, "labels="),
        ([0, 1], [[3.0, -2.0], [0, 1]], {}, "between 0 and 1"),
        ([0, 1], [[0.5, 0.5], [1, 0]], {"n_bins": 0}, "n_bins=0"),
    ],
)
def test_calibration_error_says_what_it_needs(y_true, y_prob, options, says):
    with pytest.raises((DataError, ParameterError), match=says):
        expected_calibration_error(y_true, y_prob, **options)
