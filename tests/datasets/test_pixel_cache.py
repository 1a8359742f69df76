"""Decoded images in a cache are those of the folder as it is, whatever happened."""

import os
import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import joblib
import numpy as np
import pytest
from PIL import Image

from skfashion import PixelScaler, load_image_folder
from skfashion.datasets import _decoding
from skfashion.exceptions import DataError, ParameterError, WriteError


@pytest.fixture
def folder(tmp_path):
    """Two classes of three images of noise."""
    rng = np.random.default_rng(0)
    for name in ("a", "b"):
        for number in range(3):
            path = tmp_path / "images" / name / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            noise = rng.integers(256, size=(6, 4, 3), dtype=np.uint8)
            Image.fromarray(noise).save(path)
    return tmp_path / "images"


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def decoded(monkeypatch):
    """Note which files are decoded; at a file of the name in the list, press Ctrl-C."""
    names = []
    read = _decoding.read_as

    def noting(path, form):
        if Path(path).name in stop:
            raise KeyboardInterrupt
        names.append(Path(path).name)
        return read(path, form)

    stop = []
    monkeypatch.setattr(_decoding, "read_as", noting)
    return names, stop


def assert_as_in_memory(folder, cache, **params):
    plain = load_image_folder(folder, **params)
    mapped = load_image_folder(folder, cache=cache, **params)
    assert isinstance(mapped.data, np.memmap)
    assert not mapped.data.flags.writeable
    np.testing.assert_array_equal(mapped.data, plain.data)
    for name in ("target", "filenames", "target_names", "image_shape", "skipped"):
        np.testing.assert_array_equal(mapped[name], plain[name])


def kept(cache):
    return sorted(path.name for path in cache.iterdir())


@pytest.mark.parametrize(
    "params", [{}, {"size": (5, 3), "mode": "L"}, {"fill": 0, "resize": "crop"}]
)
def test_the_cache_holds_what_is_in_the_folder(params, folder, cache, decoded):
    assert_as_in_memory(folder, cache, **params)
    decoded[0].clear()
    again = load_image_folder(folder, cache=str(cache), **params)
    assert decoded[0] == []
    np.testing.assert_array_equal(again.data, load_image_folder(folder, **params).data)
    assert len(kept(cache)) == 1


def test_a_map_is_scaled_as_an_array_is(folder, cache):
    mapped = load_image_folder(folder, cache=cache).data
    scaled = PixelScaler().fit_transform(mapped)
    np.testing.assert_array_equal(scaled, PixelScaler().fit_transform(np.array(mapped)))


def rename(folder):
    (folder / "a" / "0.png").rename(folder / "a" / "9.png")


def touch(folder):
    os.utime(folder / "a" / "0.png", ns=(0, 123))


def redraw(folder):
    Image.new("RGB", (4, 6), (1, 2, 3)).save(folder / "a" / "0.png")


def remove(folder):
    (folder / "a" / "0.png").unlink()


def add(folder):
    Image.new("RGB", (4, 6)).save(folder / "b" / "9.png")


def move(folder):
    (folder / "a" / "0.png").rename(folder / "b" / "00.png")


@pytest.mark.parametrize("change", [rename, touch, redraw, remove, add, move])
def test_a_folder_that_changed_is_decoded_anew(change, folder, cache, decoded):
    load_image_folder(folder, cache=cache)
    before = kept(cache)
    decoded[0].clear()
    change(folder)
    assert len(load_image_folder(folder, cache=cache).data) == len(decoded[0])
    assert_as_in_memory(folder, cache)
    # What it held of that folder is of no more use.
    assert len(kept(cache)) == 1
    assert kept(cache) != before


def test_folders_and_parameters_have_a_file_each(folder, cache, tmp_path, decoded):
    other = tmp_path / "other"
    for name in ("a", "b"):
        (other / name).mkdir(parents=True)
        Image.new("RGB", (4, 6)).save(other / name / "0.png")
    variants = [{}, {"mode": "L"}, {"size": (8, 8)}, {"size": (8, 8), "fill": 0}]
    for repeated in (False, True):
        decoded[0].clear()
        for params in variants:
            load_image_folder(folder, cache=cache, **params)
        load_image_folder(other, cache=cache)
        assert bool(decoded[0]) != repeated
    assert len(kept(cache)) == 5
    for params in variants:
        assert_as_in_memory(folder, cache, **params)


def test_an_interrupted_decoding_leaves_nothing(folder, cache, decoded):
    names, stop = decoded
    stop.append("2.png")
    with pytest.raises(KeyboardInterrupt):
        load_image_folder(folder, cache=cache)
    assert names == ["0.png", "1.png"]
    assert kept(cache) == []
    stop.clear()
    assert_as_in_memory(folder, cache)


KILLED = """
import os, sys
from skfashion.datasets import _decoding, load_image_folder
read = _decoding.read_as
def dying(path, form):
    if path.endswith("b/1.png"):
        os._exit(9)
    return read(path, form)
_decoding.read_as = dying
load_image_folder(sys.argv[1], cache=sys.argv[2])
"""


def test_a_killed_process_leaves_nothing_that_would_be_used(folder, cache, decoded):
    run = subprocess.run([sys.executable, "-c", KILLED, folder, cache], check=False)
    assert run.returncode == 9
    assert [name.endswith(".part") for name in kept(cache)] == [True]
    assert_as_in_memory(folder, cache)
    assert decoded[0] == ["0.png", "1.png", "2.png"] * 4


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: whole[:-20],
        lambda whole: whole[20:],
        lambda whole: whole + whole,
        lambda whole: b"\xff" * len(whole),
        lambda whole: whole.replace(b'"shape": [6', b'"shape": [5'),
        lambda whole: whole.replace(b'"shape"', b'"shade"'),
        lambda whole: whole.replace(b"[6, 6, 4, 3]", b"null        "),
    ],
)
def test_a_damaged_file_of_the_cache_is_made_anew(damage, folder, cache):
    load_image_folder(folder, cache=cache)
    (file,) = cache.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert_as_in_memory(folder, cache)


def test_bad_files_are_warned_of_again_and_refused_when_asked(folder, cache, decoded):
    (folder / "a" / "0.png").write_text("not an image")
    for _ in range(2):
        with pytest.warns(UserWarning, match="1 of 6 files"):
            images = load_image_folder(folder, cache=cache, on_error="skip")
        assert len(images.data) == len(images.target) == 5
        assert [*images.skipped] == [str(folder / "a" / "0.png")]
    assert len(decoded[0]) == 6
    with pytest.raises(DataError, match="on_error='skip'"):
        load_image_folder(folder, cache=cache)
    assert len(kept(cache)) == 1


def test_images_of_other_sizes_leave_nothing(folder, cache):
    Image.new("RGB", (5, 5)).save(folder / "b" / "9.png")
    with pytest.raises(DataError, match="give the size to bring all images to"):
        load_image_folder(folder, cache=cache)
    assert kept(cache) == []


def test_a_cache_that_cannot_be_written_is_one_sentence(folder, cache):
    cache.write_text("a file")
    with pytest.raises(WriteError, match=r"Cannot write .* there is a file where a"):
        load_image_folder(folder, cache=cache)


def test_a_cache_among_the_classes_is_refused(folder):
    for inside in (folder, folder / "cache", folder / "a" / ".." / "cache"):
        with pytest.raises(ParameterError, match="lies in the folder of images"):
            load_image_folder(folder, cache=inside)
    assert not (folder / "cache").exists()


def test_a_link_in_the_cache_is_not_written_through(folder, cache, tmp_path):
    load_image_folder(folder, cache=cache)
    (file,) = cache.iterdir()
    precious = tmp_path / "precious"
    precious.write_bytes(b"precious")
    file.unlink()
    file.symlink_to(precious)
    assert_as_in_memory(folder, cache)
    assert precious.read_bytes() == b"precious"


LOADING = """
import sys
import numpy as np
from skfashion import PixelScaler, load_image_folder
print("ready", flush=True)
sys.stdin.readline()
mapped = load_image_folder(sys.argv[1], cache=sys.argv[2], size=(200, 200))
plain = load_image_folder(sys.argv[1], size=(200, 200))
print((mapped.data == plain.data).all())
"""


def test_several_processes_share_a_cache(folder, cache):
    command = [sys.executable, "-c", LOADING, folder, cache]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    loading = [subprocess.Popen(command, **pipes) for _ in range(2)]
    for process in loading:
        assert process.stdout.readline() == "ready\n"
    with ThreadPoolExecutor(2) as together:
        answers = list(together.map(lambda process: process.communicate("\n"), loading))
    assert [answer for answer, _ in answers] == ["True\n"] * 2
    assert len(kept(cache)) == 1


def test_other_processes_get_the_map_and_not_a_copy(folder, cache):
    data = load_image_folder(folder, cache=cache).data
    (file,) = cache.iterdir()
    told = joblib.Parallel(n_jobs=2)(
        joblib.delayed(lambda there: (there.filename, int(there.sum())))(data)
        for _ in range(2)
    )
    assert told == [(file, int(data.sum()))] * 2


def test_memory_does_not_grow_with_the_folder(folder, cache):
    source = folder / "a" / "0.png"
    for number in range(300):
        os.link(source, folder / "a" / f"{number + 100}.png")
    size = (120, 120)
    n_bytes = 306 * 120 * 120 * 3

    def peak(**params):
        tracemalloc.start()
        images = load_image_folder(folder, size=size, **params)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert images.data.nbytes == n_bytes
        return most

    # The first call imports.
    peak(cache=cache)
    for path in cache.iterdir():
        path.unlink()
    assert peak(cache=cache) < n_bytes / 8
    assert peak(cache=cache) < n_bytes / 8
    assert peak() > n_bytes
