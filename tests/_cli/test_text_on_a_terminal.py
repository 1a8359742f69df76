"""What labels, file names and errors say, as it arrives on a terminal."""

import io
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skfashion._cli import predict, shared
from skfashion._utils.text import printable
from skfashion.report import Table

# Half of a character stands for a byte of a file name that is no UTF-8.
TEXT = st.text(st.characters(exclude_categories=())) | st.text(
    st.sampled_from("ab[]/:=\\$ \x00\x1b\x7f\x9b\r\n\t\u202e\u2066\udcff\U0001f600")
)
NASTY = [
    "shirt [blue]",
    "[/x]",
    "[link=https://example.org]bag[/link]",
    "[bold red]x",
    ":smile:",
    "\x1b[2J\x1b]0;title\x07",
    "\x9b31m",
    "\u202egnp.a",
    "a\nb\rc",
    "a\udcff.png",
    r"$\bad$",
]


def examples(test):
    for text in NASTY:
        test = example(text)(test)
    return test


def squeezed(text):
    """Text without the spaces of tables."""
    return "".join(text.split())


@pytest.fixture
def terminal(monkeypatch):
    """Take what arrives on a screen that is wide and has no colours."""

    def write(stream, show):
        arrived = io.StringIO()
        monkeypatch.setattr(sys, stream, arrived)
        show(shared.make_console(stderr=stream == "stderr"))
        return arrived.getvalue()

    monkeypatch.setenv("COLUMNS", "5000")
    return write


def check(arrived, text, times):
    assert all(letter.isprintable() or letter == "\n" for letter in arrived)
    shown = squeezed(printable(text))
    assert not shown or squeezed(arrived).count(shown) >= times
    lost = [letter for letter in text if letter.isprintable() and letter not in arrived]
    assert lost == []


@settings(max_examples=500)
@given(TEXT)
@examples
def test_a_table_of_predictions_shows_all_that_can_be_printed(terminal, text):
    def show(console):
        rows = np.array([[0.25, 0.75]] * 2)
        predict._print(console, [text, text], rows, [text, f"{text}2"])

    check(terminal("stdout", show), text, 6)


@settings(max_examples=500)
@given(TEXT)
@examples
def test_a_table_of_figures_shows_all_that_can_be_printed(terminal, text):
    frame = pd.DataFrame({"a": [text], "b": [1]}, index=pd.Index([text], name=text))
    table = Table("", frame)
    arrived = terminal("stdout", lambda console: shared.print_table(console, table))
    check(arrived, text, 3)


@settings(max_examples=500)
@given(TEXT)
@examples
def test_an_error_shows_all_that_can_be_printed(terminal, text):
    arrived = terminal("stderr", lambda _: shared.complain(text))
    assert arrived == f"skfashion: {printable(text, keep=chr(10))}\n"


@settings(max_examples=500)
@given(TEXT)
@examples
def test_progress_shows_all_that_can_be_printed(terminal, text):
    def show(console):
        progress = shared.make_progress(console)
        task = progress.add_task(printable(text), outcome=printable(text))
        console.print(progress.columns[0].render(progress.tasks[task]))
        console.print(progress.columns[-1].render(progress.tasks[task]))

    check(terminal("stdout", show), text, 2)


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_what_a_screen_cannot_show_is_no_traceback(text, encoding, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", screen)
    console = shared.make_console()
    names = [text, "\N{GREEK SMALL LETTER MU}"]
    predict._print(console, [text], np.array([[0.25, 0.75]]), names)
    screen.flush()
    assert len(screen.buffer.getvalue().splitlines()) == 2
