"""The page with a model that the site has; tests/persistence looks at such pages."""

import json

import pytest

import build_demo
from skfashion import CLASS_NAMES
from skfashion.exceptions import DownloadError


@pytest.mark.site
def test_it_is_trained_on_the_sample_and_says_how_well(tmp_path):
    for name in ("ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm"):
        (tmp_path / name).write_bytes(b"")
    page = build_demo.build(tmp_path / "page", tmp_path, "sample", 1)
    about = json.loads((page.parent / "page.json").read_text())
    labels = [example["label"] for example in about["examples"]]
    assert labels == [*CLASS_NAMES] * 2
    assert about["prepare"] == "photo"
    said = page.read_text()
    assert "of 1 epochs on 2,000 images" in said
    assert "% of 500 test images" in said


@pytest.mark.parametrize(
    ("missing", "which"), [("test", "sample"), ("train", "sample"), (None, "all")]
)
def test_all_images_are_taken_only_where_they_are(missing, which, monkeypatch):
    asked = []

    def fetch(*, subset, download_if_missing):
        asked.append(download_if_missing)
        if subset == missing:
            raise DownloadError("not here")

    monkeypatch.setattr(build_demo.skfashion, "fetch_fashion_mnist", fetch)
    assert build_demo.choose_data() == which
    assert not any(asked)
