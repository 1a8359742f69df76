"""The built site, served as it will be: `make docs` builds it."""

from pathlib import Path

import pytest

from helpers.web_server import serve

HTML = Path(__file__).parent.parent.parent / "docs" / "_build" / "html"


@pytest.fixture(scope="session")
def html():
    """The folder of the built site."""
    assert (HTML / "index.html").exists(), "Build the site first: make docs."
    return HTML


@pytest.fixture(scope="session")
def pages(html):
    """Where the pages of the site are, in its folder; the theme's parts are none."""
    found = (path.relative_to(html) for path in html.rglob("*.html"))
    return sorted(path.as_posix() for path in found if path.parts[0] != "_static")


@pytest.fixture(scope="session")
def address(html):
    """Where it is served."""
    with serve(html) as address:
        yield address
