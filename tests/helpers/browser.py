"""A headless browser to look at pages with."""

import base64
import json
import shutil
from pathlib import Path

import pytest

SETTINGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


class Window:
    """A page as someone sees it, on a screen of a width and in a colour scheme."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, path, *, width=1280, scheme="light"):
        return self.visit(Path(path).resolve().as_uri(), width=width, scheme=scheme)

    def visit(self, url, *, width=1280, scheme="light"):
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.resize(width)
        self.prefer(scheme)
        self.driver.get(url)
        return self

    def resize(self, width, height=900):
        """Make it so wide, as a phone if it is as narrow as one."""
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {
                "width": width,
                "height": height,
                "deviceScaleFactor": 2 if width < 600 else 1,
                "mobile": width < 600,
            },
        )

    def prefer(self, scheme, media=""):
        """Ask for light or dark colours, and for "print" instead of the screen."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"media": media, "features": [feature]}
        )

    def run(self, script):
        """Return what a piece of JavaScript returns; it may use ``await``."""
        return self.driver.execute_script(f"return (async () => {{ {script} }})();")

    def console(self):
        """Return what the browser had to say since the page was opened."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self):
        """Return the addresses that were asked for since the last call or visit."""
        entries = self.driver.get_log("performance")
        messages = [json.loads(entry["message"])["message"] for entry in entries]
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    def images(self):
        """Return the images' natural widths and sources, once all are loaded.

        The width is 0 where there is nothing to show. A change of colours reaches the
        images with the next frame only, and leaves them incomplete for a while.
        """
        return self.run(
            "const frame = () => new Promise(requestAnimationFrame);"
            "const images = [...document.images];"
            "await frame();"
            "do await frame(); while (!images.every(image => image.complete));"
            "return images.map(image => [image.naturalWidth, image.currentSrc]);"
        )

    def overflow(self):
        """Return by how many pixels the page is wider than the screen."""
        return self.run(
            "const {scrollWidth, clientWidth} = document.documentElement;"
            "return scrollWidth - clientWidth;"
        )

    def screenshot(self, path):
        """Write a picture of the whole page."""
        png = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"captureBeyondViewport": True}
        )
        Path(path).write_bytes(base64.b64decode(png["data"]))


@pytest.fixture(scope="session")
def driver(tmp_path_factory):
    """One chromium for all tests, as it takes a second or two to start."""
    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not chromedriver:
        pytest.skip("chromium is not installed")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for setting in SETTINGS:
        options.add_argument(setting)
    options.add_argument(f"--user-data-dir={tmp_path_factory.mktemp('chromium')}")
    options.set_capability(
        "goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"}
    )
    service = webdriver.ChromeService(executable_path=chromedriver)
    started = webdriver.Chrome(options=options, service=service)
    started.set_page_load_timeout(60)
    yield started
    started.quit()


@pytest.fixture
def visit(driver):
    """Open an address: ``visit(url, width=360, scheme="dark")``."""
    return Window(driver).visit


@pytest.fixture
def open_page(driver):
    """Open a file: ``open_page(path, width=360, scheme="dark")``."""
    return Window(driver).open
