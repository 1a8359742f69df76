"""Files from the Debian package, fetched by a false apt-get."""

import pytest

from helpers.data_sources import (  # noqa: F401
    NAMES,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    altered,
    assert_right,
    fixture_alone,
    fixture_blobs,
    fixture_cache,
    fixture_serve,
    held,
    only,
    put,
)
from skfashion.datasets import _debian, fetch_fashion_mnist
from skfashion.exceptions import DownloadError

APT_GET = """#!/bin/sh
PATH=/usr/bin:/bin
echo "$@" >> "{tmp}/asked"
own=no; task=none
for word in "$@"; do
    case "$word" in
        Dir::State::lists=*) own="${{word#*=}}" ;;
        download | update) task=$word ;;
        */apt.conf) test -f "$word" || exit 9 ;;
    esac
done
case $task in
    update) test "$own" != no && touch "$own/fresh" ;;
    download)
        if test {lists} = system || test -f "$own/fresh"; then
            echo package > dataset-fashion-mnist_1_all.deb
        else
            echo "W: a warning" >&2
            echo "E: Unable to locate package $(pwd)" >&2
            exit 100
        fi ;;
esac
"""
DPKG_DEB = """#!/bin/sh
PATH=/usr/bin:/bin
test "$1" = -x && test "$(cat "$2")" = package || exit 2
mkdir -p "$3/usr/share/datasets/fashion-mnist"
cp "{tmp}"/package/* "$3/usr/share/datasets/fashion-mnist/"
"""


@pytest.fixture
def debian(alone, tmp_path):
    """Put a false apt-get and dpkg-deb on the PATH; return the package's folder."""

    def install(*, lists="system", **scripts):
        both = {"apt-get": APT_GET, "dpkg-deb": DPKG_DEB, **scripts}
        for name, script in both.items():
            path = tmp_path / "bin" / name
            path.write_text(script.format(tmp=tmp_path, lists=lists))
            path.chmod(0o755)
        return tmp_path / "package"

    return install


def asked_of_apt(tmp_path):
    words = (tmp_path / "asked").read_text().split()
    return [word for word in words if word in ("download", "update")]


def test_package_comes_last_and_is_fetched_once(blobs, serve, debian, cache, tmp_path):
    put(debian(), blobs)
    mirror = serve(only(blobs, TRAIN_IMAGES))
    assert_right(fetch_fashion_mnist(subset="all"), "all")
    assert mirror.asked == NAMES
    assert asked_of_apt(tmp_path) == ["download"]
    assert held(cache) == blobs
    assert not any((tmp_path / "tmp").iterdir())


def test_package_after_an_update_of_private_lists(blobs, debian, cache, tmp_path):
    put(debian(lists="empty"), blobs)
    assert_right(fetch_fashion_mnist())
    assert asked_of_apt(tmp_path) == ["download", "update", "download"]
    update = (tmp_path / "asked").read_text().splitlines()[1].split()
    for option in ("Dir::State=", "Dir::State::lists="):
        (value,) = (word for word in update if word.startswith(option))
        assert value.removeprefix(option).startswith(str(tmp_path / "tmp"))
    assert held(cache) == only(blobs, TRAIN_IMAGES, TRAIN_LABELS)
    assert not any((tmp_path / "tmp").iterdir())


def test_altered_package_is_not_used(blobs, debian, cache):
    put(debian(), {**blobs, TRAIN_LABELS: altered(blobs[TRAIN_LABELS])})
    with pytest.raises(DownloadError, match=r"Debian package [\w-]+: .*SHA-256"):
        fetch_fashion_mnist()
    assert held(cache) == only(blobs, TRAIN_IMAGES)


@pytest.mark.parametrize(
    ("tool", "script", "said"),
    [
        (
            "apt-get",
            "echo E: no net >&2; echo W: old >&2; exit 1",
            "apt-get: E: no net",
        ),
        ("apt-get", "echo strange >&2; exit 1", "apt-get: strange"),
        ("apt-get", "exec /bin/sleep 20", "took longer than 0.2 s"),
        ("dpkg-deb", "echo bad archive >&2; exit 2", "bad archive"),
        ("dpkg-deb", "exit 0", "No such file"),
    ],
)
def test_package_that_fails_is_told(
    blobs, debian, cache, tmp_path, monkeypatch, tool, script, said
):
    debian(**{tool: f"#!/bin/sh\n{script}\n"})
    if "longer" in said:
        monkeypatch.setattr(_debian, "APT_TIMEOUT", 0.2)
    with pytest.raises(DownloadError) as caught:
        fetch_fashion_mnist()
    (line,) = (each for each in str(caught.value).split("\n") if "Debian" in each)
    assert said in line
    assert held(cache) == {}
    assert not any((tmp_path / "tmp").iterdir())
