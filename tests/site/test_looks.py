"""Every page of the site in a browser: wide and narrow, light and dark."""

import time

import pytest

pytestmark = pytest.mark.site

LOOKS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]


def test_pages_are_sound_in_every_look(visit, address, pages):
    problems = {}
    for page in pages:
        found = []
        window = visit(address + page)
        for width, scheme in LOOKS:
            window.resize(width)
            window.prefer(scheme)
            look = f"{width} {scheme}"
            images = window.images()
            found += [(look, src) for natural, src in images if not natural]
            if window.overflow() > 0:
                found.append((look, f"{window.overflow()} pixels too wide"))
        # Others than http are the browser's own, and what a page has within itself.
        asked = [url for url in window.requests() if url.startswith("http")]
        found += [url for url in asked if not url.startswith(address)]
        # What the theme tells of itself is of no level that counts.
        told = window.driver.get_log("browser")
        found += [one["message"] for one in told if one["level"] != "INFO"]
        if found:
            problems[page] = found
    assert not problems, "\n".join(f"{page}: {problems[page]}" for page in problems)


def test_colours_follow_the_reader(visit, address):
    seen = []
    for scheme in ("light", "dark"):
        window = visit(address + "index.html", scheme=scheme)
        seen.append(
            window.run("return getComputedStyle(document.body).backgroundColor")
        )
    assert seen == ["rgb(255, 255, 255)", "rgb(21, 24, 29)"]


def test_what_is_searched_for_is_found(visit, address):
    window = visit(address + "search.html?q=PixelScaler")
    found, deadline = [], time.monotonic() + 30
    while not found:
        assert time.monotonic() < deadline
        time.sleep(0.1)
        found = window.run(
            "return [...document.querySelectorAll('#search-results li a')]"
            ".map(one => one.getAttribute('href'))"
        )
    assert any("skfashion.preprocessing.PixelScaler.html" in one for one in found)
