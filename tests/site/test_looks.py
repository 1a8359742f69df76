"""Every page of the site in a browser: wide and narrow, light and dark."""

import time

import pytest

from helpers.browser import Window

pytestmark = pytest.mark.site

LOOKS = [(w, s) for w in (1280, 390) for s in ("light", "dark")]


@pytest.fixture(scope="module")
def window(driver, address):
    window = Window(driver)
    driver.get(address)
    return window


def visit(window, url, width=1280, scheme="light"):
    window.driver.get_log("browser")
    window.resize(width)
    window.prefer(scheme)
    window.driver.get(url)


def test_pages_are_sound_in_every_look(window, address, pages):
    problems = {}
    for page in pages:
        found = []
        visit(window, address + page)
        for width, scheme in LOOKS:
            window.resize(width)
            window.prefer(scheme)
            look = f"{width} {scheme}"
            images = window.images()
            found += [(look, src) for natural, src in images if not natural]
            if window.overflow() > 0:
                found.append((look, f"{window.overflow()} pixels too wide"))
        asked = window.run(
            "return performance.getEntriesByType('resource').map(one => one.name)"
        )
        found += [url for url in asked if not url.startswith((address, "data:"))]
        # What the theme tells of itself is of no level that counts.
        told = window.driver.get_log("browser")
        found += [one["message"] for one in told if one["level"] != "INFO"]
        if found:
            problems[page] = found
    assert not problems, "\n".join(f"{page}: {problems[page]}" for page in problems)


def test_colours_follow_the_reader(window, address):
    seen = []
    for scheme in ("light", "dark"):
        visit(window, address + "index.html", scheme=scheme)
        seen.append(
            window.run("return getComputedStyle(document.body).backgroundColor")
        )
    assert seen == ["rgb(255, 255, 255)", "rgb(21, 24, 29)"]


def test_what_is_searched_for_is_found(window, address):
    visit(window, address + "search.html?q=PixelScaler")
    deadline = time.monotonic() + 30
    while not (
        found := window.run(
            "return [...document.querySelectorAll('#search-results li a')]"
            ".map(one => one.getAttribute('href'))"
        )
    ):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert any("skfashion.preprocessing.PixelScaler.html" in one for one in found)
