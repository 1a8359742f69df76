"""The command line: ``skfashion fetch``, ``compare`` and the others."""

import argparse
import sys
import warnings
from collections.abc import Sequence
from typing import NoReturn

from skfashion import __version__
from skfashion._cli import compare, fetch, predict, reproduce
from skfashion._cli.shared import complain, make_console
from skfashion._utils.text import printable
from skfashion.exceptions import SkfashionError, TrainingInterruptedWarning


class _Parser(argparse.ArgumentParser):
    """Complains of arguments as the commands do of files."""

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


def main(argv: Sequence[str] | None = None, *, prog: str = "skfashion") -> int:
    """Run one command and return the process's exit status."""
    options = _parser(prog).parse_args(argv)
    console = make_console()
    try:
        with warnings.catch_warnings():
            # Ctrl-C ends the command, not one fit of several.
            warnings.simplefilter("error", TrainingInterruptedWarning)
            # A command that got only part of its work done says so by its status.
            return options.run(options, console) or 0
    except (SkfashionError, OSError) as error:
        # The latter of what is written to, such as a disk that is full.
        complain(error)
        return 1
    except (KeyboardInterrupt, TrainingInterruptedWarning):
        complain("interrupted")
        return 130


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=prog,
        description="Neural networks for small images as scikit-learn estimators.",
    )
    version = f"skfashion {__version__}"
    parser.add_argument("--version", action="version", version=version)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (fetch, compare, reproduce, predict):
        command.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main(prog="python -m skfashion"))
