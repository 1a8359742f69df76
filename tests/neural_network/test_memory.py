"""A fitted classifier takes little more memory than its weights."""

import json
import subprocess
import sys

import pytest

# Times its weights, before anyone asks for the Keras model.
MOST = 1.3
WARM_UP, KEPT = 10, 50
CODE = """
import ctypes, gc, json, os, pickle, sys
from pathlib import Path
import skfashion
from sklearn.base import clone

place, warm_up, number = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
X, y = skfashion.load_fashion_sample(return_X_y=True)
X = skfashion.PixelScaler().fit_transform(X[:128])
mlp = skfashion.FashionMLPClassifier((300, 100), epochs=1, random_state=0)

def resident():
    gc.collect()
    # What the C library keeps free for later is held by nobody; where it leaves such
    # holes differs with the processor, by whose width TensorFlow's buffers go.
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")

def growth(make):
    kept = [make() for _ in range(warm_up)]
    before = resident()
    kept += [make() for _ in range(number)]
    return (resident() - before) / number, kept

fitted, all_fitted = growth(lambda: clone(mlp).fit(X, y[:128]))
pickled = pickle.dumps(all_fitted[0])
skfashion.save(all_fitted[0], place)
unpickled, all_unpickled = growth(lambda: pickle.loads(pickled))
loaded, all_loaded = growth(lambda: skfashion.load(place))
print(json.dumps({"fitted": fitted, "unpickled": unpickled, "loaded": loaded}))
"""
WEIGHTS = 4 * (784 * 300 + 300 + 300 * 100 + 100 + 100 * 10 + 10)


@pytest.fixture(scope="module")
def bytes_each(tmp_path_factory):
    """Bytes by which a fresh process grows with each of many that it keeps."""
    place = tmp_path_factory.mktemp("memory") / "model.skfashion"
    run = subprocess.run(
        [sys.executable, "-c", CODE, place, str(WARM_UP), str(KEPT)],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(run.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("made", ["fitted", "unpickled", "loaded"])
def test_it_takes_little_more_memory_than_its_weights(made, bytes_each):
    # At least the weights, or else nothing was measured.
    assert 0.9 * WEIGHTS < bytes_each[made] <= MOST * WEIGHTS
