"""Which file may import which, and what an import may load."""

import ast
import subprocess
import sys
from pathlib import Path

import joblib
import pytest

import skfashion
from helpers.classifiers import make_mlp

PACKAGE = Path(skfashion.__file__).parent

# A folder may import those named in the rows above its own, and none else.
LAYERS = [
    {"exceptions"},
    {"_utils"},
    {"preprocessing", "metrics"},
    {"datasets", "displays", "comparison", "_backend"},
    {"_networks", "_serialization"},
    {"neural_network"},
    {"persistence"},
    {"recipes"},
    {"report"},
    {"_cli"},
    {"__init__"},
    {"__main__"},
]
# Where a library may be imported at all, and where at the top of the file.
ANYWHERE = {
    "tensorflow": {"_backend"},
    "keras": {"_backend"},
    "scikeras": {"neural_network"},
    "jinja2": {"report"},
    "matplotlib": {"displays", "report"},
    "PIL": {"preprocessing"},
    "pooch": {"datasets"},
}
AT_THE_TOP = {
    "tensorflow": {"_backend"},
    "keras": {"_backend"},
    "scikeras": set(),
    "jinja2": set(),
    "matplotlib": set(),
    "PIL": set(),
    "pooch": set(),
    "rich": {"__main__", "_cli"},
    "pandas": {"comparison", "metrics", "persistence", "recipes", "report", "_cli"},
}
# Folders whose import loads TensorFlow; others import them inside functions only.
HEAVY = {"_backend", "_networks"}

MODULES = sorted(
    path.relative_to(PACKAGE).with_suffix("") for path in PACKAGE.rglob("*.py")
)


def imports(module, *, top_only):
    """Yield the dotted names that a file imports, but for type checkers alone."""
    tree = ast.parse((PACKAGE / module).with_suffix(".py").read_text())
    nodes = list(tree.body) if top_only else list(ast.walk(tree))
    for_types = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for child in ast.walk(node)
    }
    if top_only:
        blocks = [node for node in nodes if isinstance(node, ast.With)]
        nodes += [child for block in blocks for child in block.body]
    for node in nodes:
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def rank(name):
    (found,) = (row for row, layer in enumerate(LAYERS) if name in layer)
    return found


def own(names):
    parts = (name.split(".") for name in names)
    found = {part[1] for part in parts if part[0] == "skfashion" and len(part) > 1}
    return {name for name in found if any(name in layer for layer in LAYERS)}


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_imports_point_one_way(module):
    name = module.parts[0]
    for imported in own(imports(module, top_only=False)) - {name}:
        assert rank(imported) < rank(name), f"{module} imports {imported}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_libraries_are_imported_where_they_belong(module):
    name = module.parts[0]
    for allowed, top_only in ((ANYWHERE, False), (AT_THE_TOP, True)):
        libraries = {i.split(".")[0] for i in imports(module, top_only=top_only)}
        for library in libraries & set(allowed):
            assert name in allowed[library], f"{module} imports {library}"


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_tensorflow_is_loaded_inside_functions(module):
    heavy = {"_callbacks", "_checkpoint"}
    if module.parts[0] not in HEAVY and module.name not in heavy:
        assert not own(imports(module, top_only=True)) & HEAVY


def loaded(code):
    """Import in a fresh process; return which heavy libraries that loads."""
    heavy = ("tensorflow", "keras", "scikeras", "matplotlib", "pandas")
    code += f"\nimport sys\nprint([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert run.stderr == ""
    return set(ast.literal_eval(run.stdout))


def test_import_is_light():
    assert loaded("import skfashion; dir(skfashion); skfashion.__version__") == set()


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
        "import os\nbefore = dict(os.environ)\nimport skfashion._backend.trainer as t\n"
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
    assert loaded(f"import joblib; joblib.load({str(path)!r})") >= {"keras"}


def test_every_public_name_is_there():
    for name in skfashion.__all__:
        assert getattr(skfashion, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        skfashion.nothing  # noqa: B018
    assert set(skfashion.__all__) <= set(dir(skfashion))
