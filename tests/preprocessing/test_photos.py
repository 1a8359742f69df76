import io
import struct
import sys
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps
from sklearn.pipeline import make_pipeline

from helpers.classifiers import make_mlp
from skfashion import PixelScaler
from skfashion.exceptions import DataError, MissingExtraError
from skfashion.preprocessing import prepare_photo, read_photo

ORIENTATION = 274


@pytest.fixture(scope="module")
def originals(sample):
    """100 images that none of the classifiers here is trained on."""
    return sample[0][-100:].reshape(-1, 28, 28), sample[1][-100:]


@pytest.fixture(scope="module")
def classifier(sample):
    X, y = sample
    pipeline = make_pipeline(PixelScaler(), make_mlp(epochs=8))
    return pipeline.fit(X[:-100], y[:-100])


def enlarged(image, size=280, margins=(0, 0, 0, 0), background=255):
    """Photograph an image: smoothly enlarged, dark on light, with margins around."""
    photo = Image.fromarray(255 - image).resize((size, size), Image.Resampling.BICUBIC)
    top, bottom, left, right = margins
    scaled = np.rint(np.asarray(photo) * (background / 255)).astype(np.uint8)
    around = ((top, bottom), (left, right))
    return Image.fromarray(np.pad(scaled, around, constant_values=background))


def with_alpha(photo, mode):
    """Replace white by transparency, over colours that are not white."""
    colours = photo.convert("RGB")
    colours.paste((255, 0, 255), mask=photo.point(lambda v: 255 * (v == 255), "L"))
    alpha = photo.point(lambda v: 255 * (v < 255), "L")
    out = (photo if mode == "LA" else colours).convert(mode)
    out.putalpha(alpha)
    return out


def saved(photo, path, **options):
    photo.save(path, **options)
    return path


def likeness(image, original):
    return np.corrcoef(image.ravel(), original.ravel())[0, 1]


# Every way that a photograph may come: what is done to it, and how it is stored.
FORMS = {
    "grey.png": lambda p: p,
    "rgb.png": lambda p: p.convert("RGB"),
    "palette.png": lambda p: p.convert("P"),
    "adaptive.png": lambda p: p.convert("RGB").quantize(256),
    "rgba.png": lambda p: with_alpha(p, "RGBA"),
    "grey_alpha.png": lambda p: with_alpha(p, "LA"),
    "transparent_palette.png": lambda p: with_alpha(p, "RGBA").quantize(256),
    "16_bit.png": lambda p: Image.fromarray(np.asarray(p).astype(np.uint16) * 257),
    "grey.jpg": lambda p: p,
    "rgb.jpeg": lambda p: p.convert("RGB"),
    "cmyk.jpg": lambda p: p.convert("CMYK"),
    "dark.png": ImageOps.invert,
    "dark.jpg": ImageOps.invert,
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_read_as_plain_grey_is(name, originals, tmp_path):
    apart = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for image in originals[0][:5]:
            photo = enlarged(image, margins=(40, 10, 5, 60))
            path = saved(FORMS[name](photo), tmp_path / name)
            read = read_photo(path)
            assert read.shape == (28, 28)
            assert read.dtype == np.uint8
            assert likeness(read, image) > 0.85
            plain = prepare_photo(np.asarray(photo)).astype(int)
            apart.append(abs(read - plain).mean())
    # One faint row trimmed or not moves a whole image, so that most count, not all.
    assert np.median(apart) < 3


def test_one_bit_is_read(tmp_path):
    photo = np.ones((200, 300), dtype=bool)
    photo[50:150, 100:150] = False
    read = read_photo(saved(Image.fromarray(photo), tmp_path / "bits.png"))
    expected = np.zeros((28, 28), dtype=np.uint8)
    expected[:, 7:21] = 255
    np.testing.assert_array_equal(read, expected)


@pytest.mark.parametrize("light", [False, True])
def test_images_of_the_data_set_are_kept_to_the_bit(originals, tmp_path, light):
    for image in originals[0]:
        stored = Image.fromarray(255 - image if light else image)
        read = read_photo(saved(stored, str(tmp_path / "own.png")))
        np.testing.assert_array_equal(read, image)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_exif_orientation_is_honoured(originals, tmp_path, orientation):
    photo = enlarged(originals[0][0], margins=(0, 30, 10, 50))
    # What a camera held so stores: undone by turning it as the tag says.
    steps = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    turned = photo.transpose(steps[orientation][0])
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    for name in ("turned.png", "turned.jpg"):
        path = saved(turned, tmp_path / name, exif=exif)
        upright = prepare_photo(np.asarray(photo)).astype(int)
        assert abs(read_photo(path) - upright).mean() < 6


@pytest.mark.parametrize("size", [(20, 10), (100, 50), (410, 205), (1500, 750)])
@pytest.mark.parametrize("landscape", [False, True])
def test_the_longest_edge_fills_the_image_and_the_other_is_centred(size, landscape):
    height, width = size
    photo = np.full((height + 31, width + 68), 250, dtype=np.uint8)
    photo[19 : 19 + height, 45 : 45 + width] = 50
    image = prepare_photo(photo.T if landscape else photo)
    image = image.T if landscape else image
    assert (image[:, 7:21] >= 203).all()
    assert not image[:, :7].any()
    assert not image[:, 21:].any()


def test_an_odd_spare_column_is_at_the_left_as_in_the_data_set():
    photo = np.full((300, 300), 255, dtype=np.uint8)
    photo[10:290, 10:280] = 100
    image = prepare_photo(photo)
    assert not image[:, 0].any()
    assert image[:, 1:].all()


def test_margins_do_not_matter(originals):
    rng = np.random.default_rng(0)
    for image in originals[0][:10]:
        plain = prepare_photo(np.asarray(enlarged(image, margins=(9, 9, 9, 9))))
        margins = rng.integers(1, 300, size=4)
        photo = enlarged(image, margins=margins)
        np.testing.assert_array_equal(prepare_photo(np.asarray(photo)), plain)


def test_only_what_shrinks_is_sharpened():
    step = np.full((40, 40), 255, dtype=np.uint8)
    step[6:34, 6:20], step[6:34, 20:34] = 155, 105
    as_it_was = prepare_photo(step)
    assert set(np.unique(as_it_was)) == {100, 150}
    shrunk = prepare_photo(step.repeat(3, axis=0).repeat(3, axis=1))
    assert shrunk[14, 13] < 100 - 5
    assert shrunk[14, 14] > 150 + 5
    np.testing.assert_array_equal(shrunk[:, 5:10], 100)


@pytest.mark.parametrize("background", [255, 235, 190])
def test_an_uneven_and_noisy_background_becomes_nothing(
    originals, tmp_path, background
):
    rng = np.random.default_rng(0)
    for image in originals[0][:5]:
        margins = (50, 60, 70, 80)
        plain = read_photo(saved(enlarged(image, margins=margins), tmp_path / "p.png"))
        photo = enlarged(image, margins=margins, background=background)
        pixels = np.asarray(photo, dtype=float)
        light = np.linspace(1, 0.8, pixels.shape[1]) + rng.normal(0, 0.01, pixels.shape)
        dim = Image.fromarray(np.clip(pixels * light, 0, 255).astype(np.uint8))
        read = read_photo(saved(dim, tmp_path / "dim.jpg", quality=75))
        assert likeness(read, plain) > 0.9
        assert (read == 0).sum() > 0.95 * (plain == 0).sum()


def test_clothing_in_one_corner_is_not_taken_for_background():
    photo = np.full((300, 300), 255, dtype=np.uint8)
    photo[100:, 200:] = 100
    image = prepare_photo(photo)
    assert (image[:, 7:21] >= 155).all()
    assert not image[:, :7].any()


def test_read_images_are_classified_as_the_originals(originals, classifier, tmp_path):
    X, y = originals
    rng = np.random.default_rng(0)
    photos = []
    for image in X:
        margins = rng.integers(5, 100, size=4)
        photo = enlarged(image, size=rng.integers(150, 300), margins=margins)
        path = saved(photo.convert("RGB"), tmp_path / "photo.jpg", quality=75)
        photos.append(read_photo(path))
    before = classifier.score(X.reshape(100, -1), y)
    assert before > 0.7
    assert classifier.score(np.reshape(photos, (100, -1)), y) >= before - 0.1


def jpeg(image=None):
    stream = io.BytesIO()
    (image or Image.linear_gradient("L")).save(stream, "JPEG")
    return stream.getvalue()


def png_of(width, height):
    """Write a PNG whose header has any size and whose pixels are missing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b""))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data))
        + kind
        + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def tiff():
    stream = io.BytesIO()
    Image.linear_gradient("L").save(stream, "TIFF")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"",
            "is not a readable PNG, .* or BMP image; save it as one of these",
        ),
        (b"no image at all\n", "is not a readable PNG, JPEG, GIF, WebP or BMP image"),
        (tiff(), "is not a readable PNG, JPEG, GIF, WebP or BMP image"),
        (jpeg()[:-400], "is damaged or cut short; save the photograph again"),
        (
            jpeg()[:100],
            "is (damaged or|not a readable) .*; save",
        ),
        (png_of(50, 50), "is damaged or cut short"),
        (png_of(0, 50), "is (damaged or|not a readable) .*; save"),
        (png_of(10**5, 10**5), "has more pixels than any .*; make it smaller"),
        (jpeg(Image.new("L", (90, 70), 128)), "stands out from its .*; give a photo"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_bad_content_is_one_sentence(content, sentence, tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DataError, match=sentence) as raised:
            read_photo(path)
    message = str(raised.value)
    assert str(path) in message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_path_without_a_file_is_one_sentence(tmp_path):
    wanted = "give the path of a PNG, .* or BMP file"
    with pytest.raises(DataError, match=rf"cannot be read \(No such file.*{wanted}"):
        read_photo(tmp_path / "absent.png")
    with pytest.raises(DataError, match=rf"cannot be read \(.*{wanted}"):
        read_photo(tmp_path)
    with pytest.raises(DataError, match=rf"cannot be read \(embedded null.*{wanted}"):
        read_photo("no\0name.png")


def test_damage_anywhere_is_either_read_or_said(tmp_path):
    rng = np.random.default_rng(0)
    photo = enlarged(np.tri(28, dtype=np.uint8) * 200, size=60, margins=(9, 9, 9, 9))
    path = tmp_path / "damaged"
    said = 0
    for suffix in ("PNG", "JPEG"):
        stream = io.BytesIO()
        photo.save(stream, suffix)
        for _ in range(100):
            content = np.frombuffer(stream.getvalue(), dtype=np.uint8).copy()
            content[rng.integers(len(content), size=3)] = rng.integers(256, size=3)
            path.write_bytes(content.tobytes())
            try:
                assert read_photo(path).shape == (28, 28)
            except DataError:
                said += 1
    assert said > 20


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((5, 5)),
        np.zeros(25, dtype=np.uint8),
        np.zeros((5, 5, 5), dtype=np.uint8),
        np.zeros((0, 5), dtype=np.uint8),
        np.zeros((1, 5, 5, 3), dtype=np.uint8),
    ],
    ids=lambda pixels: f"{pixels.dtype}{pixels.shape}",
)
def test_pixels_of_another_kind_are_refused(pixels):
    with pytest.raises(DataError, match=r"my array has shape .* but the pixels of a"):
        prepare_photo(pixels, name="my array")


@pytest.mark.parametrize("level", [0, 100, 255])
@pytest.mark.parametrize("size", [(28, 28), (1, 1), (60, 31)])
def test_a_flat_image_is_refused(level, size):
    with pytest.raises(DataError, match="Nothing in the image stands out"):
        prepare_photo(np.full(size, level, dtype=np.uint8))


def test_clothing_lighter_than_a_light_background_is_refused():
    photo = np.full((100, 100), 200, dtype=np.uint8)
    photo[30:70, 30:70] = 255
    with pytest.raises(DataError, match="stands out"):
        prepare_photo(photo)


def test_pillow_is_asked_for_where_it_is_missing(monkeypatch, tmp_path):
    path = saved(Image.linear_gradient("L"), tmp_path / "photo.png")
    monkeypatch.setitem(sys.modules, "PIL", None)
    wanted = r'^Reading image files needs PIL.*pip install "skfashion\[plot\]"\.$'
    with pytest.raises(MissingExtraError, match=wanted):
        read_photo(path)
