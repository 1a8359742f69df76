"""Files from HTTP mirrors, and mirrors that do not serve them."""

import socket
import time

import pytest

from helpers.data_sources import (  # noqa: F401
    NAMES,
    SPOIL,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    altered,
    assert_right,
    fixture_alone,
    fixture_blobs,
    fixture_cache,
    fixture_serve,
    fixture_system,
    held,
    only,
    put,
)
from skfashion.datasets import _sources, fetch_fashion_mnist
from skfashion.exceptions import DownloadError


def test_mirror_then_cache(blobs, serve, cache):
    mirror = serve(blobs)
    assert_right(fetch_fashion_mnist(subset="all"), "all")
    assert mirror.asked == NAMES
    assert held(cache) == blobs
    assert_right(fetch_fashion_mnist(subset="all"), "all")
    assert_right(fetch_fashion_mnist(download_if_missing=False))
    assert mirror.asked == NAMES


def test_first_mirror_comes_before_second(blobs, serve):
    first, second = serve(blobs), serve(blobs)
    fetch_fashion_mnist()
    assert first.asked == NAMES[:2]
    assert second.asked == []


@pytest.mark.parametrize(
    ("subset", "names"), [("train", NAMES[:2]), ("test", NAMES[2:])]
)
def test_one_subset_needs_its_two_files_only(blobs, serve, cache, subset, names):
    mirror = serve(only(blobs, *names))
    assert_right(fetch_fashion_mnist(subset=subset), subset)
    assert mirror.asked == sorted(held(cache)) == names


# What a mirror may answer instead of the file.
BAD = {
    **SPOIL,
    "breaks off": lambda blob: lambda h: h.reply(blob[: len(blob) // 2], len(blob)),
    "404": lambda blob: None,
    "500": lambda blob: lambda h: h.send_error(500),
    "hangs up": lambda blob: lambda h: h.connection.shutdown(socket.SHUT_RDWR),
    "absurd length": lambda blob: lambda h: h.reply(blob, "many"),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("name", [TRAIN_IMAGES, TRAIN_LABELS])
def test_bad_mirror_is_never_used_or_kept(blobs, serve, cache, name, kind):
    bad = serve({**blobs, name: BAD[kind](blobs[name])})
    with pytest.raises(DownloadError, match=name) as caught:
        fetch_fashion_mnist()
    assert bad.address in str(caught.value)
    # The images are asked for first: where the labels are bad, they are kept.
    assert held(cache) == only(blobs, *NAMES[: NAMES.index(name)])

    good = serve(blobs)
    assert_right(fetch_fashion_mnist())
    assert name in good.asked
    assert held(cache) == only(blobs, TRAIN_IMAGES, TRAIN_LABELS)


def test_download_is_cut_off_where_no_honest_copy_is_as_long(blobs, serve):
    serve({TRAIN_IMAGES: bytes(1_000_000)})
    with pytest.raises(DownloadError, match=r"it sent more than [\d,]+ bytes"):
        fetch_fashion_mnist()


@pytest.mark.parametrize("kind", ["hangs up", "breaks off", "stalls"])
def test_mirror_without_an_answer_is_asked_once(blobs, serve, monkeypatch, kind):
    if kind == "stalls":
        monkeypatch.setattr(_sources, "MIRROR_TIMEOUT", (5, 1))
        dead = serve(dict.fromkeys(NAMES, lambda h: time.sleep(3)))
    else:
        dead = serve({name: BAD[kind](blob) for name, blob in blobs.items()})
    serve(blobs)
    assert_right(fetch_fashion_mnist(subset="all"), "all")
    assert dead.asked == [TRAIN_IMAGES]


def test_error_lists_every_source_and_the_way_by_hand(
    blobs, serve, cache, system, monkeypatch
):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        refused = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    monkeypatch.setattr(_sources, "MIRRORS", (refused,))
    mirror = serve({TRAIN_IMAGES: altered(blobs[TRAIN_IMAGES])})
    put(cache, {TRAIN_IMAGES: b"rubbish"})
    with pytest.raises(DownloadError) as caught:
        fetch_fashion_mnist()
    first, *middle, last = str(caught.value).split("\n")
    assert TRAIN_IMAGES in first
    told = dict(line.strip().split(": ", 1) for line in middle)
    assert "gzip" in told[str(cache)]
    assert told[str(system)] == "No such file or directory"
    assert "refused" in told[refused]
    assert "SHA-256" in told[mirror.address]
    assert told["Debian package dataset-fashion-mnist"].startswith("apt-get is not")
    assert str(cache) in last
    assert all(name in last for name in NAMES)
