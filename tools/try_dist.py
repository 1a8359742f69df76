"""Install a wheel or an sdist in an empty environment, and run the tests there.

Run as ``python tools/try_dist.py ARCHIVE [PYTEST ARGUMENT...]`` by the Python that it
is to be tried on. The tests are those of the sdist that lies beside the archive,
unpacked without the package, so that nothing but what was installed can be imported.
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

WHERE = "import skfashion as s; print(s.__file__, s.__version__, sep='\\n')"


class Environment:
    """A virtual environment that holds nothing yet."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, symlinks=os.name != "nt", with_pip=True)
        self.bin = folder / ("Scripts" if os.name == "nt" else "bin")
        # What is importable comes from the environment alone.
        foreign = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
        self.variables = {k: v for k, v in os.environ.items() if k not in foreign}

    def run(self, command: str, *arguments: str | Path, cwd: Path) -> None:
        """Run a command of the environment; end with it where it fails."""
        done = subprocess.run(
            [self.bin / command, *arguments], cwd=cwd, env=self.variables
        )
        if done.returncode:
            sys.exit(f"{command} ended with {done.returncode}.")

    def ask(self, command: str, *arguments: str, cwd: Path) -> list[str]:
        """Run a command of the environment; return the lines that it says."""
        words = [self.bin / command, *arguments]
        return subprocess.check_output(
            words, cwd=cwd, env=self.variables, text=True
        ).splitlines()

    def install(self, archive: str, cwd: Path) -> None:
        """Install a file, and what it needs, by pip."""
        quiet = ("--quiet", "--disable-pip-version-check")
        self.run("python", "-m", "pip", "install", *quiet, archive, cwd=cwd)

    def find_package(self, cwd: Path) -> tuple[Path, str]:
        """Tell the folder and version of the installed package; refuse another one."""
        file, version = self.ask("python", "-c", WHERE, cwd=cwd)
        if not Path(file).is_relative_to(self.bin.parent):
            sys.exit(f"{file} was imported, which is not the installed package.")
        return Path(file).parent, version


def unpack_tests(sdist: Path, folder: Path) -> Path:
    """Unpack an sdist without its package; return where it lies."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    [source] = folder.iterdir()
    shutil.rmtree(source / "skfashion")
    return source


def first_example(readme: str) -> str:
    """Find the first Python that README shows."""
    [code] = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)[:1]
    return code


def main(path: str, *options: str) -> None:
    """Try one archive, first with what it needs itself, then with what tests need."""
    archive = Path(path).resolve()
    [sdist] = archive.parent.glob("*.tar.gz")
    version = sdist.name.removesuffix(".tar.gz").removeprefix("skfashion-")
    sys.stdout.write(f"\n{archive.name} on Python {sys.version.split()[0]}\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        environment = Environment(folder / "environment")
        source = unpack_tests(sdist, folder / "source")
        environment.install(str(archive), folder)
        package, told = environment.find_package(source)
        [commanded] = environment.ask("skfashion", "--version", cwd=folder)
        if told != version or commanded != f"skfashion {version}":
            sys.exit(f"{archive.name} says it is {told}, its command {commanded}.")
        example = first_example((source / "README.md").read_text("utf-8"))
        environment.run("python", "-c", example, cwd=folder)
        environment.install(f"{archive}[dev]", folder)
        environment.find_package(source)
        tests = options or ("tests", str(package))
        environment.run("python", "-m", "pytest", "-n", "2", *tests, cwd=source)


if __name__ == "__main__":
    main(*sys.argv[1:])
