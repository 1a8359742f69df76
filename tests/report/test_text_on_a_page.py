"""What a page makes of text from outside, read back as a browser reads it."""

from datetime import date
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skfashion._utils.text import printable
from skfashion.report import Page, Preformatted, Section, Table, render, write

TEXT = st.text(st.characters(exclude_categories=())) | st.text(
    st.sampled_from("ab<>&\"'{}%# \x00\x1b\x7f\x9b\r\n\t\u202e\u2066\ufffe\udcff")
)
# Where a page has text, and where its attributes have.
PLACES = {"title", "h1", "p", "dt", "dd", "h2", "a", "h3", "caption", "th", "td", "pre"}
HTML_TEXT = "\n\t"


class Reader(HTMLParser):
    """Keeps the text within each kind of element, and every label."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.found = {}

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.found.setdefault(tag, []).append("")
        label = dict(attrs).get("aria-label")
        if label is not None:
            self.found.setdefault("aria-label", []).append(label)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if self.open:
            self.found[self.open[-1]][-1] += data


def page_of(text):
    frame = pd.DataFrame({text: [text]}, index=pd.Index([text], name="index"))
    parts = [Table(text, frame, {}, text), Preformatted(text, text)]
    sections = [Section(text, [text], parts), Section(text)]
    return Page(text, [text], [(text, text)], sections, text, date(2026, 1, 5))


@settings(max_examples=500)
@given(TEXT)
@example("</title><script>alert(1)</script>")
@example('" onload="alert(1)')
@example("{{ 7 * 7 }}{% raw %}")
@example("a\udcff\x00\x1b[2J\u202e")
def test_text_is_read_back_as_it_was(text):
    reader = Reader()
    reader.feed(render(page_of(text)))
    reader.close()
    assert "script" not in reader.found
    shown = printable(text, keep="\n\t")
    for place in (*PLACES, "aria-label"):
        texts = reader.found[place]
        assert shown in texts, (place, texts)
        for letter in "".join(texts):
            assert letter.isprintable() or letter in "\n\t"


@pytest.mark.parametrize("text", ["a\udcff", "\x00", "\x1b[2J", "\u202e"])
def test_any_text_can_be_written(text, tmp_path):
    written = write(page_of(text), tmp_path / "page.html").read_text("utf-8")
    assert printable(text) in written
    assert text not in written
