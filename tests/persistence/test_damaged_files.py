"""Files damaged at random are refused in a sentence, or read as if they were whole.

Some hundreds by default; thousands, others each time, under Hypothesis' profile "long"
(``make fuzz``).
"""

import gzip
import hashlib
import random
import signal
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from sklearn.pipeline import make_pipeline

import skfashion
from helpers.classifiers import make_cnn, make_mlp
from helpers.damage import damaged, damaged_inside, with_right_sums
from helpers.data_sources import idx
from helpers.outcomes import DOCUMENTED_WARNINGS, is_documented
from skfashion import PixelScaler
from skfashion.datasets import _sources
from skfashion.exceptions import CheckpointError, DownloadError, ModelFileError

pytestmark = DOCUMENTED_WARNINGS
# What one of these files, of some kilobytes, may take of time and of memory.
SECONDS, BYTES = 20, 2**26


class HangError(BaseException):
    """Raised out of whatever takes too long; nothing catches it on the way."""


def hang(*_):
    raise HangError


@contextmanager
def bounded():
    """Fail where a file takes too long or too much memory to be refused or read."""
    status = Path("/proc/self/status")
    # Forget the peak so far, where the system can.
    if status.exists():
        Path("/proc/self/clear_refs").write_text("5")
    before = memory(status)
    old = signal.signal(signal.SIGALRM, hang)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
    taken = memory(status) - before
    assert taken < BYTES, f"took {taken:,} bytes of memory"


def memory(status):
    """The most bytes of memory that this process has taken."""
    if not status.exists():
        return 0
    return 1024 * int(status.read_text().split("VmHWM:")[1].split()[0])


@pytest.fixture
def fuzz(record_property):
    """Try many files; fail at the end with all whose outcome is not documented."""

    def run(make, read, error, per_example=8):
        counts = Counter(files=0, worked=0, refused=0, undocumented=0)
        seed = 0 if settings.default.derandomize else random.randrange(2**32)
        told = []
        for number in range(per_example * settings.default.max_examples):
            rng = random.Random(f"{seed} {number}")
            made = make(rng)
            counts["files"] += 1
            try:
                with bounded():
                    read(made)
                counts["worked"] += 1
            except error as refusal:
                counts["refused"] += 1
                if not 10 < len(str(refusal)) < 900:
                    told.append(f"{number}: {refusal}")
            except (Exception, HangError) as problem:
                told.append(f"{number}: {type(problem).__name__}, {problem!s:.300}")
        counts["undocumented"] = len(told)
        for name, count in {**counts, "seed": seed}.items():
            record_property(name, count)
        assert not told, f"with seed {seed}:\n" + "\n".join(told)

    return run


@pytest.fixture(scope="module")
def saved(sample, tmp_path_factory):
    """Files of all kinds of estimators, small."""
    folder = tmp_path_factory.mktemp("saved")
    X = sample[0].reshape(-1, 28, 28)[:200, ::4, ::4]
    y, scaled = sample[1][:200], PixelScaler().fit_transform(X)
    names = np.array(skfashion.CLASS_NAMES)
    small = {"filters": 2, "dense_sizes": 3, "epochs": 1}
    models = {
        "pipeline": make_pipeline(PixelScaler(), make_mlp()).fit(X, y),
        "names": make_mlp(hidden_layer_sizes=(), epochs=1).fit(scaled, names[y]),
        "goes on": make_cnn(**small).partial_fit(scaled, y, classes=range(10)),
        "not fitted": make_cnn(learning_rate=0.1, class_weight={0: 2.0, 1: 1.0}),
        "scaler": PixelScaler().fit(X.astype(float)),
    }
    return [skfashion.save(model, folder / name) for name, model in models.items()]


def test_damaged_models_are_refused_or_whole(saved, fuzz, tmp_path):
    contents = [path.read_bytes() for path in saved]

    def make(rng):
        way = damaged_inside if rng.random() < 0.3 else damaged
        return way(rng, rng.choice(contents), rng.choice(contents))

    def read(content):
        (tmp_path / "model").write_bytes(content)
        model = skfashion.load(tmp_path / "model")
        # What is not summed decides nothing.
        assert skfashion.save(model, tmp_path / "again").read_bytes() in contents

    fuzz(make, read, ModelFileError)


def test_made_up_models_are_refused_or_work(saved, fuzz, sample, tmp_path):
    X = sample[0].reshape(-1, 28, 28)[:3, ::4, ::4]

    def make(rng):
        return with_right_sums(rng, rng.choice(saved), tmp_path / "model").read_bytes()

    def read(content):
        (tmp_path / "model").write_bytes(content)
        model = skfashion.load(tmp_path / "model")
        repr(model)
        for method in ("predict", "transform"):
            try:
                getattr(model, method, len)(X)
            except Exception as error:
                if not is_documented(error):
                    raise

    fuzz(make, read, ModelFileError)


@pytest.mark.parametrize("deep", [False, True], ids=["any", "with right sums"])
def test_damaged_checkpoints_are_refused_or_passed_over(deep, sample, fuzz, tmp_path):
    X, y = sample[0].reshape(-1, 28, 28)[:40, ::4, ::4] / 255, sample[1][:40]
    clf = make_mlp(hidden_layer_sizes=4, epochs=3, checkpoint=tmp_path / "epochs")
    whole = clf.fit(X, y).predict_proba(X)
    contents = {path: path.read_bytes() for path in (tmp_path / "epochs").iterdir()}
    assert len(contents) == 2

    def make(rng):
        made = dict(contents)
        for path in rng.choice([[max(made)], [max(made)], list(made)]):
            path.write_bytes(contents[path])
            if deep:
                made[path] = with_right_sums(rng, path, tmp_path / "x").read_bytes()
            else:
                made[path] = damaged(rng, made[path], rng.choice(list(made.values())))
        return made

    def read(made):
        for path, content in made.items():
            path.write_bytes(content)
        clf.fit(X, y)
        if not deep:
            np.testing.assert_array_equal(clf.predict_proba(X), whole)

    fuzz(make, read, CheckpointError, per_example=1)


@pytest.fixture(scope="module")
def copies(sample):
    """Small IDX files, and what they are known by."""
    images, labels = sample[0].reshape(-1, 28, 28)[:40], sample[1][:40]
    return [
        (_sources.IdxFile("x.gz", a.shape, hashlib.sha256(idx(a)).hexdigest()), idx(a))
        for a in (images, labels)
    ]


@pytest.mark.parametrize("deep", [False, True], ids=["any", "with the right sum"])
def test_damaged_copies_of_the_data_are_refused_or_whole(deep, copies, fuzz):
    def make(rng):
        (file, payload), (_, other) = rng.choice([copies, copies[::-1]])
        if deep:
            # Known by its sum, so that its header is all there is to refuse it by.
            payload = damaged(rng, payload, other)
            file = replace(file, sha256=hashlib.sha256(payload).hexdigest())
            return gzip.compress(payload), file, payload
        if rng.random() < 0.3:
            return gzip.compress(damaged(rng, payload, other)), file, payload
        zipped = gzip.compress(payload, rng.choice([0, 1, 9]))
        return damaged(rng, zipped, gzip.compress(other)), file, payload

    def read(made):
        blob, file, payload = made
        array = _sources.decode(blob, file)
        assert array.shape == file.shape
        assert idx(array) == payload

    fuzz(make, read, DownloadError)
