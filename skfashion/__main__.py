"""The command line: ``python -m skfashion fetch``, ``compare`` and the others."""

import argparse
import sys
import warnings
from collections.abc import Sequence

from skfashion._cli import compare, fetch, predict, reproduce
from skfashion._cli.shared import complain, make_console
from skfashion.exceptions import SkfashionError, TrainingInterruptedWarning


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the process's exit status."""
    options = _parser().parse_args(argv)
    console = make_console()
    try:
        with warnings.catch_warnings():
            # Ctrl-C ends the command, not one fit of several.
            warnings.simplefilter("error", TrainingInterruptedWarning)
            # A command that got only part of its work done says so by its status.
            return options.run(options, console) or 0
    except SkfashionError as error:
        complain(error)
        return 1
    except (KeyboardInterrupt, TrainingInterruptedWarning):
        complain("interrupted")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m skfashion",
        description="Neural networks for small images as scikit-learn estimators.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (fetch, compare, reproduce, predict):
        command.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
