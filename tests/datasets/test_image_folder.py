"""A folder for each class becomes images and numbers, or a sentence."""

import os
import pickle
import sys

import numpy as np
import pytest
from PIL import Image

import skfashion
from skfashion import load_image_folder
from skfashion.datasets import _class_folders
from skfashion.exceptions import DataError, MissingExtraError, ParameterError
from skfashion.preprocessing import read_image

COLOURS = {"blue": (10, 20, 250), "green": (0, 160, 30), "red": (250, 0, 20)}


def put(path, size=(6, 4), colour=(0, 0, 0)):
    """Write an image of a height and a width."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size[::-1], colour).save(path)
    return path


@pytest.fixture
def folder(tmp_path):
    """Three classes of two images, made in another order than that of their names."""
    for name in ("red", "blue", "green"):
        for number in (2, 1):
            put(tmp_path / "flags" / name / f"{number}.png", colour=COLOURS[name])
    return tmp_path / "flags"


def test_a_folder_becomes_a_bunch(folder):
    flags = load_image_folder(folder)
    assert (flags.data.shape, flags.data.dtype) == ((6, 6, 4, 3), np.uint8)
    assert flags.data.flags.writeable
    assert flags.images is flags.data
    assert flags.image_shape == (6, 4, 3)
    assert flags.target.dtype == np.int64
    assert flags.target.tolist() == [0, 0, 1, 1, 2, 2]
    assert flags.target_names == ["blue", "green", "red"]
    names = [flags.target_names[label] for label in flags.target]
    assert [tuple(image[0, 0]) for image in flags.data] == [COLOURS[n] for n in names]
    numbers = ("1.png", "2.png") * 3
    expected = [
        str(folder / name / number) for name, number in zip(names, numbers, strict=True)
    ]
    assert flags.filenames.tolist() == expected
    assert flags.skipped == {}
    assert "each 6 x 4 x 3" in flags.DESCR
    assert "0 'blue' (2), 1 'green' (2), 2 'red' (2)" in flags.DESCR
    again = pickle.loads(pickle.dumps(flags))
    np.testing.assert_array_equal(again.data, flags.data)


def test_every_image_is_as_read_image_reads_it(folder):
    form = {"size": (9, 5), "mode": "L", "resize": "crop", "fill": 0}
    put(folder / "red" / "other.jpg", (50, 30), COLOURS["red"])
    flags = load_image_folder(str(folder), **form)
    assert flags.image_shape == (9, 5)
    for image, name in zip(flags.data, flags.filenames, strict=True):
        np.testing.assert_array_equal(image, read_image(name, **form))
    X, y = load_image_folder(str(folder), **form, return_X_y=True)
    np.testing.assert_array_equal(X, flags.data)
    np.testing.assert_array_equal(y, flags.target)


def test_what_systems_add_is_left_out_and_folders_inside_are_read(folder):
    for name in ("Thumbs.db", ".DS_Store", "desktop.ini", "__MACOSX/._1.png"):
        for above in (folder, folder / "red"):
            (above / name).parent.mkdir(exist_ok=True)
            (above / name).write_text("not an image")
    put(folder / ".hidden" / "1.png")
    (folder / "labels.csv").write_text("beside the classes")
    put(folder / "red" / "2019" / "may" / "1.png", colour=COLOURS["red"])
    flags = load_image_folder(folder)
    assert flags.target_names == ["blue", "green", "red"]
    assert flags.target.tolist() == [0, 0, 1, 1, 2, 2, 2]
    assert flags.filenames[-1] == str(folder / "red" / "2019" / "may" / "1.png")


def test_images_of_other_sizes_are_told_with_what_to_write(folder):
    put(folder / "green" / "3.png", (5, 7))
    with pytest.raises(DataError) as raised:
        load_image_folder(folder)
    first, other = folder / "blue" / "1.png", folder / "green" / "3.png"
    assert str(raised.value) == (
        f"{str(first)!r} has a height and width of (6, 4), but {str(other)!r} of "
        "(5, 7); give the size to bring all images to, as in size=(6, 4)."
    )
    assert load_image_folder(folder, size=(6, 4)).data.shape == (7, 6, 4, 3)


def test_sizes_are_those_of_upright_images(folder):
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (6, 4)).save(folder / "red" / "turned.png", exif=exif)
    assert len(load_image_folder(folder).data) == 7


@pytest.fixture
def bad(folder):
    """Add files that are no images."""
    (folder / "blue" / "0.png").write_text("not an image")
    whole = (folder / "red" / "1.png").read_bytes()
    (folder / "red" / "0.png").write_bytes(whole[:50])
    (folder / "red" / "away.png").symlink_to(folder / "nowhere")
    (folder / "red" / "itself.png").symlink_to("itself.png")
    os.mkfifo(folder / "red" / "pipe.png")
    return folder


def test_a_bad_file_is_refused_by_name(bad):
    with pytest.raises(DataError, match=r"blue/0\.png' is not a .* on_error='skip' to"):
        load_image_folder(bad)
    (bad / "blue" / "0.png").unlink()
    with pytest.raises(DataError, match=r"red/0\.png' is damaged .* leave such"):
        load_image_folder(bad)
    (bad / "red" / "0.png").unlink()
    with pytest.raises(DataError, match=r"away\.png' is no file, nor leads to one, or"):
        load_image_folder(bad)


def test_bad_files_are_left_out_with_one_warning(bad):
    with pytest.warns(UserWarning, match="left out") as warned:
        flags = load_image_folder(bad, on_error="skip")
    assert [warning.filename for warning in warned] == [__file__]
    names = [str(bad / name) for name in ("blue/0.png", "red/0.png", "red/away.png")]
    assert str(warned[0].message) == (
        "5 of 11 files are left out, since they cannot be read as images: "
        f"{', '.join(map(repr, names))} and 2 more; the Bunch's skipped says why."
    )
    assert flags.target.tolist() == [0, 0, 1, 1, 2, 2]
    assert tuple(flags.data[-1][0, 0]) == COLOURS["red"]
    assert len(flags.filenames) == 6
    assert [*flags.skipped][:3] == names
    assert "damaged" in flags.skipped[names[1]]
    assert ":Left out: 5 files" in flags.DESCR


def test_a_class_of_bad_files_only_is_refused(bad):
    for number in (1, 2):
        (bad / "blue" / f"{number}.png").write_text("not an image")
    with pytest.raises(DataError, match=r"No file of the class 'blue' can be .*; rep"):
        load_image_folder(bad, on_error="skip")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda top: None, r"cannot be read \(No such file.*give a folder that"),
        (lambda top: top.write_text(""), r"cannot be read \(Not a directory\)"),
        (lambda top: top.mkdir(), "holds no folder; put the images of each class into"),
        (lambda top: put(top / "1.png"), "holds files, but no folder; put"),
        (
            lambda top: [put(top / "a" / "1.png"), (top / "b").mkdir()],
            "folder 'b' in '.*' holds no files, but is a class; put",
        ),
        (
            lambda top: [put(top / "a/1.png"), (top / "b").symlink_to("gone")],
            r"b' cannot be read \(No such file",
        ),
        (
            lambda top: [put(top / "a/1.png"), (top / "b").symlink_to("b")],
            r"b' cannot be read \(Too many levels",
        ),
    ],
    ids=["absent", "file", "empty", "no folders", "empty class", "gone", "circle"],
)
def test_a_folder_without_classes_is_one_sentence(make, sentence, tmp_path):
    make(tmp_path / "top")
    with pytest.raises(DataError, match=sentence) as raised:
        load_image_folder(tmp_path / "top")
    assert str(raised.value).count(". ") == 0
    assert str(raised.value).endswith(".")


def test_a_folder_that_may_not_be_read_is_named(folder, monkeypatch):
    put(folder / "red" / "private" / "1.png")
    scandir = os.scandir

    def guarded(path):
        if str(path).endswith("private"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(_class_folders.os, "scandir", guarded)
    for on_error in ("raise", "skip"):
        with pytest.raises(DataError, match=r"private' cannot be read \(Permission"):
            load_image_folder(folder, on_error=on_error)


def test_links_are_followed_and_never_in_a_circle(folder, tmp_path):
    elsewhere = put(tmp_path / "elsewhere" / "9.png")
    (folder / "red" / "inside").symlink_to(elsewhere.parent)
    (folder / "red" / "inside again").symlink_to(elsewhere.parent)
    (folder / "red" / "linked.png").symlink_to(elsewhere)
    (elsewhere.parent / "up").symlink_to(folder)
    (folder / "red" / "same").symlink_to(folder / "red")
    (folder / "black").symlink_to(elsewhere.parent)
    flags = load_image_folder(folder)
    assert flags.target_names == ["black", "blue", "green", "red"]
    assert np.bincount(flags.target).tolist() == [1, 2, 2, 4]


def test_numbers_mean_the_same_where_a_class_is_not_there(folder):
    train = load_image_folder(folder)
    for number in (1, 2):
        (folder / "green" / f"{number}.png").unlink()
    (folder / "green").rmdir()
    test = load_image_folder(folder, class_names=train.target_names)
    assert test.target.tolist() == [0, 0, 2, 2]
    assert test.target_names == ["blue", "green", "red"]
    backwards = load_image_folder(folder, class_names=("red", "blue"))
    assert backwards.target_names == ["red", "blue"]
    assert tuple(backwards.data[0][0, 0]) == COLOURS["red"]
    put(folder / "pink" / "1.png")
    with pytest.raises(DataError, match="folder 'pink', which class_names lacks; add"):
        load_image_folder(folder, class_names=train.target_names)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"path": 5}, "path must be a folder's path as str or os.PathLike, but it is"),
        ({"path": b"flags"}, "path must be"),
        ({"path": "no\0name"}, r"path must be .* 'no\\x00name'"),
        ({"cache": "no\0name"}, "cache must be"),
        ({"cache": 5}, "cache must be a folder's path .* is 5"),
        ({"size": 5}, "size=5 must be"),
        ({"mode": "rgb"}, "mode='rgb' must be 'RGB' or 'L'"),
        ({"resize": None}, "resize=None must be"),
        ({"fill": 300}, "fill=300 must be"),
        ({"on_error": "ignore"}, "on_error='ignore' must be 'raise' or 'skip'"),
        ({"on_error": ["skip"]}, "on_error="),
        ({"class_names": "red"}, "class_names='red' must be a list of the names of"),
        ({"class_names": ["red", "red"]}, "each once, or None"),
        ({"class_names": [1, 2]}, "class_names="),
        ({"class_names": 3}, "class_names=3"),
    ],
    ids=repr,
)
def test_parameters_that_cannot_work_are_refused(wrong, sentence, folder):
    with pytest.raises(ParameterError, match=sentence):
        load_image_folder(**{"path": folder, **wrong})


NAMES = ["a\nb", "\x1b[2Jc", "\udcff\udcfe", "[red]d[b]", "$\\bad$", "\u202ee"]


def test_any_name_is_data(tmp_path):
    for name in NAMES:
        put(tmp_path / "top" / name / f"{name}.png")
        (tmp_path / "top" / name / f"{name}.txt").write_text("not an image")
    with pytest.warns(UserWarning, match="6 of 12 files") as warned:
        top = load_image_folder(tmp_path / "top", on_error="skip", cache=tmp_path / "c")
    assert str(warned[0].message).isprintable()
    assert top.target_names == sorted(NAMES)
    assert "".join(top.DESCR.split("\n")).isprintable()
    assert all(map(os.path.exists, top.filenames))
    put(tmp_path / "top" / NAMES[2] / "other.png", (3, 3))
    with pytest.raises(DataError, match="height and width") as raised:
        load_image_folder(tmp_path / "top", on_error="skip")
    assert str(raised.value).isprintable()
    (tmp_path / "top" / "\x1b[0m").mkdir()
    with pytest.raises(DataError, match="holds no files") as raised:
        load_image_folder(tmp_path / "top")
    assert str(raised.value).isprintable()


def test_pillow_is_asked_for_where_it_is_missing(monkeypatch, folder):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(MissingExtraError, match=r'pip install "skfashion\[plot\]"'):
        load_image_folder(folder, on_error="skip")


def test_the_name_is_at_the_top_too():
    assert skfashion.load_image_folder is skfashion.datasets.load_image_folder
