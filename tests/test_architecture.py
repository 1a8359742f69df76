"""What an import may load; which folder may import which is in pyproject.toml."""

import ast
import pkgutil
import subprocess
import sys

import joblib
import pytest

import skfashion
from helpers.classifiers import make_mlp

# Loaded by what needs them, when it does.
LATE = {
    "tensorflow",
    "keras",
    "scikeras",
    "matplotlib",
    "jinja2",
    "onnx",
    "PIL",
    "pooch",
}


def loaded(code):
    """Import in a fresh process; return which heavy libraries that loads."""
    heavy = {*LATE, "pandas"}
    code += f"\nimport sys\nprint([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert run.stderr == ""
    return set(ast.literal_eval(run.stdout))


def test_import_is_light():
    assert loaded("import skfashion; dir(skfashion); skfashion.__version__") == set()


def test_every_public_module_and_the_commands_are_light():
    modules = (name for _, name, _ in pkgutil.iter_modules(skfashion.__path__))
    names = [f"skfashion.{name}" for name in modules if not name.startswith("_")]
    assert len(names) > 5
    assert not loaded(f"import {', '.join(names)}, skfashion.__main__") & LATE


def test_estimators_are_made_without_tensorflow():
    code = (
        "from skfashion import *\nfrom sklearn.base import clone\n"
        "for made in (FashionMLPClassifier(), FashionCNNClassifier(), PixelScaler()):\n"
        "    repr(clone(made)); made._repr_html_()"
    )
    # scikit-learn itself loads pandas here.
    assert loaded(code) <= {"pandas"}


def test_tensorflow_starts_without_notices_and_leaves_the_environment():
    code = (
        "import os\nbefore = dict(os.environ)\nimport skfashion._backend.runtime as t\n"
        "t.tf.zeros(1) + 1\n"
        "# TensorFlow itself sets this one when it loads.\n"
        "changed = {k for k in {**before, **os.environ}"
        " if before.get(k) != os.environ.get(k)}\n"
        "assert 'TF_CPP_MIN_LOG_LEVEL' not in changed, changed"
    )
    assert loaded(code) >= {"tensorflow", "keras"}


def test_what_others_write_while_tensorflow_starts_is_not_lost():
    code = (
        "import sys, threading, time\n"
        "def talk():\n"
        "    while 'tensorflow' not in sys.modules: time.sleep(0.01)\n"
        "    sys.stderr.write('a word\\n')\n"
        "thread = threading.Thread(target=talk)\n"
        "thread.start()\n"
        "import skfashion._backend.trainer\n"
        "thread.join()\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "a word\n")


def test_tensorflow_starts_where_standard_error_is_closed():
    code = (
        "import io, os, sys\n"
        "os.close(2)\n"
        "# A module of NumPy 2.0 takes hold of it when it is imported.\n"
        "sys.stderr = io.StringIO()\n"
        "import numpy.f2py\n"
        "sys.stderr = None\n"
        "import skfashion._backend.trainer\n"
        "print(skfashion._backend.trainer.keras.ops.ones(1).shape)"
    )
    run = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert (run.returncode, run.stdout) == (0, b"(1,)\n")


def test_a_pickled_classifier_is_loaded_without_notices(tmp_path, train):
    path = tmp_path / "model.joblib"
    joblib.dump(make_mlp(epochs=1).fit(*train), path)
    load = f"import joblib; fitted = joblib.load({str(path)!r})"
    # A network is a value, and one row goes through NumPy.
    one = f"{load}; fitted.predict([[0.5] * 784])"
    assert loaded(one) <= {"pandas"}
    assert loaded(f"{load}; fitted.predict([[0.5] * 784] * 2)") >= {"keras"}


def test_every_public_name_is_there():
    for name in skfashion.__all__:
        assert getattr(skfashion, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        skfashion.nothing  # noqa: B018
    assert set(skfashion.__all__) <= set(dir(skfashion))
