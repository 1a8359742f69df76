"""Where the pages of the site lead: to pages and places that are there."""

import posixpath
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

import skfashion
from skfashion._utils.documentation import SITE
from skfashion.inspection import Embedding

pytestmark = pytest.mark.site

# What a browser fetches by itself; to the others, a reader goes.
FETCHED = {("img", "src"), ("script", "src"), ("link", "href"), ("source", "src")}


class Page(HTMLParser):
    """The places of a page, where it leads to, and what it has fetched."""

    def __init__(self, text):
        super().__init__()
        self.places, self.leads, self.fetches = {"", "top"}, set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.places |= {named.get("id"), named.get("name")}
        for name in ("href", "src", "srcset"):
            # Relations of a page, such as its address, are told and not fetched.
            told = tag == "link" and named.get("rel") in ("canonical", "author")
            if named.get(name) and not told:
                first = named[name].split(" ")[0].rstrip(",")
                self.leads.add(first)
                if (tag, name) in FETCHED:
                    self.fetches.add(first)


@pytest.fixture(scope="module")
def read(html, pages):
    """The pages by where they are, each read."""
    return {name: Page((html / name).read_text()) for name in pages}


def is_outside(target):
    return bool(urlsplit(target).scheme) or target.startswith("//")


def test_links_lead_to_what_is_there(html, read):
    lost = []
    for name, page in read.items():
        for target in filter(lambda target: not is_outside(target), page.leads):
            path, place = urldefrag(target)
            path = unquote(urlsplit(path).path)
            where = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            where = where if path else name
            where = f"{where}/index.html" if (html / where).is_dir() else where
            there = (html / where).is_file()
            known = read[where].places if where in read else {place}
            if not there or unquote(place) not in known | {""}:
                lost.append((name, target))
    assert not lost, "\n".join(" -> ".join(pair) for pair in lost)


def test_nothing_is_fetched_from_elsewhere(html, read):
    asked = {(name, one) for name, page in read.items() for one in page.fetches}
    asked = {pair for pair in asked if not pair[1].startswith("data:")}
    outside = {pair for pair in asked if is_outside(pair[1])}
    assert {pair for pair in outside if not pair[1].startswith("data:")} == set()
    for style in html.rglob("*.css"):
        named = re.findall(r"url\(\s*[\"']?([^\"')]+)", style.read_text())
        named += re.findall(r"@import\s+[\"']([^\"']+)", style.read_text())
        outside = [one for one in named if is_outside(one)]
        assert [one for one in outside if not one.startswith("data:")] == [], style


def test_every_public_name_has_a_page(html):
    folders = (getattr(skfashion, name) for name in skfashion.__all__)
    for folder in [value for value in folders if hasattr(value, "__all__")]:
        for name in folder.__all__:
            page = html / "api" / "generated" / f"{folder.__name__}.{name}.html"
            assert f"{folder.__name__}.{name}" in page.read_text()


def test_the_html_of_estimators_leads_to_pages_that_are_there(html):
    mlp = skfashion.FashionMLPClassifier()
    cnn = skfashion.FashionCNNClassifier()
    for made in (mlp, cnn, skfashion.PixelScaler(), Embedding(mlp)):
        page = html / made._get_doc_link().removeprefix(SITE)
        assert type(made).__name__ in page.read_text()
