"""What an augmentation does to images, each operation by hand."""

import numpy as np
import pytest
from scipy import ndimage
from sklearn.base import clone

from skfashion import Augmentation
from skfashion.exceptions import DataError, ParameterError
from skfashion.preprocessing._augmented import Augmenter
from skfashion.preprocessing._image_moves import cut_out, rotate, take_moved

RNG = np.random.default_rng(0)
EVERYTHING = {"horizontal_flip": True, "shift": 2, "rotation": 20.0, "cutout": 3}


def moved(image, mirrored, down, right):
    """One image moved, the plain way."""
    image = image[:, ::-1] if mirrored else image
    height, width = image.shape[:2]
    rows = np.clip(np.arange(height) - down, 0, height - 1)
    return image[rows][:, np.clip(np.arange(width) - right, 0, width - 1)]


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("shape", [(5, 4, 1), (3, 7, 3), (1, 6, 1), (6, 1, 2)])
def test_images_are_mirrored_and_shifted_with_their_edges_repeated(shape, dtype):
    images = RNG.integers(0, 256, (30, *shape)).astype(dtype)
    rows, mirrored = RNG.permutation(30)[:20], RNG.random(20) < 0.5
    # Some move out of the image altogether.
    shifts = RNG.integers(-9, 10, (20, 2))
    out = np.empty((20, *shape), dtype)
    take_moved(images, rows, mirrored, shifts, out)
    wanted = [
        moved(images[r], m, *s) for r, m, s in zip(rows, mirrored, shifts, strict=True)
    ]
    np.testing.assert_array_equal(out, wanted)


def test_a_quarter_turn_goes_anticlockwise():
    image = np.arange(9, dtype=np.uint8).reshape(1, 3, 3, 1)
    turned = rotate(image, np.array([90.0]))[0, :, :, 0]
    np.testing.assert_array_equal(turned, np.rot90(image[0, :, :, 0]))
    np.testing.assert_array_equal(rotate(image, np.array([0.0])), image)


@pytest.mark.parametrize("shape", [(9, 12), (28, 28), (1, 8), (8, 1), (1, 1)])
def test_images_turn_as_scipy_turns_them(shape):
    images = RNG.random((3, *shape, 2), dtype=np.float32)
    degrees = np.array([7.5, -33.0, 180.0])
    turned = rotate(images, degrees)
    y, x = np.indices(shape) - (np.array(shape).reshape(2, 1, 1) - 1) / 2
    for image, angle, out in zip(images, np.radians(degrees), turned, strict=True):
        places = [np.cos(angle) * y + np.sin(angle) * x, 0]
        places[1] = np.cos(angle) * x - np.sin(angle) * y
        places = [p + (n - 1) / 2 for p, n in zip(places, shape, strict=True)]
        for channel in range(2):
            wanted = ndimage.map_coordinates(
                image[..., channel], places, order=1, mode="nearest"
            )
            np.testing.assert_allclose(out[..., channel], wanted, atol=1e-5)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_a_square_is_cut_out_as_far_as_it_is_inside(dtype):
    images = np.ones((3, 5, 6, 2), dtype)
    cut_out(images, 3, np.array([[2, 3], [0, 0], [4, 5]]))
    wanted = np.ones((3, 5, 6, 2), dtype)
    wanted[0, 1:4, 2:5] = wanted[1, :2, :2] = wanted[2, 3:, 4:] = 0
    np.testing.assert_array_equal(images, wanted)
    even = np.ones((1, 5, 6, 1), dtype)
    cut_out(even, 2, np.array([[2, 3]]))
    assert (even == 0).sum() == (even[0, 1:3, 2:4] == 0).sum() == 4


def test_draws_are_even_and_of_the_row_and_the_epoch():
    augmenter = Augmenter(True, 2, 10.0, 3, (28, 20, 1), seed=1, alternates=True)
    first, again, second = (augmenter.draw(epoch, 4000) for epoch in (3, 3, 4))
    np.testing.assert_array_equal(first.shifts, again.shifts)
    # A row draws the same however many there are beside it.
    np.testing.assert_array_equal(augmenter.draw(3, 10).degrees, first.degrees[:10])
    for axis in (0, 1):
        counts = np.unique(first.shifts[:, axis], return_counts=True)
        np.testing.assert_array_equal(counts[0], [-2, -1, 0, 1, 2])
        np.testing.assert_allclose(counts[1], 800, atol=120)
    assert (first.shifts != second.shifts).any(axis=1).mean() > 0.9
    assert abs(np.corrcoef(first.shifts.T)[0, 1]) < 0.05
    assert np.abs(first.degrees).max() <= 10
    assert first.degrees.mean() == pytest.approx(0, abs=0.5)
    assert first.degrees.std() == pytest.approx(10 / 3**0.5, abs=0.3)
    assert (first.centres.min(axis=0) == 0).all()
    np.testing.assert_array_equal(first.centres.max(axis=0), [27, 19])


def test_rows_are_mirrored_in_turn_in_a_fit_and_by_chance_in_parts():
    def mirrored(epoch, alternates):
        augmenter = Augmenter(True, 0, 0.0, 0, (4, 4, 1), 5, alternates)
        return augmenter.draw(epoch, 1000).mirrored

    first, second, third = (mirrored(epoch, True) for epoch in (0, 1, 2))
    np.testing.assert_array_equal(first, ~second)
    np.testing.assert_array_equal(first, third)
    assert first.mean() == pytest.approx(0.5, abs=0.06)
    by_chance = np.array([mirrored(epoch, False) for epoch in range(8)])
    assert (by_chance[0] != by_chance[1]).mean() == pytest.approx(0.5, abs=0.06)
    assert by_chance.mean(axis=1) == pytest.approx(0.5, abs=0.06)


def test_what_a_row_becomes_depends_on_neither_cuts_nor_order():
    X = RNG.integers(0, 256, (500, 48), dtype=np.uint8)
    drawn = Augmenter(*EVERYTHING.values(), (4, 4, 3), 0, True).draw(1, 500)
    whole = np.empty_like(X)
    drawn.take(X, np.arange(500), whole)
    order = RNG.permutation(500)
    for size in (1, 7, 300):
        out = np.empty_like(X)
        for start in range(0, 500, size):
            rows = order[start : start + size]
            drawn.take(X, rows, out[start : start + size])
        np.testing.assert_array_equal(out, whole[order])


def test_bytes_and_floats_become_the_same():
    X = RNG.integers(0, 256, (50, 12, 9), dtype=np.uint8)
    augmentation = Augmentation(**EVERYTHING)
    of_bytes = augmentation.sample(X, random_state=0)
    of_floats = augmentation.sample(X.astype(np.float32) / 255, random_state=0)
    assert (of_bytes.dtype, of_floats.dtype) == (np.uint8, np.float32)
    np.testing.assert_allclose(of_bytes, of_floats * 255, atol=0.501)
    exact = Augmentation(horizontal_flip=True, shift=3, cutout=4)
    of_bytes = exact.sample(X, random_state=0)
    of_floats = exact.sample(X.astype(np.float32), random_state=0)
    np.testing.assert_array_equal(of_bytes, of_floats)


def test_samples_are_new_arrays_of_the_shape_and_type_of_x():
    augmentation = Augmentation(**EVERYTHING)
    for dtype in (np.uint8, np.int64, np.float16, float, ">f4", np.longdouble):
        images = RNG.integers(0, 200, (4, 6, 6)).astype(dtype)
        images.flags.writeable = False
        varied = augmentation.sample(images, random_state=3)
        assert (varied.shape, varied.dtype) == (images.shape, images.dtype)
        assert (varied != images).any()
        np.testing.assert_array_equal(augmentation.sample(images, 3), varied)
        rows = augmentation.sample(images.reshape(4, 36), random_state=3)
        np.testing.assert_array_equal(rows, varied.reshape(4, 36))
    narrow = augmentation.sample(images.reshape(4, 36), 3, image_shape=(4, 9))
    assert (narrow != rows).any()
    np.testing.assert_array_equal(Augmentation().sample(images), images)
    assert not np.shares_memory(Augmentation().sample(images), images)


def test_it_is_a_value_of_parameters():
    augmentation = Augmentation(shift=1)
    assert clone(augmentation.set_params(cutout=4)).get_params() == {
        **{"horizontal_flip": False, "shift": 1, "rotation": 0.0, "cutout": 4}
    }
    assert repr(augmentation) == "Augmentation(cutout=4, shift=1)"
    # In a pipeline it would vary the images of predictions too.
    assert not hasattr(augmentation, "transform")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("horizontal_flip", "yes"),
        ("horizontal_flip", 1),
        ("shift", -1),
        ("shift", 0.1),
        ("shift", True),
        ("shift", 10**400),
        ("cutout", "8"),
        ("cutout", np.nan),
        ("rotation", -5),
        ("rotation", 181.0),
        ("rotation", np.nan),
        ("rotation", None),
    ],
)
def test_a_wrong_parameter_is_told_by_name_and_value(name, value):
    augmentation = Augmentation(**{name: value})
    with pytest.raises(ValueError, match=rf"^{name}=.* of Augmentation must be"):
        augmentation.sample(np.zeros((2, 4, 4)))


def test_what_is_no_array_of_images_is_refused():
    for X in ([["a", "b"]], np.zeros((0, 4)), np.zeros((2, 2), complex), np.zeros(4)):
        with pytest.raises(ValueError, match=r"X must be an array of images|Reshape"):
            Augmentation(shift=1).sample(X)


def test_masks_are_moved_and_stay_masks():
    X = np.zeros((1, 5, 5), bool)
    X[0, 2, 2] = True
    moved = Augmentation(shift=1).sample(X, random_state=3)
    assert (moved.dtype, moved.sum()) == (bool, 1)


def test_a_sample_asks_for_a_seed_that_is_one():
    with pytest.raises(ParameterError, match="random_state='a' must be None, an int"):
        Augmentation(shift=1).sample(np.zeros((1, 5, 5)), random_state="a")
    with pytest.raises(DataError, match=r"shape \(0, 9, 9\)"):
        Augmentation(shift=1).sample(np.zeros((0, 9, 9)))
