"""What the docstring of each public name says, beside what the code does."""

import dataclasses
import importlib
import inspect
import re
import runpy
from pathlib import Path

import pandas as pd
import pytest
from numpydoc.validate import validate
from sklearn.utils._param_validation import StrOptions

from helpers.classifiers import make_cnn, make_keras, make_mlp
from helpers.docstrings import (
    as_document,
    as_value,
    default_of,
    find_exception,
    parameters,
    raised_by,
    sections,
    signature,
)
from helpers.public_names import public_methods, public_names
from skfashion import (
    FashionCNNClassifier,
    FashionMLPClassifier,
    KerasImageClassifier,
    PixelScaler,
)
from skfashion.inspection import Embedding

# Checks of numpydoc that no docstring here has to pass.
PASSED_OVER = {
    "ES01": "a summary line may be all that there is to say",
    "EX01": "asked of classes and functions alone, below",
    "SA01": "the same",
}
WITHOUT_EXAMPLES = {
    "CheckpointWarning": "a disk that is full or a machine of other threads",
    "DownloadError": "a network that is gone",
    "ForkError": "a process that is forked",
    "MissingExtraError": "a library that is not installed",
    "NotReproducibleWarning": "a layer of one's own that draws by itself",
    "OtherVersionWarning": "a library of another version",
    "TrainingInterruptedWarning": "somebody who presses Ctrl-C",
}
# What a seed decides, and what a rescaled pixel goes to, differ with the network.
OWN = {"random_state", "rescale", "image_shape"}

NAMES = {name: o for name, o in public_names().items() if callable(o)}
DATA = sorted(public_names().keys() - NAMES.keys())
CLASSES = {name: o for name, o in NAMES.items() if inspect.isclass(o)}
METHODS = {
    f"{name}.{method}": member.__func__ if isinstance(member, classmethod) else member
    for name, kind in CLASSES.items()
    for method, member in public_methods(kind).items()
}
DOCUMENTED = NAMES | METHODS
# Exceptions are told apart by their names, and take what every exception takes.
EXCEPTIONS = {name for name in NAMES if name.startswith("skfashion.exceptions.")}
CALLED = {
    name: o
    for name, o in DOCUMENTED.items()
    if name not in EXCEPTIONS and not isinstance(o, property)
}

each = pytest.mark.parametrize
DOCS = Path(__file__).parent.parent / "docs"
find_data_docs = runpy.run_path(str(DOCS / "_ext" / "data_docs.py"))["find"]


@each("name", DOCUMENTED)
def test_numpydoc_finds_nothing_wrong(name):
    errors = validate(as_document(DOCUMENTED[name]))["errors"]
    assert [error for error in errors if error[0] not in PASSED_OVER] == []


@each("name", DATA)
def test_data_has_a_docstring_for_the_reference(name):
    summary, empty, *text = find_data_docs(name)
    assert summary.endswith(".")
    assert not empty
    # Of what type it is.
    assert re.match("A (tuple|mapping) of ", text[0])


@each("name", CALLED)
def test_defaults_are_those_of_the_signature(name):
    told = {k: kind for k, (kind, _) in parameters(CALLED[name]).items()}
    for parameter in signature(CALLED[name]).values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        _, said, text = told[parameter.name].partition(", default=")
        assert bool(said) == (parameter.default is not parameter.empty), parameter
        if said:
            default = default_of(CALLED[name], parameter)
            assert repr(as_value(text)) == repr(default), parameter
    assert not any("default=" in told[name] for name in told if name.startswith("*"))


@each("name", CALLED)
def test_arrays_have_their_shapes(name):
    found = sections(CALLED[name])
    for section in ("Parameters", "Attributes", "Returns"):
        for entry in found[section]:
            assert entry.type, entry
            assert entry.desc, entry
            if entry.type.startswith(("array-like", "ndarray")):
                assert re.search(r" of (the )?shape ", entry.type), entry


@each("name", CALLED)
def test_what_is_raised_is_told(name):
    told = [
        kind
        for entry in sections(CALLED[name])["Raises"]
        for kind in entry.type.split(", ")
    ]
    kinds = [find_exception(kind) for kind in told]
    assert None not in kinds, told
    called = CALLED[name]
    if inspect.isclass(called):
        written = "__post_init__" if dataclasses.is_dataclass(called) else "__init__"
        called = vars(called).get(written)
    for raised in raised_by(called) if called else ():
        assert any(issubclass(raised, kind) for kind in kinds), raised


@each("name", NAMES)
def test_an_example_is_run(name):
    examples = "\n".join(sections(NAMES[name])["Examples"])
    if name.rpartition(".")[2] in WITHOUT_EXAMPLES:
        assert not examples
        return
    assert ">>> " in examples
    # All of the data is 30 MB away.
    assert "+SKIP" not in examples or name.endswith(".fetch_fashion_mnist")


@each("name", [name for name in NAMES if name not in EXCEPTIONS])
def test_neighbours_are_named_and_are_there(name):
    folder = importlib.import_module(name.rpartition(".")[0])
    neighbours = [
        neighbour
        for group, _ in sections(NAMES[name])["See Also"]
        for neighbour, _ in group
    ]
    assert neighbours
    for neighbour in neighbours:
        # A name of this folder, or a whole one: the site makes a link of either.
        if hasattr(folder, neighbour):
            assert neighbour in folder.__all__
        elif neighbour.startswith("skfashion."):
            assert neighbour in DOCUMENTED
        else:
            module, _, attribute = neighbour.rpartition(".")
            assert hasattr(importlib.import_module(module), attribute)


@each("name", [name for name in CLASSES if hasattr(CLASSES[name], "_get_param_names")])
def test_choices_are_those_that_the_check_lets_pass(name):
    told = parameters(CLASSES[name])
    constraints = getattr(CLASSES[name], "_parameter_constraints", {})
    for parameter, allowed in constraints.items():
        for constraint in allowed if parameter in told else ():
            if isinstance(constraint, StrOptions):
                quoted = set(re.findall('"(.*?)"', told[parameter][0]))
                assert quoted == constraint.options, parameter


@each(
    "made",
    [
        make_mlp(epochs=1),
        make_cnn(epochs=1),
        make_keras(epochs=1),
        Embedding(make_mlp(epochs=1)),
        PixelScaler(),
    ],
    ids=lambda made: type(made).__name__,
)
def test_attributes_are_those_that_fit_gives(made, train):
    X, y = train
    fitted = made.fit(pd.DataFrame(X[:40]).add_prefix("pixel "), y[:40])
    told = {entry.name for entry in sections(type(made))["Attributes"]}
    there = {*vars(fitted), *public_methods(type(made))}
    assert told >= {n for n in there if n.endswith("_") and not n.startswith("_")}
    # Those that `load` gives.
    assert all(hasattr(fitted, name) for name in told - {"class_names_"})


def test_parameters_of_both_classifiers_are_described_alike():
    shared = described_alike(FashionMLPClassifier, FashionCNNClassifier)
    assert len(shared) > 15


def test_parameters_of_the_third_are_described_as_those_of_the_cnn():
    shared = described_alike(FashionCNNClassifier, KerasImageClassifier, but=OWN)
    assert len(shared) >= 12


def described_alike(one, other, but=()):
    """Names that two have both, all but some described alike but for the default."""
    one, other = parameters(one), parameters(other)
    shared = one.keys() & other.keys() - set(but)
    for name in shared:
        (kind, text), (other_kind, other_text) = one[name], other[name]
        assert kind.split(", default=")[0] == other_kind.split(", default=")[0]
        assert text == other_text
    return shared
