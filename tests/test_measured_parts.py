"""What scripts write into README and pages of docs is what they measured."""

import tomllib
from pathlib import Path

import pytest

from benchmarks.newcomer import alternatives, first_accuracy, install, sizes

ROOT = Path(__file__).parent.parent
PARTS = [install.PART, sizes.PART, *alternatives.PARTS, first_accuracy.PART]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.page}, {part.name}")
def test_a_part_of_a_page_shows_what_is_kept(part):
    assert part.held() == part.written()


def test_every_marked_part_is_written_by_a_script():
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    marked = sum(page.read_text().count("<!-- measured: ") for page in pages)
    assert marked == len(PARTS)


def test_a_page_without_the_part_is_named():
    part = install.PART
    with pytest.raises(LookupError, match=r"^docs/install.md has no part 'other'"):
        type(part)(part.page, "other", part.file, part.to_markdown).held()


def test_every_extra_is_for_something():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    of_developers = {"bench", "dev", "docs", "ray"}
    assert set(install.EXTRAS) == set(project["optional-dependencies"]) - of_developers


def test_the_first_command_of_readme_is_the_one_that_is_timed():
    assert first_accuracy.first_command() == "make demo"
