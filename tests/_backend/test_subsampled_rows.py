import numpy as np
import pytest

from skfashion._backend.gather import permutation
from skfashion._backend.subsample import Subsample

N_ROWS, EPOCHS = 100, range(3, 8)


@pytest.fixture(autouse=True)
def _few_are_enough(monkeypatch):
    monkeypatch.setattr("skfashion._backend.subsample._FEWEST", 1)


@pytest.fixture
def subsample():
    seen = np.random.default_rng(0).random((N_ROWS, 3)).astype(np.float32)
    return Subsample(0.4, EPOCHS, seen)


@pytest.mark.parametrize("epoch", [EPOCHS[0], EPOCHS[-1]])
def test_first_and_last_epoch_have_all_rows(subsample, epoch):
    np.testing.assert_array_equal(
        subsample.order(5, epoch), permutation(5, epoch, N_ROWS)
    )


def test_the_highest_priorities_and_some_others(subsample):
    orders = [subsample.order(5, epoch) for epoch in range(4, 7)]
    preferred = set(np.argsort(subsample.seen[:, 2])[-24:])
    for order in orders:
        assert len(order) == len(set(order)) == subsample.count(4) == 40
        assert preferred < set(order)
    # Others each time, and in another order.
    others = [set(order) - preferred for order in orders]
    assert others[0] != others[1] != others[2]
    assert set.union(*others) > others[0]
    firsts = [order[0] for order in orders]
    assert len(set(firsts)) > 1


def test_equal_losses_are_taken_by_number(subsample):
    subsample.seen[:] = 1
    assert set(range(24)) < set(subsample.order(5, 4))


def test_rows_are_known_by_what_was_seen_last(subsample):
    rows = np.array([7, 3])
    subsample.take(rows, np.array([[0, 0, 9], [0, 1, 8]], np.float32))
    assert subsample.seen[7, 2] == 9
    assert {7, 3} < set(subsample.order(5, 4))
    subsample.take(rows, np.zeros((2, 3), np.float32))
    taken = [{7, 3} <= set(subsample.order(seed, 4)) for seed in range(20)]
    assert not all(taken)


@pytest.mark.parametrize(("n_rows", "taken"), [(3, 3), (1500, 1000), (5000, 2000)])
def test_of_few_rows_all_are_taken(n_rows, taken, monkeypatch):
    monkeypatch.undo()
    assert len(Subsample.new(0.4, range(3), n_rows).order(0, 1)) == taken


def test_rows_left_out_count_as_they_were_seen():
    some = Subsample(
        0.5, range(3), np.array([[1, 1, 0], [2, 0, 0], [3, 1, 0], [4, 1, 0]], "f4")
    )
    # A penalty of 0.5 of the weights, however many rows there are.
    rows = np.array([3, 1])
    sums = some.complete(np.array([4 + 2 + 2 * 0.5, 1]), rows)
    np.testing.assert_allclose(sums, [1 + 2 + 3 + 4 + 4 * 0.5, 3])
