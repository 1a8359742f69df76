"""A file of the cache is never written through a link that was put in its place."""

import pytest

from helpers.data_sources import (  # noqa: F401
    NAMES,
    assert_right,
    fixture_alone,
    fixture_blobs,
    fixture_cache,
    fixture_serve,
    fixture_system,
)
from skfashion.datasets import fetch_fashion_mnist


@pytest.mark.parametrize("when", ["before", "while it downloads"])
@pytest.mark.parametrize("there", [True, False], ids=["a file", "no file yet"])
def test_a_link_in_the_cache_is_not_followed(there, when, blobs, serve, cache):
    precious = cache.parent / "precious"
    cache.mkdir(parents=True)
    if there:
        precious.write_bytes(b"precious")

    def plant(name):
        (cache / name).symlink_to(precious)

    def answer(name):
        def send(handler):
            plant(name)
            handler.reply(blobs[name], len(blobs[name]))

        return send

    if when == "before":
        for name in NAMES:
            plant(name)
        serve(blobs)
    else:
        serve({name: answer(name) for name in NAMES})
    assert_right(fetch_fashion_mnist())
    assert precious.exists() == there
    assert not there or precious.read_bytes() == b"precious"
