import os
import signal

# Has scikit-learn's checks run their array API part too; read when SciPy loads.
os.environ["SCIPY_ARRAY_API"] = "1"
# Each of the processes of `-n 2` takes its part of the cores, as joblib's workers do.
if processes := int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "0")):
    part = max(1, (os.cpu_count() or 1) // processes)
    os.environ.setdefault("OMP_NUM_THREADS", str(part))

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings

# Fixtures of the tests that look at pages, and of those of commands.
from helpers.browser import driver, open_page, visit  # noqa: F401
from helpers.classifiers import make_cnn, make_mlp
from helpers.commands import (  # noqa: F401
    fixture_sampled,
    fixture_short,
    fixture_small,
    fixture_unsaved,
)
from skfashion import CLASS_NAMES, PixelScaler, load_fashion_sample

# The default suite is the same each time; `make fuzz` asks for the other profile.
# No time limit an example, for one in ten has TensorFlow trace; fixtures are shared
# by all examples of a test on purpose.
settings.register_profile(
    "default",
    max_examples=12,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    # To explain takes a trace of every line, TensorFlow's too.
    phases=[phase for phase in Phase if phase is not Phase.explain],
)
settings.register_profile(
    "long",
    settings.get_profile("default"),
    max_examples=500,
    derandomize=False,
    print_blob=True,
)
# Not what Hypothesis takes where it sees a CI service.
settings.load_profile("default")


@pytest.fixture(scope="session")
def sample():
    """The bundled 2,000 training images: bytes and class numbers."""
    X, y = load_fashion_sample(return_X_y=True)
    X.flags.writeable = y.flags.writeable = False
    return X, y


@pytest.fixture(scope="session")
def train(sample):
    """600 scaled images and their numbers."""
    X, y = sample
    return PixelScaler().fit_transform(X[:600]), y[:600]


@pytest.fixture(scope="session")
def test(sample):
    """The 500 scaled test images and their numbers."""
    X, y = load_fashion_sample(subset="test", return_X_y=True)
    return PixelScaler().fit_transform(X), y


@pytest.fixture(scope="session")
def names():
    return np.array(CLASS_NAMES)


@pytest.fixture(params=[make_mlp, make_cnn], ids=["mlp", "cnn"])
def make(request):
    """Makes either classifier, small."""
    return request.param


@pytest.fixture
def ctrl_c():
    """Have Ctrl-C be heard: a shell's background jobs ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
