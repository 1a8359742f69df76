import base64
import io
import os
import re
import sys
from datetime import date

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from skfashion.exceptions import MissingExtraError, ParameterError, WriteError
from skfashion.report import (
    Drawing,
    Page,
    Preformatted,
    Section,
    Table,
    render,
    require,
    write,
)

DAY = date(2026, 1, 5)
PICTURE = re.compile(r'(srcset|src)="data:image/png;base64,([^"]+)"')
# Text and backgrounds of all that is seen, as the browser computed them.
COLORS = """
const backgroundOf = element => {
  for (; element; element = element.parentElement) {
    const color = getComputedStyle(element).backgroundColor;
    if (color !== "rgba(0, 0, 0, 0)") return color;
  }
};
const withText = [...document.body.querySelectorAll("*")].filter(element =>
  [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
return withText.map(element =>
  [element.tagName, getComputedStyle(element).color, backgroundOf(element)]);
"""


def line(ax):
    ax.plot([1, 2, 4, 8], label="a line")
    ax.set(xlabel="Epoch", ylabel="Accuracy")
    ax.legend()


def squares(axes):
    for seed, ax in enumerate(axes.flat):
        ax.imshow(np.random.default_rng(seed).random((28, 28)))
        ax.set_axis_off()


def make_page(*contents, **fields):
    return Page("A page", sections=[Section("One", (), contents)], day=DAY, **fields)


def make_table(frame, **fields):
    return render(make_page(Table("A table", pd.DataFrame(frame), **fields)))


@pytest.fixture(scope="module")
def page():
    """A page with all that a page can hold, and tables wider than a phone."""
    names = ["sgd-300-100", "a-network-with-a-name-of-many-words", "third"]
    numbers = np.random.default_rng(0).random((3, 11))
    wide = pd.DataFrame(numbers, index=pd.Index(names, name="recipe"))
    wide = wide.add_prefix("measure_")
    wide.loc["third", "measure_2"] = np.nan
    long = pd.DataFrame(
        {
            "quantity": [f"accuracy, class {row}" for row in range(30)],
            "published": np.linspace(0.8, 0.9, 30),
            "remark": "Printed in the log of the last epoch, and rounded in the text",
        }
    )
    return Page(
        "Networks trained again, with a rather long title for a small screen",
        ["All is as published.", "It took a while."],
        [("Best test accuracy", "93.1 %"), ("Networks", "15"), ("Time", "41 min")],
        [
            Section(
                "Training",
                ["Curves of the training."],
                [
                    Drawing("Curve", line, "A rising line", "Over epochs."),
                    Drawing("Images", squares, "Noise", size=(9, 3), grid=(2, 6)),
                ],
            ),
            Section(
                "Figures",
                [],
                [
                    Table("Wide", wide, {"measure_1": "{:.4f}"}, "A note."),
                    Table("Long", long, {"published": "{:.4f}"}),
                ],
            ),
            Section("Again", (), [Preformatted("Command", "skfashion " * 30)]),
        ],
        "skfashion 0.1, matplotlib 3.9.",
        DAY,
    )


@pytest.fixture(scope="module")
def html(page):
    return render(page)


def pictures(html):
    """Pixels of the dark picture and of the light one."""
    found = PICTURE.findall(html)
    assert [attribute for attribute, _ in found] == ["srcset", "src"]
    for _, data in found:
        picture = Image.open(io.BytesIO(base64.b64decode(data, validate=True)))
        assert picture.format == "PNG"
        yield np.asarray(picture.convert("RGB"))


def test_drawings_are_embedded_in_both_themes():
    html = render(make_page(Drawing("D", line, "Alt", size=(4, 3))))
    dark, light = pictures(html)
    assert dark.shape == light.shape == (576, 768, 3)
    assert 'width="384" height="288"' in html
    assert 'alt="Alt"' in html
    # The background is the page's own, which the style sheet names.
    for pixels, color in ((light, "#ffffff"), (dark, "#15181d")):
        assert "#" + bytes(pixels[0, 0]).hex() == color
        assert f"--paper: {color};" in html
        assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 20


def test_grid_gives_an_array_of_axes():
    shapes = []
    drawing = Drawing("D", lambda a: shapes.append(a.shape), "", grid=(2, 3))
    render(make_page(drawing))
    assert shapes == [(2, 3)] * 2


def test_settings_neither_matter_nor_change(page, html):
    with mpl.rc_context({"lines.linewidth": 7, "font.size": 30}):
        before = dict(mpl.rcParams), plt.get_fignums()
        assert render(page) == html
        assert (dict(mpl.rcParams), plt.get_fignums()) == before


def test_settings_are_put_back_when_drawing_fails():
    before = dict(mpl.rcParams)
    with pytest.raises(ZeroDivisionError):
        render(make_page(Drawing("D", lambda ax: 1 / 0, "")))
    assert dict(mpl.rcParams) == before


def test_nothing_is_loaded_and_nothing_runs(html):
    assert len(html) < 2e6
    assert "http://" not in html
    assert "https://" not in html
    for target in re.findall(r'(?:src|srcset|href)="([^"]{,40})', html):
        assert target.startswith(("data:image/", "#section-"))
    assert "<script" not in html
    assert " on" not in "".join(re.findall(r"<[a-z][^>]{,200}", html))


def test_text_is_escaped():
    bad = "<script>alert('&')</script>"
    frame = pd.DataFrame({bad: [bad]}, index=pd.Index([bad], name=bad))
    html = render(
        Page(
            bad,
            [bad],
            [(bad, bad)],
            [
                Section(bad, [bad], [Drawing(bad, line, f'"{bad}', bad)]),
                Section(bad, [], [Table(bad, frame, {}, bad), Preformatted(bad, bad)]),
            ],
            bad,
            DAY,
        )
    )
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 24
    assert 'alt="&#34;&lt;script' in html


def test_cells_are_formatted():
    html = make_table(
        {"n": [1000, 2], "x": [0.12345, np.nan], "t": ["word", None]},
        formats={"x": "{:.2f}", "n": "{:,}", "elsewhere": "{:d}"},
        note="Of note.",
    )
    cells = re.findall(r"<(t[dh])([^>]*)>([^<]*)</t[dh]>", html)
    assert [text for _, _, text in cells] == [
        *("n", "x", "t"),
        *("1,000", "0.12", "word"),
        *("2", "\N{EN DASH}", "\N{EN DASH}"),
    ]
    assert [tag for tag, _, _ in cells] == ["th", "th", "th"] + ["th", "td", "td"] * 2
    assert ["number" in attributes for _, attributes, _ in cells] == [
        True,
        True,
        False,
    ] * 3
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 2
    assert "<caption>A table</caption>" in html
    assert "<figcaption>Of note.</figcaption>" in html


@pytest.mark.parametrize(
    ("index", "headings"),
    [
        (None, ["x"]),
        (pd.RangeIndex(2, name="seed"), ["seed", "x"]),
        (["a", "b"], ["x"]),  # a heading without a name would only puzzle
        (
            pd.MultiIndex.from_product([["a"], [0, 1]], names=["m", "n"]),
            ["m", "n", "x"],
        ),
        (pd.Index(["a", "b"], name="x"), ["x", "x"]),
    ],
)
def test_index_becomes_columns(index, headings):
    html = make_table(pd.DataFrame({"x": [1, 2]}, index=index))
    assert re.findall(r'<th scope="col"[^>]*>([^<]*)', html) == headings


def test_empty_parts_leave_no_trace():
    html = render(Page("Bare", sections=[Section("Only")], day=DAY))
    for absent in ("<dl", "<nav", "<figure", 'class="lead"'):
        assert absent not in html
    assert '<time datetime="2026-01-05">5 January 2026</time>.</p>' in html
    assert make_table({"x": []}).count("<tr>") == 1


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: Page("P", lead="alone"), "^lead='alone' must be a list of str"),
        (lambda: Page("P", sections=["a"]), "^sections=.* must be a list of Section"),
        (lambda: Page("P", facts=["a"]), "^facts=.* must be a list of tuple"),
        (
            lambda: Section("S", contents=Preformatted("T", "x")),
            "^contents=.* must be a list of Drawing or Table or Preformatted",
        ),
        (lambda: Section("S", "alone"), "^text='alone' must be a list of str"),
        (lambda: Table("T", "none"), "^frame='none' must be a pandas.DataFrame"),
        (
            lambda: Table("T", pd.DataFrame(), {"a": "%.2f"}),
            r"^formats\['a'\]='%.2f' must be a format string",
        ),
    ],
)
def test_what_is_no_part_of_a_page_is_refused(make, sentence):
    with pytest.raises(ParameterError, match=sentence):
        make()


def test_write_makes_folders_and_replaces(tmp_path):
    path = tmp_path / "some" / "where" / "page.html"
    for title in ("First", "Ω second"):
        assert write(Page(title, day=DAY), str(path)) == path
        assert path.read_text("utf-8") == render(Page(title, day=DAY))
    assert list(path.parent.iterdir()) == [path]


def test_failure_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError):
        write(make_page(Drawing("D", lambda ax: 1 / 0, "")), path)

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match=r"page\.html: No space left on device\.$"):
        write(Page("P"), path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_unwritable_path_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    sentence = r"^Cannot write .*: there is a file where a folder should"
    for inner in ("page.html", "deeper/page.html"):
        with pytest.raises(WriteError, match=sentence):
            write(Page("P"), tmp_path / "file" / inner)
    with pytest.raises(WriteError, match=r"^Cannot .*: there is a folder of that"):
        write(Page("P"), tmp_path)


@pytest.mark.parametrize("library", ["jinja2", "matplotlib"])
def test_missing_library_is_named(monkeypatch, tmp_path, library):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtraError, match=rf"report needs {library}.*\[plot\]"):
        write(make_page(Drawing("D", line, "")), tmp_path / "page.html")
    assert not list(tmp_path.iterdir())
    with pytest.raises(MissingExtraError, match=f"report needs {library}"):
        require()


@pytest.fixture(scope="module")
def written(html, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "page.html"
    path.write_text(html, "utf-8")
    return path


@pytest.mark.parametrize("width", [360, 1280])
def test_page_fits_the_screen(open_page, written, width):
    window = open_page(written, width=width)
    images = window.images()
    assert [natural for natural, _ in images] == [1344, 1728]
    assert window.overflow() == 0
    boxes = window.run(
        "return [...document.querySelectorAll('.scroll')].map(box =>"
        "  [box.scrollWidth > box.clientWidth, box.getBoundingClientRect().right]);"
    )
    assert max(right for _, right in boxes) <= width
    assert any(scrolls for scrolls, _ in boxes)
    captions = (
        "return [...document.querySelectorAll('caption, h1, h2, h3, p')].map(e =>"
    )
    rights = window.run(captions + " e.getBoundingClientRect().right);")
    assert max(rights) <= width
    assert window.console() == []
    assert window.run("return performance.getEntriesByType('resource').length;") == 0


def test_dark_scheme_changes_page_and_images(open_page, written):
    background = "return getComputedStyle(document.body).backgroundColor;"
    window = open_page(written, scheme="light")
    light = window.images()
    assert window.run(background) == "rgb(255, 255, 255)"
    window.prefer("dark")
    dark = window.images()
    assert window.run(background) == "rgb(21, 24, 29)"
    assert [natural for natural, _ in dark] == [natural for natural, _ in light]
    assert not {source for _, source in light} & {source for _, source in dark}
    window.prefer("dark", media="print")
    assert window.images() == light
    assert window.run(background) == "rgb(255, 255, 255)"
    assert window.console() == []


def luminance(color):
    channels = np.array(re.findall(r"\d+", color)[:3], float) / 255
    low = channels / 12.92
    linear = np.where(channels <= 0.04045, low, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(open_page, written, scheme):
    colors = open_page(written, scheme=scheme).run(COLORS)
    assert {"H1", "P", "DT", "DD", "A", "TH", "TD", "PRE"} <= {
        tag for tag, *_ in colors
    }
    for tag, text, background in colors:
        dim, bright = sorted([luminance(text), luminance(background)])
        assert (bright + 0.05) / (dim + 0.05) >= 4.5, (tag, text, background)
