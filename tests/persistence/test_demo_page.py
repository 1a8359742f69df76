"""The folder of a page that runs a model; test_demo_in_browser.py looks at it."""

import base64
import json
import re

import numpy as np
import onnxruntime
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import skfashion
from helpers.classifiers import make_cnn, make_mlp
from skfashion import CLASS_NAMES, PixelScaler, to_demo_page
from skfashion._utils import folders
from skfashion.exceptions import (
    DataError,
    ParameterError,
    UnscaledPixelsWarning,
    WriteError,
)

RUNTIME = {"ort.wasm.bundle.min.mjs": b"glue", "ort-wasm-simd-threaded.wasm": b"code"}
# Scales that images come on, from bytes; then the type, black and white of the page.
SCALES = {
    "bytes": (lambda X: X, "uint8", 0, 255),
    "uint16": (lambda X: X.astype(np.uint16) * 257, "float32", 0, 65535),
    "integers": (lambda X: X.astype(int), "float32", 0, 255),
    "floats to 1": (lambda X: X / 255, "float32", 0, 1),
    "floats around 0": (lambda X: X / 127.5 - 1, "float32", -1, 1),
}


@pytest.fixture(scope="module")
def runtime(tmp_path_factory):
    """A package of which only the files' names are those of the runtime."""
    package = tmp_path_factory.mktemp("onnxruntime-web")
    (package / "dist").mkdir()
    for name, content in {**RUNTIME, "ort.all.js": b"more"}.items():
        (package / "dist" / name).write_bytes(content)
    return package


@pytest.fixture(scope="module")
def pipe(sample):
    X, y = sample[0][:300].reshape(-1, 28, 28), sample[1][:300]
    return make_pipeline(PixelScaler(), make_mlp(epochs=1)).fit(X, y)


def about(page):
    return json.loads((page.parent / "page.json").read_bytes())


def tree(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def model_says(page):
    """What the file beside the page gives for the page's examples."""
    told = about(page)
    dtype = told["pixels"]["dtype"]
    rows = [base64.b64decode(example["pixels"]) for example in told["examples"]]
    images = np.array([np.frombuffer(row, dtype) for row in rows])
    images = images.reshape(-1, *told["pixels"]["shape"])
    session = onnxruntime.InferenceSession(page.parent / "model.onnx")
    return session.run(["probabilities"], {"pixels": images})[0]


def test_the_folder_holds_all_that_the_page_asks_for(pipe, runtime, tmp_path):
    page = to_demo_page(pipe, tmp_path / "a" / "page", runtime=runtime)
    assert page == tmp_path / "a" / "page" / "index.html"
    files = tree(page.parent)
    assert about(page)["files"] == sorted(files)
    for name, content in RUNTIME.items():
        assert files[f"runtime/{name}"] == content
    assert "runtime/ort.all.js" not in files
    text = files["index.html"].decode()
    for name in re.findall(r'(?:src|href)="([^":]+)"', text):
        assert name in files
    for name, content in files.items():
        if name.endswith(".js"):
            for asked in re.findall(r'from "\./([^"]+)"', content.decode()):
                assert asked in files
    assert list((tmp_path / "a").iterdir()) == [page.parent]
    inside = to_demo_page(pipe, tmp_path / "b", runtime=runtime / "dist")
    assert tree(inside.parent) == files


def test_nothing_but_the_pages_own_files_may_be_asked_for(pipe, runtime, tmp_path):
    page = to_demo_page(pipe, tmp_path / "page", runtime=runtime)
    text = page.read_text()
    policy = re.search(r'Security-Policy" content="([^"]+)"', text)[1]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["connect-src"] == rules["style-src"] == "'self'"
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert rules["img-src"] == "data: blob:"
    assert not re.search(r"<style|style=|<script>|\son\w+=", text)


@pytest.mark.parametrize("scale", SCALES)
def test_examples_go_along_as_they_are(scale, sample, runtime, tmp_path):
    change, dtype, black, white = SCALES[scale]
    X, y = change(sample[0][:300]), sample[1][:300]
    pipe = make_pipeline(PixelScaler(), make_mlp(epochs=1, image_shape=(28, 28)))
    pipe.fit(X, y)
    page = to_demo_page(pipe, tmp_path / "page", runtime=runtime, images=X[:20])
    pixels = {"shape": [28, 28, 1], "dtype": dtype, "black": black, "white": white}
    assert about(page)["pixels"] == pixels
    wanted = pipe.predict_proba(X[:20])
    np.testing.assert_allclose(model_says(page), wanted, rtol=0, atol=1e-5)


def test_images_in_colour(runtime, tmp_path):
    X = np.random.default_rng(0).integers(0, 256, (30, 12, 8, 3), dtype=np.uint8)
    clf = make_cnn(epochs=1, rescale=1 / 255).fit(X, np.arange(30) % 3)
    page = to_demo_page(clf, tmp_path / "page", runtime=runtime, images=X[:3])
    told = about(page)
    pixels = {"shape": [12, 8, 3], "dtype": "uint8", "black": 0, "white": 255}
    assert told["pixels"] == pixels
    assert told["prepare"] == "pad"
    assert list(told["ways"]) == ["pad", "crop", "stretch"]
    assert told["classes"] == ["0", "1", "2"]
    assert [example["label"] for example in told["examples"]] == [None] * 3
    wanted = clf.predict_proba(X[:3])
    np.testing.assert_allclose(model_says(page), wanted, rtol=0, atol=1e-5)


def test_scaled_pixels_without_a_scaler(train, runtime, tmp_path):
    clf = make_mlp(epochs=1).fit(*train)
    page = to_demo_page(clf, tmp_path / "page", runtime=runtime)
    pixels = {"shape": [28, 28, 1], "dtype": "float32", "black": 0, "white": 1}
    assert about(page)["pixels"] == pixels


def test_names_of_the_classes_and_labels_of_the_examples(pipe, runtime, tmp_path):
    X, y = skfashion.load_fashion_sample(return_X_y=True)
    options = {"runtime": runtime, "images": X[:5], "labels": y[:5]}
    plain = about(to_demo_page(pipe, tmp_path / "page", **options))
    assert plain["classes"] == [str(number) for number in range(10)]
    assert [example["label"] for example in plain["examples"]] == [*map(str, y[:5])]
    assert plain["prepare"] == "photo"
    page = to_demo_page(pipe, tmp_path / "page", class_names=CLASS_NAMES, **options)
    named = about(page)
    wanted = [CLASS_NAMES[number] for number in y[:5]]
    assert [example["label"] for example in named["examples"]] == wanted
    assert named["classes"] == list(CLASS_NAMES)
    assert named["prepare"] == "photo"
    digits = [f"digit {number}" for number in range(10)]
    options |= {"labels": ["a coat", "my shoe", "3", "4", "5"], "class_names": digits}
    other = about(to_demo_page(pipe, tmp_path / "page", **options))
    assert other["examples"][1]["label"] == "my shoe"
    assert other["prepare"] == "pad"
    stretched = to_demo_page(pipe, tmp_path / "page", prepare="stretch", **options)
    assert about(stretched)["prepare"] == "stretch"


def test_names_that_the_model_has(sample, runtime, tmp_path):
    X, y = sample[0][:300], np.array(CLASS_NAMES)[sample[1][:300]]
    clf = make_mlp(epochs=1, rescale=1 / 255).fit(X, y)
    told = about(to_demo_page(clf, tmp_path / "page", runtime=runtime))
    assert told["classes"] == sorted(CLASS_NAMES)
    clf = make_mlp(epochs=1, rescale=1 / 255).fit(X, sample[1][:300])
    skfashion.save(clf, tmp_path / "m.skfashion", class_names=CLASS_NAMES)
    loaded = skfashion.load(tmp_path / "m.skfashion")
    told = about(to_demo_page(loaded, tmp_path / "page", runtime=runtime))
    assert told["classes"] == list(CLASS_NAMES)


def test_a_title_and_a_description_are_text(pipe, runtime, tmp_path):
    title = '<img src=x onerror=alert(1)> & "$version" \'\x1b[2J'
    options = {"title": title, "description": title}
    page = to_demo_page(pipe, tmp_path / "page", runtime=runtime, **options)
    text = page.read_text()
    shown = (
        "&lt;img src=x onerror=alert(1)&gt; &amp; &quot;$version&quot; &#x27;\\x1b[2J"
    )
    # Of the window, above the page, and below that.
    assert text.count(shown) == 3
    assert "<img src=x" not in text


def test_control_characters_in_names_are_escaped(pipe, runtime, tmp_path):
    names = ["\u202eback", "\x1b", *"abcdefgh"]
    page = to_demo_page(pipe, tmp_path / "page", runtime=runtime, class_names=names)
    assert about(page)["classes"][:2] == ["\\u202eback", "\\x1b"]


def test_a_page_is_replaced_by_another(pipe, runtime, tmp_path):
    folder = tmp_path / "page"
    folder.mkdir()
    page = to_demo_page(pipe, folder, runtime=runtime, title="First")
    before = tree(folder)
    to_demo_page(pipe, folder, runtime=runtime, title="Second")
    assert "Second" in page.read_text()
    assert [*tree(folder)] == [*before]
    link = tmp_path / "link"
    link.symlink_to(folder)
    to_demo_page(pipe, link, runtime=runtime, title="Third")
    assert link.is_symlink()
    assert "Third" in page.read_text()
    assert {path.name for path in tmp_path.iterdir()} == {"page", "link"}


@pytest.mark.parametrize("name", ["notes.txt", "runtime/notes.txt", "page.json"])
def test_what_somebody_else_wrote_stays(name, pipe, runtime, tmp_path):
    folder = tmp_path / "page"
    if name != "page.json":
        to_demo_page(pipe, folder, runtime=runtime)
    folder.mkdir(exist_ok=True)
    (folder / name).write_text('{"files": ["page.json"]}')
    before = tree(folder)
    with pytest.raises(ParameterError, match="holds other files; it must be a new or"):
        to_demo_page(pipe, folder, runtime=runtime)
    assert tree(folder) == before


def test_a_page_is_written_whole_or_not_at_all(pipe, runtime, tmp_path, monkeypatch):
    folder = tmp_path / "page"
    to_demo_page(pipe, folder, runtime=runtime, title="First")
    before, written = tree(folder), []

    def write(path, content):
        if len(written) == 4:
            raise KeyboardInterrupt
        written.append(path)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)

    monkeypatch.setattr(folders, "write_whole", write)
    with pytest.raises(KeyboardInterrupt):
        to_demo_page(pipe, folder, runtime=runtime, title="Second")
    assert len(written) == 4
    assert tree(folder) == before
    assert list(tmp_path.iterdir()) == [folder]


def test_the_old_page_comes_back_where_the_new_cannot_take_its_place(
    pipe, runtime, tmp_path, monkeypatch
):
    folder = tmp_path / "page"
    to_demo_page(pipe, folder, runtime=runtime, title="First")
    before, rename = tree(folder), type(folder).rename

    def refuse(path, target):
        if path.name.endswith(".part"):
            raise OSError(5, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr(type(folder), "rename", refuse)
    with pytest.raises(WriteError, match=r"page: Input/output error\.$"):
        to_demo_page(pipe, folder, runtime=runtime, title="Second")
    assert tree(folder) == before
    assert list(tmp_path.iterdir()) == [folder]


def test_a_folder_that_cannot_be_made(pipe, runtime, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match="there is a file of that name"):
        to_demo_page(pipe, tmp_path / "file", runtime=runtime)
    with pytest.raises(WriteError, match="Cannot write"):
        to_demo_page(pipe, tmp_path / "file" / "page", runtime=runtime)
    with pytest.raises(WriteError, match="Cannot write"):
        to_demo_page(pipe, "a\0b", runtime=runtime)


def test_a_runtime_that_is_none(pipe, tmp_path):
    wanted = "lacks ort.wasm.bundle.min.mjs or .*run `npm install onnxruntime-web` and"
    for runtime in (tmp_path, tmp_path / "nothing", None, "a\0b"):
        with pytest.raises(ParameterError, match=wanted):
            to_demo_page(pipe, tmp_path / "page", runtime=runtime)
    assert not (tmp_path / "page").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"title": " "}, "title=' ' must be a text"),
        ({"description": 3}, "description=3 must be a text"),
        ({"prepare": "fit"}, "prepare='fit' must be one of 'photo', 'pad', 'crop'"),
        ({"prepare": ["pad"]}, "prepare=.*must be one of"),
        ({"class_names": ["a"]}, "class_names=.*must be 10 different texts"),
        ({"labels": [1]}, "labels are given without images"),
        ({"images": np.zeros((21, 784), np.uint8)}, "holds 21 images.*images.:20."),
        ({"images": np.zeros((0, 784), np.uint8)}, "holds 0 images"),
        ({"images": 3}, "images=3 must be"),
        ({"images": np.zeros((2, 783), np.uint8)}, "783"),
        ({"images": np.full((2, 784), 0.5) + 99}, "type float64, but .* takes uint8"),
        ({"images": np.zeros((2, 784), np.uint8), "labels": [1]}, "labels has shape"),
    ],
)
def test_what_is_refused(options, said, pipe, runtime, tmp_path):
    with pytest.raises(ValueError, match=said):
        to_demo_page(pipe, tmp_path / "page", runtime=runtime, **options)
    assert not (tmp_path / "page").exists()


def test_models_that_take_no_pictures(train, sample, runtime, tmp_path):
    X, y = train[0][:100], train[1][:100]

    def refused(model, error, said):
        with pytest.raises(error, match=said):
            to_demo_page(model, tmp_path / "page", runtime=runtime)

    refused(make_mlp(), NotFittedError, "not fitted")
    refused(make_pipeline(PixelScaler(), make_mlp()), NotFittedError, "not fitted")
    refused("model", ParameterError, "must be a fitted classifier")
    other = make_pipeline(StandardScaler(), make_mlp(epochs=1)).fit(X, y)
    refused(other, ParameterError, "'standardscaler'.*that to_demo_page writes: only")
    rows = make_mlp(epochs=1).fit(X[:, :77], y)
    refused(rows, DataError, "takes rows of 77 pixels and does not say")
    four = make_mlp(epochs=1).fit(X.reshape(-1, 14, 14, 4), y)
    refused(four, DataError, "images of 4 channels")
    with pytest.warns(UnscaledPixelsWarning):
        unscaled = make_mlp(epochs=1).fit(sample[0][:100], sample[1][:100])
    refused(unscaled, DataError, "put a PixelScaler before it")
    colour = make_mlp(epochs=1, image_shape=(7, 8, 3)).fit(X[:, :168], y)
    with pytest.raises(ParameterError, match=r"of shape \(7, 8, 3\)"):
        to_demo_page(colour, tmp_path / "page", runtime=runtime, prepare="photo")


def test_opened_as_a_file_it_says_how_to_serve_it(pipe, runtime, tmp_path, open_page):
    page = to_demo_page(pipe, tmp_path / "page", runtime=runtime)
    window = open_page(page, width=360)
    told = window.driver.find_element("id", "problem")
    assert told.is_displayed()
    assert "python -m http.server" in told.text
    assert not window.driver.find_element("id", "drop").is_displayed()
    assert window.overflow() == 0
