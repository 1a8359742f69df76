"""Parts of pages that are written by scripts, between two comments, out of JSON."""

import argparse
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.shared.child import ROOT

__all__ = ["BUSY", "NOT_MEASURED", "Part", "run"]

# Processes at work beforehand, from which on a machine is not ours alone.
BUSY = 1.5

NOT_MEASURED = "Not measured yet."


@dataclass(frozen=True)
class Part:
    """A part of a page, the file of results that it shows, and what writes it."""

    page: str
    name: str
    file: Path
    to_markdown: Callable[[dict[str, Any]], str]

    def stored(self) -> dict[str, Any]:
        """Read what was measured; nothing where nothing was yet."""
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def keep(self, results: dict[str, Any]) -> None:
        """Keep results at once, for what comes next may be interrupted."""
        self.file.write_text(json.dumps(results, indent=1) + "\n")

    def written(self) -> str:
        """Write the part anew."""
        return self.to_markdown(self.stored())

    def held(self) -> str:
        """Read the part as it stands on its page."""
        return self._find((ROOT / self.page).read_text())[1].strip("\n")

    def put(self) -> None:
        """Write the part into its page."""
        page = ROOT / self.page
        text = page.read_text()
        found = self._find(text)
        before, after = text[: found.start(1)], text[found.end(1) :]
        page.write_text(f"{before}\n{self.written()}\n{after}")

    def _find(self, text: str) -> re.Match[str]:
        pattern = rf"<!-- measured: {self.name} -->\n(.*?)\n<!-- end of it -->"
        found = re.search(pattern, text, re.DOTALL)
        if found is None:
            raise LookupError(f"{self.page} has no part {self.name!r}.")
        return found


def run(measure: Callable[[], None], *parts: Part) -> None:
    """Run the command line of a script: measure, unless told not to, and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--page-only", action="store_true", help="measure nothing")
    parser.add_argument("--anew", action="store_true", help="forget what is kept")
    args = parser.parse_args()
    if not args.page_only:
        if args.anew:
            parts[0].file.unlink(missing_ok=True)
        measure()
    for part in parts:
        part.put()
