import numpy as np
import pytest

from skfashion._utils.labels import listed


@pytest.mark.parametrize(
    ("labels", "text"),
    [
        (np.array(["coat", "bag"]), "'coat', 'bag'"),
        (np.array(["1", "a\x1b"]), r"'1', 'a\x1b'"),
        (np.arange(10), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9"),
        (np.arange(12), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"),
    ],
)
def test_labels_are_listed_in_a_sentence(labels, text):
    assert listed(labels) == text
