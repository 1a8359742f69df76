"""What a release and its automation say of each other, of the code and of the files."""

import functools
import re
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import check_dist
import skfashion
import try_dist
from skfashion.datasets import _pixel_cache
from skfashion.neural_network import _fingerprint
from skfashion.persistence import _files
from skfashion.persistence._onnx_graph import OPSET

ROOT = Path(__file__).parent.parent
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
GUIDES = ["README.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


@functools.cache
def parse(path):
    return yaml.safe_load(path.read_text("utf-8"))


CITATION = parse(ROOT / "CITATION.cff")


def jobs(path):
    return parse(path)["jobs"].values()


def steps(path):
    return [step for job in jobs(path) for step in job["steps"]]


def targets():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    lines = re.findall(r"^([a-z][a-z -]*):(?!=)", makefile, re.MULTILINE)
    return {name for line in lines for name in line.split()}


def makes(text):
    """The targets in ``make check`` and the like, which code in prose shows."""
    return set(re.findall(r"\bmake ([a-z][a-z-]*)", text))


def classifiers(of):
    return {c.removeprefix(of) for c in PROJECT["classifiers"] if c.startswith(of)}


def find(name):
    """Where a file of the repository is; the package is where it was imported from."""
    within = name.startswith("skfashion/")
    return (Path(skfashion.__file__).parents[1] if within else ROOT) / name


def test_the_tests_are_of_the_package_that_lies_beside_them_or_else_is_installed():
    # `make dist-test` leaves none beside them.
    beside = ROOT / "skfashion"
    installed = Path(sysconfig.get_paths()["purelib"], "skfashion")
    expected = beside if beside.exists() else installed
    assert Path(skfashion.__file__).parent == expected


def test_what_is_cited_is_this():
    assert CITATION["version"] == skfashion.__version__
    assert CITATION["license"] == PROJECT["license"]
    assert CITATION["keywords"] == PROJECT["keywords"]
    assert CITATION["repository-code"] == PROJECT["urls"]["Source"]
    assert CITATION["url"] == PROJECT["urls"]["Documentation"]


def test_addresses_are_those_of_the_project():
    files = [ROOT / name for name in [*GUIDES, "CHANGELOG.md", "pyproject.toml"]]
    files += sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml"))
    text = "".join(path.read_text("utf-8") for path in files)
    host = r"https://(?:github|raw\.githubusercontent)\.com/"
    named = set(re.findall(host + r"([\w-]*fashion[\w-]*/[\w.-]+)", text))
    assert named == {PROJECT["urls"]["Source"].removeprefix("https://github.com/")}


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "RELEASING.md", "SECURITY.md"])
def test_files_that_are_named_exist(name):
    text = (ROOT / name).read_text("utf-8")
    named = set(re.findall(r"`([\w./-]+\.(?:cff|md|py|toml|yaml|yml))`", text))
    named |= set(re.findall(r"`([\w./-]+)/`", text))
    named |= set(re.findall(r"\]\((?!https:)([\w./-]+)", text))
    named -= {"release.yml", "docs/_build/html", "dist"}
    assert named
    assert [name for name in sorted(named) if not find(name).exists()] == []


def test_targets_that_are_named_exist():
    pages = [*(ROOT / name for name in GUIDES), *(ROOT / "docs").rglob("*.md")]
    named = {}
    for page in pages:
        text = page.read_text("utf-8")
        code = " ".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))
        named |= dict.fromkeys(makes(code), page.name)
    assert {"check", "test", "dist"} <= named.keys()
    assert {n: page for n, page in named.items() if n not in targets()} == {}


def test_what_runs_where_is_what_the_workflows_say():
    page = (ROOT / "docs" / "versions.md").read_text("utf-8")
    table = page.split("## What runs where", 1)[1].split("\n## ", 1)[0]
    rows = [row for row in table.splitlines() if row.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(named) == [path.stem for path in WORKFLOWS]
    assert makes(table) <= targets()


def test_versions_that_are_supported_are_those_that_pip_is_told():
    page = (ROOT / "docs" / "versions.md").read_text("utf-8")
    bounds = dict(each.split(">=") for each in PROJECT["dependencies"])
    pythons = sorted(classifiers("Programming Language :: Python :: 3."), key=int)
    assert f"| Python | {', '.join('3.' + each for each in pythons)} |" in page
    assert f"| scikit-learn | {bounds['scikit-learn']} and newer |" in page
    both = f"{bounds['keras']}, {bounds['tensorflow']}"
    assert f"| Keras, TensorFlow | {both} and newer |" in page


def test_formats_of_files_are_those_of_the_code():
    page = (ROOT / "docs" / "versions.md").read_text("utf-8")
    rows = [row.split("|") for row in page.split("## Files", 1)[1].splitlines()]
    told = {
        row[1].strip(): int(found[0])
        for row in rows
        if len(row) > 3 and (found := re.findall(r"\d+", row[2]))
    }
    assert told == {
        "`skfashion.save`": _files._FORMAT,
        "checkpoints": _fingerprint._FORMAT,
        "cache of `load_image_folder(cache=)`": _pixel_cache._VERSION,
        "`to_onnx`": OPSET,
    }


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_makes_what_can_be_made(path):
    runs = [step["run"] for step in steps(path) if "run" in step]
    # A matrix names its targets elsewhere.
    parts = [
        job.get("strategy", {}).get("matrix", {}).get("part") for job in jobs(path)
    ]
    named = makes(" ".join(runs)) | {each for part in parts for each in part or ()}
    assert named <= targets()
    for run in runs:
        script = run.split()[0]
        assert not script.startswith(".") or (ROOT / script).exists()


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_by_commit(path):
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name) for name in used)
    # The comment tells the version, which Dependabot writes anew with the commit.
    lines = re.findall(r"uses: (.*)", path.read_text("utf-8"))
    assert all(re.search(r" # v\d+\.\d+\.\d+$", line) for line in lines)


def test_one_commit_of_an_action_is_used():
    used = {
        step["uses"] for path in WORKFLOWS for step in steps(path) if "uses" in step
    }
    assert len({name.split("@")[0] for name in used}) == len(used)


def test_only_what_publishes_may_write():
    for path in WORKFLOWS:
        workflow = parse(path)
        assert workflow["permissions"] == {"contents": "read"}
        may = {n for n, job in workflow["jobs"].items() if "permissions" in job}
        assert may == ({"publish"} if path.stem in ("docs", "release") else set())


def test_pythons_are_those_of_the_matrices():
    versions = classifiers("Programming Language :: Python :: 3.")
    matrices = [
        job["strategy"]["matrix"]["python-version"]
        for path in WORKFLOWS
        for job in jobs(path)
        if "python-version" in job.get("strategy", {}).get("matrix", {})
    ]
    assert len(matrices) > 1
    for matrix in matrices:
        assert {version.removeprefix("3.") for version in matrix} == versions
    lowest = min(map(int, versions))
    assert PROJECT["requires-python"] == f">=3.{lowest}"


def test_systems_are_those_that_a_run_has_been_looked_at_on():
    known = {"ubuntu": "POSIX :: Linux", "macos": "MacOS", "windows": "Microsoft"}
    looked_at = {
        known[job["runs-on"].split("-")[0]]
        for path in WORKFLOWS
        if "Nobody has looked at a run of this" not in path.read_text("utf-8")
        for job in jobs(path)
    }
    assert classifiers("Operating System :: ") == looked_at


def test_forms_and_hooks_are_whole():
    for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml"):
        form = parse(path)
        for field in form.get("body", ()):
            assert field["attributes"]["label"]
    hooks = parse(ROOT / ".pre-commit-config.yaml")
    # Nothing is fetched: every hook is of this repository.
    assert {repository["repo"] for repository in hooks["repos"]} == {"local"}
    for hook in hooks["repos"][0]["hooks"]:
        for word in re.findall(r"tests/[\w./]+", hook["entry"]):
            assert (ROOT / word).exists()


@pytest.fixture
def wheel(tmp_path):
    """A small wheel, and the files that git would tell."""
    path = tmp_path / "skfashion-9.9-py3-none-any.whl"
    about = ["METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("skfashion/__init__.py", "")
        for name in about:
            archive.writestr(f"skfashion-9.9.dist-info/{name}", "[a](https://b.c)")
    return path, ["README.md", "skfashion/__init__.py"]


def test_a_wheel_holds_the_package_alone(wheel, monkeypatch):
    path, tracked = wheel
    assert check_dist.check_wheel(path, tracked) == []
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("tests/test_it.py", "")
    added = f"{path.name} holds tests/test_it.py, which git does not"
    assert check_dist.check_wheel(path, tracked) == [added]
    lacks = f"{path.name} lacks skfashion/data.npz"
    tracked = [*tracked, "skfashion/data.npz"]
    assert check_dist.check_wheel(path, tracked) == [added, lacks]
    monkeypatch.setattr(check_dist, "LARGEST_WHEEL", 10)
    assert "not under 10" in check_dist.check_wheel(path, tracked)[-1]


def test_a_page_on_pypi_links_to_no_file_of_the_repository(wheel):
    path, tracked = wheel
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Dupl"):
        archive.writestr("skfashion-9.9.dist-info/METADATA", "[a](docs/a.md) [b](#b)")
    assert check_dist.check_wheel(path, tracked) == [
        f"{path.name} links to docs/a.md, which PyPI has not"
    ]


def test_an_sdist_holds_what_git_does(tmp_path):
    path = tmp_path / "skfashion-9.9.tar.gz"
    (tmp_path / "file").write_text("")
    with tarfile.open(path, "w:gz") as archive:
        for name in ("README.md", "PKG-INFO", "junk"):
            archive.add(tmp_path / "file", f"skfashion-9.9/{name}")
    told = check_dist.check_sdist(path, ["README.md", "skfashion/__init__.py"])
    assert told == [
        f"{path.name} holds junk, which git does not",
        f"{path.name} lacks skfashion/__init__.py",
    ]


def test_the_example_that_is_tried_is_the_first_of_readme():
    code = try_dist.first_example((ROOT / "README.md").read_text("utf-8"))
    compile(code, "README.md", "exec")
    assert "skfashion" in code
