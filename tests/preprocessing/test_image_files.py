"""Image files of every kind become the pixels that a viewer shows."""

import sys
import warnings

import numpy as np
import pytest
from PIL import Image

from skfashion.exceptions import DataError, MissingExtraError, ParameterError
from skfashion.preprocessing import read_image

ORIENTATION = 274
RED, GREEN = (200, 30, 40), (20, 180, 90)


def two_colours(mode="RGB"):
    """30 rows of 20 pixels, red above and green below."""
    image = Image.new("RGB", (20, 30), RED)
    image.paste(GREEN, (0, 16, 20, 30))
    return image.convert(mode)


def with_alpha(image):
    """Make the lower part transparent."""
    alpha = Image.new("L", image.size, 255)
    alpha.paste(0, (0, 16, *image.size))
    image = image.copy()
    image.putalpha(alpha)
    return image


def saved(image, path, **options):
    image.save(path, **options)
    return path


# How an image is stored, and what of its colours is lost by it.
KINDS = {
    "rgb.png": lambda: two_colours(),
    "palette.png": lambda: two_colours().quantize(4),
    "rgba.png": lambda: two_colours("RGBA"),
    "rgb.jpg": lambda: two_colours(),
    "cmyk.jpg": lambda: two_colours("CMYK"),
    "one.gif": lambda: two_colours(),
    "one.webp": lambda: two_colours(),
    "rgb.bmp": lambda: two_colours(),
    "palette.bmp": lambda: two_colours().quantize(4),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_file_shows_its_colours(name, tmp_path):
    path = saved(KINDS[name](), tmp_path / name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pixels = read_image(path)
        grey = read_image(str(path), mode="L")
    assert (pixels.shape, pixels.dtype) == ((30, 20, 3), np.uint8)
    assert (grey.shape, grey.dtype) == ((30, 20), np.uint8)
    assert pixels.flags.writeable
    for row, colour in ((5, RED), (25, GREEN)):
        np.testing.assert_allclose(pixels[row, 10], colour, atol=6)
        assert abs(grey[row, 10] - np.dot(colour, [0.299, 0.587, 0.114])) < 6


@pytest.mark.parametrize("suffix", ["gif", "png", "webp"])
def test_an_animation_is_its_first_frame(suffix, tmp_path):
    frames = [two_colours(), Image.new("RGB", (20, 30), GREEN)]
    path = tmp_path / f"moves.{suffix}"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    with Image.open(path) as opened:
        assert opened.n_frames == 2
    np.testing.assert_allclose(read_image(path)[5, 10], RED, atol=6)


def test_grey_single_bits_and_16_bits_keep_their_levels(tmp_path):
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    for name in ("grey.png", "grey.bmp", "grey.gif"):
        path = saved(Image.fromarray(levels), tmp_path / name)
        np.testing.assert_array_equal(read_image(path, mode="L"), levels)
    deep = levels.astype(np.uint16) * 256 + 255
    path = saved(Image.fromarray(deep), tmp_path / "deep.png")
    np.testing.assert_array_equal(read_image(path, mode="L"), levels)
    bits = levels > 99
    for name in ("bits.png", "bits.bmp"):
        path = saved(Image.fromarray(bits), tmp_path / name)
        np.testing.assert_array_equal(read_image(path, mode="L"), bits * 255)


@pytest.mark.parametrize(
    "name", ["rgba.png", "la.png", "palette.png", "rgba.webp", "see_through.gif"]
)
def test_what_is_transparent_shows_fill(name, tmp_path):
    image = with_alpha(two_colours("L" if name == "la.png" else "RGB"))
    if name == "palette.png":
        image = image.quantize(4)
    path = saved(image, tmp_path / name)
    white = read_image(path)
    assert (white[20:] >= 254).all()
    assert (white[5] < 250).any()
    blue = read_image(path, fill=(0, 0, 255))
    np.testing.assert_allclose(blue[25, 10], [0, 0, 255], atol=1)
    assert (read_image(path, mode="L", fill=7)[20:] == 7).all()
    # Green is there, but not seen: no edge of it may show where the image shrinks.
    small = read_image(path, size=(3, 2), fill=0).astype(int)
    assert (small[..., 1] <= small[..., 0]).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_honoured(orientation, tmp_path):
    turn = Image.Transpose
    back = {
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_90,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_270,
    }
    image = two_colours()
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    held = image if orientation == 1 else image.transpose(back[orientation])
    path = saved(held, tmp_path / "turned.png", exif=exif)
    np.testing.assert_array_equal(read_image(path), np.asarray(image))


def test_pad_shows_all_of_the_image_between_equal_margins(tmp_path):
    path = saved(two_colours(), tmp_path / "a.png")
    pixels = read_image(path, size=(60, 60), fill=(1, 2, 3))
    assert (pixels[:, :10] == (1, 2, 3)).all()
    assert (pixels[:, 50:] == (1, 2, 3)).all()
    assert (pixels[:30, 10:50] == RED).all()
    assert (pixels[34:, 10:50] == GREEN).all()
    low = read_image(path, size=(15, 60), fill=0)
    assert (np.flatnonzero(low.any(axis=(0, 2))) == np.arange(25, 35)).all()


def test_crop_shows_the_centre_and_stretch_all(tmp_path):
    path = saved(two_colours(), tmp_path / "a.png")
    cropped = read_image(path, size=(20, 20), resize="crop")
    np.testing.assert_array_equal(cropped, np.asarray(two_colours())[5:25])
    stretched = read_image(path, size=(15, 40), resize="stretch")
    assert (stretched[:7] == RED).all()
    assert (stretched[9:] == GREEN).all()


@pytest.mark.parametrize("resize", ["pad", "crop", "stretch"])
def test_an_image_of_the_size_asked_for_is_kept_to_the_bit(resize, tmp_path):
    noise = np.random.default_rng(0).integers(256, size=(9, 7, 3), dtype=np.uint8)
    path = saved(Image.fromarray(noise), tmp_path / "noise.png")
    np.testing.assert_array_equal(read_image(path, size=[9, 7], resize=resize), noise)


@pytest.mark.parametrize("shape", [(1, 1), (1, 2000), (2000, 1)])
@pytest.mark.parametrize("resize", ["pad", "crop", "stretch"])
def test_extreme_proportions_are_brought_to_any_size(shape, resize, tmp_path):
    path = saved(Image.fromarray(np.zeros(shape, np.uint8)), tmp_path / "line.png")
    for size in ((8, 8), (1, 1), (3, 50)):
        pixels = read_image(path, size=size, mode="L", resize=resize)
        assert pixels.shape == size
        assert not pixels.all()


def test_a_smaller_image_is_an_average_of_its_pixels(tmp_path):
    lines = np.zeros((64, 64), dtype=np.uint8)
    lines[::2] = 200
    path = saved(Image.fromarray(lines), tmp_path / "lines.png")
    small = read_image(path, size=(8, 8), mode="L")
    np.testing.assert_allclose(small.astype(int), 100, atol=15)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"size": 32}, r"^size=32 must be \(height, width\), each an integer from 1"),
        ({"size": (0, 5)}, "size="),
        ({"size": (5.0, 5)}, "size="),
        ({"size": (5, 5, 3)}, r"size=\(5, 5, 3\) must"),
        ({"size": (5, 10**6)}, "1 to 32,768, or None"),
        ({"size": "55"}, "size="),
        ({"mode": "grey"}, r"^mode='grey' must be 'RGB' or 'L'\.$"),
        ({"mode": None}, "mode=None"),
        ({"mode": ["L"]}, "mode="),
        ({"resize": "fit"}, r"^resize='fit' must be 'pad', 'crop' or 'stretch'\.$"),
        ({"fill": 256}, r"^fill=256 must be an integer from 0 \(black\) to 255"),
        ({"fill": -1}, "fill=-1"),
        ({"fill": "white"}, "fill='white'"),
        ({"fill": (1, 2)}, "fill="),
        ({"fill": True}, "fill=True"),
        ({"fill": 0.5}, "fill=0.5"),
    ],
    ids=repr,
)
def test_parameters_that_cannot_work_are_refused(wrong, sentence, tmp_path):
    with pytest.raises(ParameterError, match=sentence):
        read_image(tmp_path / "absent.png", **wrong)


def test_what_is_no_sound_image_is_one_sentence(tmp_path, monkeypatch):
    path = saved(two_colours(), tmp_path / "cut.jpg")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DataError, match=r"cut\.jpg' is damaged or cut short"):
        read_image(path)
    path.write_text("not an image")
    formats = "PNG, JPEG, GIF, WebP or BMP"
    with pytest.raises(DataError, match=rf"cut\.jpg' is not a readable {formats}"):
        read_image(path)
    two_colours().save(tmp_path / "a.tif")
    with pytest.raises(DataError, match=rf"is not a readable {formats} image; save"):
        read_image(tmp_path / "a.tif")
    with pytest.raises(DataError, match=r"cannot be read .*; give the path of a PNG"):
        read_image(tmp_path / "absent.png")
    saved(two_colours(), path)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(DataError, match="has more pixels than any photograph"):
        read_image(path)


def test_any_damage_is_read_or_said(tmp_path):
    rng = np.random.default_rng(0)
    said = 0
    for suffix in ("gif", "webp", "bmp"):
        whole = saved(two_colours(), tmp_path / f"a.{suffix}").read_bytes()
        path = tmp_path / "damaged"
        for _ in range(100):
            content = np.frombuffer(whole, dtype=np.uint8).copy()
            content[rng.integers(len(content), size=3)] = rng.integers(256, size=3)
            path.write_bytes(content[: rng.integers(1, len(content) + 1)].tobytes())
            try:
                assert read_image(path, size=(5, 5)).shape == (5, 5, 3)
            except DataError:
                said += 1
    assert said > 100


@pytest.mark.parametrize("name", ["\x1b[2J\n.png", "\udcff\u202e.png"])
def test_a_file_name_is_shown_escaped(name, tmp_path):
    (tmp_path / name).write_text("not an image")
    with pytest.raises(DataError) as raised:
        read_image(tmp_path / name)
    assert str(raised.value).isprintable()
    assert repr(name)[1:-1] in str(raised.value)


def test_pillow_is_asked_for_where_it_is_missing(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(MissingExtraError, match=r'pip install "skfashion\[plot\]"\.$'):
        read_image(tmp_path / "a.png")
