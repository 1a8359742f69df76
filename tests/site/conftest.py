"""The built site, served as it will be: `make docs` builds it."""

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

HTML = Path(__file__).parent.parent.parent / "docs" / "_build" / "html"


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


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
    handler = functools.partial(Silent, directory=html)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()
