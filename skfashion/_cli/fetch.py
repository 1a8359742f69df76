"""``skfashion fetch``: obtain the data set and say what is in it."""

import argparse
from typing import Any

import numpy as np
from rich.console import Console

from skfashion._cli.shared import data_options
from skfashion.datasets import fetch_fashion_mnist


def add_to(commands: Any) -> None:
    """Add this command to the command line."""
    parser = commands.add_parser(
        "fetch",
        parents=[data_options()],
        help="obtain Fashion-MNIST and say what is in it",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace, console: Console) -> None:
    bunch = fetch_fashion_mnist(subset="all", data_home=options.data_home)
    counts = np.bincount(bunch.target)
    console.print(f"Fashion-MNIST: {len(bunch.data):,} images of 28x28 pixels")
    for name, count in zip(bunch.target_names, counts, strict=True):
        console.print(f"  {name:<12} {count:,}")
