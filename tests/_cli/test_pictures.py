"""Pictures of any size for models of any image shape."""

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.pipeline import make_pipeline

from helpers.classifiers import make_cnn, make_mlp
from skfashion import CLASS_NAMES, PixelScaler, __main__, load_image_folder, save
from skfashion.preprocessing import read_image


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")


def coloured(shape, n=90):
    """Noise that is mostly red, green or blue; or bright in one third of three."""
    y = np.arange(n) % 3
    X = np.random.default_rng(0).integers(0, 60, (n, *shape), dtype=np.uint8)
    if len(shape) == 3:
        X[np.arange(n), :, :, y] += 190
    else:
        third = shape[1] // 3
        for image, number in zip(X, y, strict=True):
            image[:, third * number : third * (number + 1)] += 190
    return X, y


def predicted(capsys, *arguments):
    assert __main__.main(["predict", *map(str, arguments)]) == 0
    said, _, table = capsys.readouterr().out.partition("\n\n")
    return said.splitlines(), [line.split() for line in table.splitlines()[1:]]


@pytest.mark.parametrize("shape", [(30, 20, 3), (8, 8), (32, 32, 3), (12, 40)], ids=str)
@pytest.mark.parametrize("make", [make_cnn, make_mlp])
def test_models_of_any_shape(shape, make, capsys, tmp_path):
    X, y = coloured(shape)
    clf = make(rescale=1 / 255, epochs=30, learning_rate=0.01).fit(X, y)
    path = save(clf, tmp_path / "model", class_names=["r", "g", "b"])
    height, width = shape[:2]
    files = []
    for number in range(3):
        picture = Image.fromarray(X[number])
        large = picture.resize((width * 9, height * 9), Image.Resampling.NEAREST)
        files.append(tmp_path / f"{number}.png")
        large.save(files[-1])
    said, told = predicted(capsys, path, *files)
    assert [row[1] for row in told] == ["r", "g", "b"]
    mode = "RGB" if len(shape) == 3 else "grey"
    assert said[:3] == [
        f"{file}: {width * 9}x{height * 9} {mode} -> {width}x{height} {mode}"
        for file in files
    ]
    assert "padded with white" in said[3]
    row = clf.predict_proba(
        read_image(
            files[0], size=(height, width), mode="RGB" if mode == "RGB" else "L"
        ).reshape(1, *shape)
    )[0]
    assert told[0][2] == f"{row.max():.1%}"


def test_colours_become_grey_and_grey_becomes_colours(capsys, tmp_path):
    rgb, grey = tmp_path / "rgb.webp", tmp_path / "grey.gif"
    Image.new("RGB", (50, 100), (255, 0, 0)).save(rgb, lossless=True)
    Image.new("L", (50, 100), 80).save(grey)
    for shape, mode in (((9, 8), "grey"), ((9, 8, 3), "RGB")):
        X, y = coloured(shape)
        clf = make_mlp(rescale=1 / 255, epochs=1).fit(X, y)
        path = save(clf, tmp_path / "model")
        said, told = predicted(capsys, path, rgb, grey)
        assert len(told) == 2
        assert said[0] == f"{rgb}: 50x100 RGB -> 8x9 {mode}"
        assert said[1].endswith(f"-> 8x9 {mode}")


def test_a_scaler_of_another_scale_is_served(capsys, tmp_path):
    digits = load_digits()
    X, y = digits.images, digits.target
    fitted = make_pipeline(PixelScaler(), make_mlp(epochs=15, image_shape=(8, 8)))
    fitted.fit(X, y)
    path = save(fitted, tmp_path / "digits")
    files = []
    for number in range(20):
        files.append(tmp_path / f"{number}.png")
        Image.fromarray(np.rint(X[number] * 255 / 16).astype(np.uint8)).save(files[-1])
    _, told = predicted(capsys, path, *files)
    expected = fitted.predict(X[:20])
    assert [int(row[1]) for row in told] == expected.tolist()


@pytest.mark.parametrize("way", ["pad", "crop", "stretch", "photo"])
def test_pictures_are_prepared_as_asked(way, sample, capsys, tmp_path):
    clf = make_mlp(rescale=1 / 255, epochs=1).fit(*sample)
    path = save(clf, tmp_path / "model", class_names=CLASS_NAMES)
    picture = Image.new("L", (90, 60), 255)
    picture.paste(20, (30, 10, 70, 50))
    picture.save(tmp_path / "a.png")
    said, told = predicted(capsys, path, tmp_path / "a.png", "--prepare", way)
    assert f"--prepare {way}" in said[1]
    if way == "photo":
        return
    image = read_image(tmp_path / "a.png", size=(28, 28), mode="L", resize=way)
    assert f"{clf.predict_proba(image.reshape(1, 784)).max():.1%}" in told[0]


def test_a_model_of_other_names_is_not_given_photographs(sample, capsys, tmp_path):
    clf = make_mlp(rescale=1 / 255, epochs=1).fit(*sample)
    Image.new("L", (9, 9), 70).save(tmp_path / "a.png")
    path = save(clf, tmp_path / "model", class_names=[f"digit {n}" for n in range(10)])
    said, _ = predicted(capsys, path, tmp_path / "a.png")
    assert "--prepare pad" in said[1]
    path = save(clf, tmp_path / "model")
    assert __main__.main(["predict", str(path), str(tmp_path / "a.png")]) == 1
    assert "stands out from its background" in capsys.readouterr().err


@pytest.mark.parametrize("names", [CLASS_NAMES[:2], ["cat", "dog"]], ids=str)
def test_labels_that_are_text_tell_clothes_from_others(names, sample, capsys, tmp_path):
    y = np.array(names)[sample[1] % 2]
    path = save(make_mlp(rescale=1 / 255, epochs=1).fit(sample[0], y), tmp_path / "m")
    Image.fromarray(sample[0][0].reshape(28, 28)).save(tmp_path / "a.png")
    said, _ = predicted(capsys, path, tmp_path / "a.png")
    assert f"--prepare {'pad' if 'cat' in names else 'photo'}" in said[1]


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_files_of_a_folder_are_read_as_it_was(mode, capsys, tmp_path):
    rng = np.random.default_rng(0)
    files = []
    for number in range(60):
        pixels = rng.integers(90, size=(40, 30 + number % 7, 3), dtype=np.uint8)
        pixels[:, 9:15] = 200
        lying = number % 2 == 0
        folder = tmp_path / "bars" / ("[lying]" if lying else "$standing$")
        folder.mkdir(parents=True, exist_ok=True)
        files.append(folder / f"{number}.png")
        Image.fromarray(pixels.swapaxes(0, 1) if lying else pixels).save(files[-1])
    bars = load_image_folder(tmp_path / "bars", size=(28, 28), mode=mode)
    clf = make_cnn(rescale=1 / 255, epochs=5).fit(bars.data, bars.target)
    path = save(clf, tmp_path / "model", class_names=bars.target_names)
    _, told = predicted(capsys, path, *bars.filenames)
    assert [row[0] for row in told] == bars.filenames.tolist()
    best = clf.predict_proba(bars.data).max(axis=1)
    names = np.array(bars.target_names)[clf.predict(bars.data)]
    assert [row[1] for row in told] == names.tolist()
    shown = [float(row[2][:-1]) for row in told]
    np.testing.assert_allclose(shown, best * 100, atol=0.1)


def test_photographs_are_of_one_shape(capsys, tmp_path):
    X, y = coloured((8, 8))
    path = save(make_mlp(rescale=1 / 255, epochs=1).fit(X, y), tmp_path / "model")
    Image.new("L", (9, 9), 70).save(tmp_path / "a.png")
    arguments = ["predict", str(path), str(tmp_path / "a.png"), "--prepare", "photo"]
    assert __main__.main(arguments) == 1
    assert "give pad, crop or stretch" in capsys.readouterr().err


def test_a_picture_that_lies_is_told_upright(capsys, tmp_path):
    X, y = coloured((8, 8))
    path = save(make_mlp(rescale=1 / 255, epochs=1).fit(X, y), tmp_path / "model")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30)).save(tmp_path / "a.jpg", exif=exif)
    said, _ = predicted(capsys, path, tmp_path / "a.jpg")
    assert said[0] == f"{tmp_path / 'a.jpg'}: 30x40 RGB -> 8x8 grey"
