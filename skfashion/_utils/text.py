"""Text from outside: labels, file names, and what files say of themselves."""

from typing import Any

__all__ = ["printable"]


def printable(text: Any, *, keep: str = "") -> str:
    r"""Write what cannot be printed, or acts on what shows it, as an escape.

    That is all that Python's ``repr`` escapes: control characters, and so what moves a
    terminal's cursor; marks that turn the direction of text; line breaks; the halves of
    characters that stand for the bytes of a file name that is no UTF-8.

    Parameters
    ----------
    text : object
        As ``str`` writes it.
    keep : str, default=""
        Characters that are left as they are, such as line breaks.

    Returns
    -------
    str
        All that can be printed, as it was, and escapes.

    Examples
    --------
    >>> from skfashion._utils.text import printable
    >>> print(printable("bag\x1b[2J\n"))
    bag\x1b[2J\n
    """
    return "".join(
        letter
        if letter.isprintable() or letter in keep
        else letter.encode("unicode_escape").decode("ascii")
        for letter in str(text)
    )
