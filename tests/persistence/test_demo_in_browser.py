"""The page of a model in a browser, with the runtime: run by `make site`."""

import base64
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait
from sklearn.pipeline import make_pipeline

from helpers.classifiers import make_cnn, make_mlp
from helpers.web_server import serve
from skfashion import CLASS_NAMES, FashionCNNClassifier, PixelScaler, to_demo_page
from skfashion.persistence._pictures import WAYS
from skfashion.preprocessing import read_image, read_photo

pytestmark = pytest.mark.site

RUNTIME = Path(__file__).parents[2] / ".runtime/node_modules/onnxruntime-web"
HOSTILE = "<b onmouseover=alert(1)>Bag</b> & \"'"
COLOURS = ["red", "green", "blue"]
# Pixels of the picture that the model saw, as the page drew it.
SEEN = """
const canvas = document.getElementById("seen");
const {width, height} = canvas;
const copy = new OffscreenCanvas(width, height);
const context = copy.getContext("2d", {willReadFrequently: true});
context.drawImage(canvas, 0, 0);
const {data} = context.getImageData(0, 0, width, height);
return [height, width, Array.from(data)];
"""
DROP = """
const content = Uint8Array.from(atob("%s"), letter => letter.charCodeAt(0));
const data = new DataTransfer();
data.items.add(new File([content], "photo.png", {type: "image/png"}));
dispatchEvent(new %s("%s", {%s: data, bubbles: true, cancelable: true}));
"""


def fashion_mlp(sample):
    X, y = sample[0].reshape(-1, 28, 28), sample[1]
    return make_pipeline(PixelScaler(), make_mlp(epochs=2)).fit(X[:600], y[:600]), X


def fashion_cnn(sample):
    """The default network, narrow; fitted on floats, of several views."""
    X, y = (sample[0] / 255).astype(np.float32), sample[1]
    clf = FashionCNNClassifier((4, 8), epochs=1, n_views=2, random_state=0)
    return make_pipeline(PixelScaler(), clf).fit(X[:300], y[:300]), X


def coloured_cnn(sample):
    """Images that are not square, each with much of one colour."""
    generator = np.random.default_rng(0)
    X = generator.integers(0, 160, (90, 24, 16, 3), dtype=np.uint8)
    y = np.arange(90) % 3
    X[np.arange(90), :, :, y] += 60
    clf = make_cnn(epochs=3)
    return make_pipeline(PixelScaler(), clf).fit(X, np.array(COLOURS)[y]), X


MODELS = {"mlp": fashion_mlp, "cnn": fashion_cnn, "colour": coloured_cnn}


class Demo:
    """A page in a browser, and the model and the images that it was made of."""

    def __init__(self, window, model, images):
        self.window, self.driver = window, window.driver
        self.model, self.images = model, images
        self.wait("'ready' in document.body.dataset")

    def wait(self, condition):
        waiting = WebDriverWait(self.driver, 60, poll_frequency=0.05)
        waiting.until(lambda driver: driver.execute_script(f"return {condition};"))

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.find(selector).text

    def after(self, action):
        """Do something that asks the model, and wait for the answer."""
        before = self.window.run("return document.body.dataset.answered ?? '';")
        action()
        self.wait(f"(document.body.dataset.answered ?? '') !== '{before}'")

    def probabilities(self):
        """Those of the sorted classes, as they are on the page."""
        rows = self.window.run(
            "return [...document.querySelectorAll('#classes li')].map(item =>"
            "[item.querySelector('.name').textContent,"
            " Number(item.querySelector('data').value)]);"
        )
        assert [p for _, p in rows] == sorted((p for _, p in rows), reverse=True)
        shown = dict(rows)
        return np.array([shown[str(label)] for label in self.model.classes_])

    def seen(self):
        height, width, data = self.window.run(SEEN)
        image = np.array(data, dtype=np.uint8).reshape(height, width, 4)
        assert (image[..., 3] == 255).all()
        return image[..., :3]

    def give(self, path):
        self.after(lambda: self.find("#file").send_keys(str(path)))

    def choose(self, way):
        self.after(lambda: self.find(f"#ways input[value={way}]").click())


@pytest.fixture(scope="module", params=MODELS)
def page(request, sample, tmp_path_factory):
    """The address of a page, its model and its examples."""
    model, X = MODELS[request.param](sample)
    folder = tmp_path_factory.mktemp("page")
    if not RUNTIME.is_dir():
        pytest.fail("the runtime is not there: run `make site`")
    to_demo_page(model, folder, runtime=RUNTIME, images=X[-20:])
    with serve(folder) as address:
        yield address, model, X[-20:]


@pytest.fixture
def demo(page, visit):
    """The page, opened; nothing goes wrong on it, and it asks no other host."""
    address, model, images = page
    window = visit(address)
    yield Demo(window, model, images)
    assert window.console() == []
    asked = [urlsplit(url) for url in window.requests()]
    assert any(url.path.endswith(".wasm") for url in asked)
    hosts = {url.netloc for url in asked if url.scheme not in ("data", "blob")}
    assert hosts == {urlsplit(address).netloc}


@pytest.fixture
def photo(sample, tmp_path):
    """A photograph of clothing on a light ground: in colour, not square."""
    shown = Image.fromarray(255 - sample[0][7].reshape(28, 28))
    light = np.asarray(shown.resize((420, 420), Image.Resampling.BICUBIC)) / 255
    pixels = np.full((700, 500, 3), (250, 246, 235), dtype=float)
    pixels[200:620, 40:460] *= light[..., np.newaxis]
    # A little darker to the right, as in a room.
    pixels *= np.linspace(1, 0.93, 500)[:, np.newaxis]
    path = tmp_path / "photo.png"
    Image.fromarray(np.rint(pixels).astype(np.uint8)).save(path)
    return path


def saw(demo, wanted):
    """See that the model saw an image, or one a level beside, and what it said."""
    shape = demo.model[-1].image_shape_
    seen = demo.seen()[..., : shape[2]]
    wanted = wanted.reshape(shape)
    assert np.abs(seen.astype(int) - wanted).max() <= 2
    assert (seen == wanted).mean() > 0.8
    rows = demo.model[0].inverse_transform(seen.reshape(1, -1) / np.float32(255))
    expected = demo.model.predict_proba(rows)[0]
    np.testing.assert_allclose(demo.probabilities(), expected, rtol=0, atol=1e-4)


def test_probabilities_of_examples_are_those_of_python(demo):
    wanted = demo.model.predict_proba(demo.images)
    buttons = demo.driver.find_elements(By.CSS_SELECTOR, "#examples button")
    assert len(buttons) == len(wanted) == 20
    given = [demo.probabilities()]
    for button in buttons[1:]:
        demo.after(button.click)
        assert button.get_attribute("aria-pressed") == "true"
        given.append(demo.probabilities())
    np.testing.assert_allclose(given, wanted, rtol=0, atol=1e-4)
    best = str(demo.model.predict(demo.images[-1:])[0])
    assert demo.text("#answer") == f"{best} {wanted[-1].max():.1%}"
    assert "The model took" in demo.text("#time")
    assert not demo.find("#slow").is_displayed()
    assert "pixel by pixel" in demo.text("#note")


def test_photographs_are_prepared_as_by_python(demo, photo):
    height, width, channels = demo.model[-1].image_shape_
    demo.give(photo)
    if channels == 1:
        saw(demo, read_photo(photo))
        assert "prepared as Fashion-MNIST's images were" in demo.text("#note")
    options = {"size": (height, width), "mode": "L" if channels == 1 else "RGB"}
    # One is chosen already, in which nothing changes.
    for way in ("stretch", "crop", "pad"):
        demo.choose(way)
        saw(demo, read_image(photo, resize=way, **options))
        assert demo.text("#note") == f"It was {WAYS[way]}."
    assert demo.find("#original img").is_displayed()


@pytest.mark.parametrize("page", ["mlp"], indirect=True)
class TestOnePage:
    def test_other_photographs(self, demo, sample, tmp_path):
        generator = np.random.default_rng(0)
        shown = 255 - sample[0][3].reshape(28, 28)
        tall = np.pad(shown, ((2, 3), (9, 9)), constant_values=255)
        alpha = np.where(tall == 255, 0, 255).astype(np.uint8)
        noisy = np.repeat(np.repeat(shown.clip(20, 235), 9, 0), 9, 1).astype(int)
        noisy = np.pad(noisy, 31, constant_values=230)
        noisy += generator.integers(-4, 5, noisy.shape)
        photos = {
            "prepared": sample[0][4].reshape(28, 28),
            "tall": tall,
            "transparent": np.dstack([tall, tall, tall, alpha]),
            "noisy": noisy.astype(np.uint8),
            "dark": 255 - np.repeat(np.repeat(tall, 7, 0), 5, 1),
        }
        for name, pixels in photos.items():
            path = tmp_path / f"{name}.png"
            Image.fromarray(pixels).save(path)
            demo.give(path)
            saw(demo, read_photo(path))

    def test_turned_by_its_camera(self, demo, photo, tmp_path):
        path = tmp_path / "turned.jpg"
        exif = Image.Exif()
        exif[274] = 6
        Image.open(photo).save(path, quality=95, exif=exif)
        demo.give(path)
        # JPEG is decoded by other code, whose rounding differs.
        difference = demo.seen()[..., 0].astype(int) - read_photo(path)
        assert np.abs(difference).max() <= 12

    @pytest.mark.parametrize(
        ("event", "kind", "holder"),
        [
            ("DragEvent", "drop", "dataTransfer"),
            ("ClipboardEvent", "paste", "clipboardData"),
        ],
    )
    def test_dropped_or_pasted(self, event, kind, holder, demo, photo):
        content = base64.b64encode(photo.read_bytes()).decode()
        demo.after(lambda: demo.window.run(DROP % (content, event, kind, holder)))
        saw(demo, read_photo(photo))

    def test_what_is_no_picture(self, demo, photo, tmp_path):
        bad = tmp_path / "a.png"
        bad.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
        blank = tmp_path / "blank.png"
        Image.new("RGB", (300, 200), "white").save(blank)
        for path, said in ((bad, "cannot read that file"), (blank, "Nothing in that")):
            demo.find("#file").send_keys(str(path))
            demo.wait(
                f"document.getElementById('problem').textContent.includes('{said}')"
            )
            assert demo.find("#problem").is_displayed()
            assert not demo.find("#result").is_displayed()
        demo.choose("pad")
        saw(demo, np.full((28, 28), 255))
        assert not demo.find("#problem").is_displayed()
        demo.give(photo)
        assert demo.find("#result").is_displayed()

    def test_by_keyboard_alone(self, demo):
        ActionChains(demo.driver).send_keys(Keys.TAB).perform()
        reached = []
        for _ in range(5):
            active = demo.driver.switch_to.active_element
            reached.append(active.get_attribute("id") or active.tag_name)
            outline = demo.window.run(
                "const shown = document.activeElement.closest('#drop') ??"
                " document.activeElement; return getComputedStyle(shown).outlineStyle;"
            )
            assert outline == "solid"
            press = ActionChains(demo.driver)
            if reached.count("button") == 3:
                demo.after(press.send_keys(Keys.ENTER).perform)
            else:
                press.send_keys(Keys.TAB).perform()
        assert reached == ["file", "input", "button", "button", "button"]
        wanted = demo.model.predict_proba(demo.images[2:3])[0]
        np.testing.assert_allclose(demo.probabilities(), wanted, rtol=0, atol=1e-4)

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [320, 360, 800, 1280])
    def test_it_fits_the_screen(self, demo, photo, width, scheme):
        demo.window.resize(width)
        demo.window.prefer(scheme)
        demo.give(photo)
        assert demo.window.overflow() == 0
        assert [size for size, _ in demo.window.images()] == [500]


def test_names_and_labels_are_text(sample, visit, tmp_path):
    model, X = fashion_mlp(sample)
    names = [HOSTILE, "x" * 90, *CLASS_NAMES[2:]]
    to_demo_page(
        model,
        tmp_path,
        runtime=RUNTIME,
        images=X[:3],
        labels=[HOSTILE, "0", "1"],
        class_names=names,
        title=HOSTILE,
    )
    with serve(tmp_path) as address:
        window = visit(address, width=360)
        demo = Demo(window, model, X[:3])
        shown = demo.driver.find_elements(By.CSS_SELECTOR, ".name")
        assert {element.text for element in shown} == set(names)
        assert demo.text("h1") == demo.driver.title == HOSTILE
        assert demo.text("#examples button") == HOSTILE
        assert HOSTILE in demo.text("#note")
        assert demo.driver.find_elements(By.CSS_SELECTOR, "b") == []
        assert window.overflow() == 0
        assert window.console() == []


@pytest.mark.parametrize(
    ("lost", "told", "said"),
    [
        ("model.onnx", "problem", "model.onnx: 404"),
        ("runtime/ort.wasm.bundle.min.mjs", "slow", "If nothing comes, this browser"),
    ],
)
def test_a_folder_that_lost_a_file(lost, told, said, sample, visit, tmp_path):
    model, _ = fashion_mlp(sample)
    page = to_demo_page(model, tmp_path, runtime=RUNTIME)
    (page.parent / lost).unlink()
    with serve(tmp_path) as address:
        element = visit(address).driver.find_element(By.ID, told)
        WebDriverWait(element.parent, 60).until(lambda _: said in element.text)
