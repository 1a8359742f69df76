"""The tables for those who come from another package, against the code."""

import ast
import inspect
import re
from pathlib import Path

import keras
import numpy as np
import pytest
import sklearn.callback
from scikeras.wrappers import KerasClassifier
from sklearn.neural_network import MLPClassifier

import skfashion
from helpers.classifiers import make_mlp
from skfashion import FashionMLPClassifier, KerasImageClassifier

PAGES = Path(__file__).parent.parent / "docs" / "migration"


def table(name):
    """The rows of the first table on a page, each of two cells."""
    section = (PAGES / f"{name}.md").read_text().split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    rows = [tuple(cell.strip() for cell in line.split("|")[1:-1]) for line in lines]
    assert all(len(row) == 2 for row in rows)
    return rows[2:]


def codes(cell):
    return re.findall("`([^`]+)`", cell)


def options(code):
    """The keyword arguments that code is, by name; empty where it is other code."""
    try:
        call = ast.parse(f"f({code})", mode="eval").body
    except SyntaxError:
        return {}
    if call.args or not all(keyword.arg for keyword in call.keywords):
        return {}
    return {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}


KINDS = {
    "mlpclassifier": FashionMLPClassifier,
    "scikeras": KerasImageClassifier,
    "keras": KerasImageClassifier,
    "keras-wrappers": KerasImageClassifier,
    "skorch": KerasImageClassifier,
}
OURS = [
    (kind, code)
    for name, kind in KINDS.items()
    for _, cell in table(name)
    for code in codes(cell)
]
SETTINGS = dict.fromkeys((kind, code) for kind, code in OURS if options(code))
OTHERS = dict.fromkeys((kind, code) for kind, code in OURS if not options(code))


def build(image_shape, n_classes, width=4, activation="softmax"):
    layers = [keras.layers.Flatten(), keras.layers.Dense(width)]
    output = keras.layers.Dense(n_classes, activation)
    return keras.Sequential([keras.Input(image_shape), *layers, output])


@pytest.fixture(scope="module")
def known(train):
    """What the cells' names stand for."""
    X, y = train[0][:64], train[1][:64]
    names = np.array(["bag", "coat"])
    classifiers = {
        FashionMLPClassifier: make_mlp(epochs=1),
        KerasImageClassifier: KerasImageClassifier(build, epochs=1),
    }
    return {
        "fitted": {k: c.fit(X, names[y % 2]) for k, c in classifiers.items()},
        "clf": classifiers[KerasImageClassifier],
        "model": build((28, 28, 1), 2),
        "weights": np.ones(64),
        "labels": names[y % 2],
        **{"X": X, "y": names[y % 2], "X_val": X, "y_val": names[y % 2]},
        **{"sample_weight": np.ones(64), "classes": names},
        **{"keras": keras, "skfashion": skfashion, "numpy": np, "build": build},
        "sklearn": sklearn,
        **{"image_shape": (28, 28, 1), "n_classes": 2},
    }


# What is so where nothing is asked for: "`epochs=200`; by default 15", of the first
# parameter that a cell names.
SAID = re.compile(r"; by default (`[^`]+`|\"[^\"]*\"|\([^)]*\)|[\d.]+\d|\d)")
STATED = [
    (kind, next(iter(options(codes(cell)[0]))), said.strip("`"))
    for name, kind in KINDS.items()
    for _, cell in table(name)
    for said in SAID.findall(cell)
]


def test_every_default_that_is_stated_is_compared():
    cells = [cell for name in KINDS for _, cell in table(name)]
    assert sum(cell.count("default") for cell in cells) == len(STATED)


@pytest.mark.parametrize(("kind", "parameter", "said"), STATED, ids=str)
def test_a_default_is_the_one_that_is_stated(kind, parameter, said):
    default = inspect.signature(kind).parameters[parameter].default
    assert default == ast.literal_eval(said)


@pytest.mark.parametrize(("kind", "code"), SETTINGS, ids=str)
def test_a_classifier_is_fitted_with_what_a_cell_says(
    kind, code, known, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    params = {name: eval(held, known) for name, held in options(code).items()}
    held = known["fitted"][kind].get_params(deep=False)
    # No more epochs than needed, but those that the cell is about.
    clf = kind(**{**held, **params, "epochs": min(params.get("epochs", 1), 2)})
    if "from_logits" in params:
        clf.set_params(network=skfashion.Network(build, activation=None))
    X = known["X"] if clf.rescale is None else known["X"] * 255
    clf.fit(X, known["labels"])
    assert np.isfinite(clf.loss_curve_).all()


@pytest.mark.parametrize(("kind", "code"), OTHERS, ids=str)
def test_what_a_cell_names_is_there(kind, code, known, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fitted = known["fitted"][kind]
    call = ast.parse(code, mode="eval").body
    if code == "PixelScaler":
        assert hasattr(skfashion, code)
    elif isinstance(call, ast.Name):
        assert hasattr(fitted, code)
    elif isinstance(call, ast.Dict):
        search = kind(skfashion.Network(build, width=4))
        for name, values in eval(code).items():
            search.set_params(**{name: values[0]})
    elif isinstance(call, ast.Call) and hasattr(fitted, ast.unparse(call.func)):
        method = getattr(fitted, ast.unparse(call.func))
        eval(code, {**known, call.func.id: method})
    else:
        skfashion.save(known["clf"], "m")
        eval(code, known)


# All that the others have is told of.


def words(name):
    return set(re.findall(r"\w+", " ".join(cell for cell, _ in table(name))))


def parameters(function):
    named = inspect.signature(function).parameters
    return named.keys() - {"self", "kwargs", "x", "y"}


# Those of `NeuralNetClassifier` and `NeuralNet` in skorch 1.4, which needs PyTorch and
# is none of the packages that the tests have.
OF_SKORCH = {
    "batch_size",
    "callbacks",
    "classes",
    "compile",
    "criterion",
    "dataset",
    "device",
    "iterator_train",
    "iterator_valid",
    "lr",
    "max_epochs",
    "module",
    "optimizer",
    "predict_nonlinearity",
    "torch_load_kwargs",
    "train_split",
    "use_caching",
    "verbose",
    "warm_start",
}


def test_every_parameter_of_theirs_has_a_row():
    wrapper = keras.wrappers.SKLearnClassifier.__init__
    assert parameters(wrapper) <= words("keras-wrappers")
    assert words("skorch") >= OF_SKORCH
    assert parameters(MLPClassifier) <= words("mlpclassifier")
    assert parameters(KerasClassifier.__init__) <= words("scikeras")
    both = parameters(keras.Model.fit) | parameters(keras.Model.compile)
    assert both <= words("keras")


def test_settings_of_theirs_are_theirs():
    kinds = {"mlpclassifier": MLPClassifier, "scikeras": KerasClassifier}
    kinds["keras-wrappers"] = keras.wrappers.SKLearnClassifier
    for page, kind in kinds.items():
        for cell, _ in table(page):
            for code in codes(cell):
                for name in options(code):
                    inner = name.split("__")[0] if "__" in name else name
                    routed = inner in ("fit", "predict", "width")
                    assert routed or inner in parameters(kind.__init__), name


def test_settings_of_skorch_begin_with_a_parameter_of_its():
    for cell, _ in table("skorch"):
        for code in codes(cell):
            assert {name.split("__")[0] for name in options(code)} <= {
                *OF_SKORCH,
                "X",
            }, code


def test_what_is_said_of_the_wrapper_of_keras():
    def build_rows(X, y):
        output = keras.layers.Dense(y.shape[1], "softmax")
        model = keras.Sequential([keras.Input(X.shape[1:]), output])
        model.compile("adam", "categorical_crossentropy")
        return model

    fitted = keras.wrappers.SKLearnClassifier(build_rows, fit_kwargs={"verbose": 0})
    X, y = np.random.default_rng(0).random((20, 4)), np.arange(20) % 2
    fitted.fit(X, y)
    assert isinstance(fitted.history_, keras.callbacks.History)
    assert fitted.decision_function(X).sum(axis=1) == pytest.approx(1)
    assert not hasattr(fitted, "predict_proba")
    assert sklearn.base.clone(fitted).fit_kwargs is None
    with pytest.raises(ValueError, match="dim 3"):
        fitted.fit(X.reshape(20, 2, 2), y)


def test_attributes_of_theirs_are_theirs(train):
    clf = MLPClassifier((4,), max_iter=1, early_stopping=True)
    with pytest.warns(UserWarning, match="Maximum iterations"):
        clf.fit(*train)
    cells = " ".join(cell for cell, _ in table("mlpclassifier"))
    told = re.findall(r"`(\w+_)`", cells)
    assert len(told) > 8
    assert all(hasattr(clf, name) for name in told)


def test_the_penalty_is_that_of_keras(train):
    from skfashion._networks.keras_model import build as build_own

    clf = make_mlp(epochs=1, alpha=2 * 32 * 0.01, batch_size=32).fit(*train)
    network = clf._fitted_network
    layer = build_own(network.config, network.values).get_layer("hidden_1")
    assert float(layer.kernel_regularizer.l2) == pytest.approx(0.01)
