"""The table as data: what is measured, with whom, and what must be reached."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.speed import storage, tasks
from benchmarks.speed.competitors import Competitor, ScikitLearn, Skorch
from benchmarks.speed.keras_competitors import PlainKeras, RawSciKeras, Skfashion
from benchmarks.speed.network import Network
from benchmarks.speed.onnx_competitor import OnnxRuntime

__all__ = ["ROWS", "Row"]


@dataclass(frozen=True)
class Row:
    """One line of work and its competitors, this package's own first.

    ``required`` holds the least ratio of another's figure to our own; ``ceiling``
    the most that our own may be. ``note`` says why a requirement is out of reach.
    """

    name: str
    work: str
    task: Callable[[Any, Network, int], tasks.Round]
    network: Network
    n_images: int
    competitors: tuple[Competitor, ...]
    required: dict[str, float] = field(default_factory=dict)
    ceiling: float | None = None
    least_rounds: int = 3
    unit: str = "s"
    note: str = ""


_OURS = Skfashion()
_OURS_FROM_BYTES = Skfashion("skfashion, from bytes", rescale=1 / 255)
_OURS_BFLOAT16 = Skfashion("skfashion, bfloat16", dtype_policy="mixed_bfloat16")
# With batches of one image, 256 of them are enough for XLA.
_OURS_XLA = Skfashion("skfashion, under XLA", batch_size=1)
_KERAS = PlainKeras()
_KERAS_BFLOAT16 = PlainKeras("plain Keras, bfloat16", dtype="mixed_bfloat16")
_SCIKERAS = RawSciKeras()
_ONNX = OnnxRuntime()
_SKLEARN = ScikitLearn()
_SKORCH = Skorch()
_SKORCH_BFLOAT16 = Skorch("skorch, bfloat16", autocast=True)

_MLP = Network(hidden=(300, 100))
_CNN = Network(hidden=(128,), filters=(32, 64), batch_size=128)

_RESIDUAL = Network(hidden=(), filters=(32, 64, 128), batch_size=128, residual=True)
_NORMALIZED = Network(hidden=(), filters=(32, 64, 128), batch_size=256, stem=16)

_ROWS = (
    Row(
        "dense-32",
        "one epoch of 784-32-10, Adam, batches of 32, 60,000 images",
        *(tasks.epochs, Network(hidden=(32,)), 60_000),
        (_OURS, _OURS_FROM_BYTES, _KERAS, _SKLEARN),
        {"plain Keras": 8, "MLPClassifier": 2},
    ),
    Row(
        "dense-32-dropout",
        "the same with dropout of 0.2",
        *(tasks.epochs, Network(hidden=(32,), dropout=0.2), 60_000),
        (_OURS, _KERAS),
        {"plain Keras": 9},
    ),
    Row(
        "sgd-300-100",
        "one epoch of 784-300-100-10, SGD, batches of 32, 60,000 images",
        *(tasks.epochs, Network(hidden=(300, 100), optimizer="sgd"), 60_000),
        (_OURS, _KERAS, _SKLEARN),
        {"plain Keras": 3.5, "MLPClassifier": 5},
        note="Products of 32 rows bound it: see what they reach alone, under "
        "XLA, on this machine, and the GFLOP/s of this row. Five times "
        "MLPClassifier would need more than that. Tried: XLA, which is in "
        "use; more batches a call, which changes nothing.",
    ),
    Row(
        "deep",
        "one epoch of 784-512-256-128-10, Adam, batches of 32, 60,000 images",
        *(tasks.epochs, Network(hidden=(512, 256, 128)), 60_000),
        (_OURS, _KERAS, _SKLEARN),
        {"plain Keras": 3, "MLPClassifier": 4},
    ),
    Row(
        "cnn",
        "one epoch of the CNN, float32, Adam, batches of 128, 60,000 images",
        *(tasks.epochs, _CNN, 60_000),
        (_OURS, _KERAS, _SKORCH),
        {"plain Keras": 1.3, "skorch": 1},
        note="The larger convolution and its gradients are 85% of the arithmetic "
        "and run here as fast as they do alone on this machine (see below); "
        "memory bounds the rest. Tried: one operation a variable for Adam "
        "and one copy a batch, both in use; ReLU after pooling, 2% faster "
        "but not what anyone publishes; XLA, 25 times slower.",
    ),
    Row(
        "cnn-bfloat16",
        "the same in mixed bfloat16; plain Keras in float32 too",
        *(tasks.epochs, _CNN, 60_000),
        (_OURS_BFLOAT16, _KERAS, _KERAS_BFLOAT16, _SKORCH_BFLOAT16),
        {"plain Keras": 1.9, "skorch, bfloat16": 1},
    ),
    Row(
        "normalized-cnn",
        "one epoch of a batch-normalised CNN, float32, Adam, batches of 256, 20,000 "
        "images",
        *(tasks.epochs, _NORMALIZED, 20_000),
        (_OURS, _KERAS, _SKORCH),
        {"plain Keras": 1.5, "skorch": 2.4},
    ),
    Row(
        "normalized-cnn-bfloat16",
        "the same in mixed bfloat16",
        *(tasks.epochs, _NORMALIZED, 20_000),
        (_OURS_BFLOAT16, _KERAS_BFLOAT16, _SKORCH_BFLOAT16),
        {"plain Keras, bfloat16": 1.5, "skorch, bfloat16": 2.4},
        note="290 GFLOP/s were asked for; those of this row are below. Tried: norms "
        "as one fused operation in bfloat16, in use. Convolutions and their gradients "
        "take nearly all of a step.",
    ),
    Row(
        "own-network",
        "one epoch of a residual CNN of the user's own, float32, Adam, batches of 128, "
        "20,000 images",
        *(tasks.epochs, _RESIDUAL, 20_000),
        (_OURS, _KERAS, _SCIKERAS),
        {"plain Keras": 1.15, "raw SciKeras": 1.2},
    ),
    Row(
        "own-second-fit",
        "another fit of that network, building included: one epoch of 1,000 images",
        *(tasks.second_fit, _RESIDUAL, 1000),
        (_OURS, _KERAS, _SCIKERAS),
        {"raw SciKeras": 5},
    ),
    Row(
        "first-fit",
        "first fit of a new MLP of about 300-100, building included: one epoch of "
        "6,000 images in batches of 32",
        *(tasks.first_fit, _MLP, 6000),
        (_OURS, _KERAS, _SCIKERAS),
        {"plain Keras": 1.2, "raw SciKeras": 1},
    ),
    Row(
        "second-fit",
        "another fit of the MLP 300-100, building included: one epoch of 1,000 "
        "images in batches of 32",
        *(tasks.second_fit, _MLP, 1000),
        (_OURS, _KERAS, _SCIKERAS, _SKLEARN),
        {"plain Keras": 12, "raw SciKeras": 22, "MLPClassifier": 2},
    ),
    Row(
        "clone-fit",
        "a clone's fit of the MLP 300-100: one epoch of 100 images in batches of 32",
        *(tasks.clone_fit, _MLP, 100),
        (_OURS, _SKLEARN),
        {"MLPClassifier": 1 / 2},
    ),
    Row(
        "cross-validation",
        "cross_val_score of the MLP 300-100: 20 folds of 1,000 images, one epoch each "
        "in batches of 32",
        *(tasks.cross_validation, _MLP, 1000),
        (_OURS, _SKLEARN),
        {"MLPClassifier": 1.8},
    ),
    Row(
        "grid-search",
        "GridSearchCV: three new hidden sizes, three folds and the refit; three "
        "epochs of 6,000 images in batches of 32",
        *(tasks.search, _MLP, 6000),
        (_OURS, _SCIKERAS, _SKLEARN),
        {"raw SciKeras": 5.5, "MLPClassifier": 1.4},
    ),
    Row(
        "predict-one-mlp",
        "predict_proba of one image, MLP 300-100",
        *(tasks.predict, _MLP, 1),
        (_OURS, _KERAS, _SKLEARN),
        {"plain Keras": 80, "MLPClassifier": 1},
    ),
    Row(
        "predict-one-cnn",
        "predict_proba of one image, CNN",
        *(tasks.predict, _CNN, 1),
        (_OURS, _KERAS, _SCIKERAS),
        {"plain Keras": 30, "raw SciKeras": 30},
    ),
    Row(
        "predict-10000-mlp",
        "predict_proba of 10,000 images, MLP 300-100",
        *(tasks.predict, _MLP, 10_000),
        (_OURS, _KERAS, _SKLEARN),
        {"plain Keras": 5, "MLPClassifier": 1 / 1.2},
        note="TensorFlow's products take as long as NumPy's. What is left is one "
        "copy of the pixels to where TensorFlow can read them, and a look "
        "at their scale. NumPy's own products would need no copy, but their "
        "bits change with the number of its threads, and so between "
        "joblib's workers. Tried: 256 to 10,000 rows a call; a traced "
        "function.",
    ),
    Row(
        "predict-10000-cnn",
        "predict_proba of 10,000 images, CNN",
        *(tasks.predict, _CNN, 10_000),
        (_OURS, _KERAS),
        {"plain Keras": 1.5},
    ),
    Row(
        "onnx-one-mlp",
        "predict_proba of one image, MLP 300-100, beside its ONNX file",
        *(tasks.predict, _MLP, 1),
        (_OURS, _ONNX, _SKLEARN),
    ),
    Row(
        "onnx-one-cnn",
        "the same of the CNN",
        *(tasks.predict, _CNN, 1),
        (_OURS, _ONNX),
    ),
    Row(
        "onnx-10000-mlp",
        "predict_proba of 10,000 images, MLP 300-100, beside its ONNX file",
        *(tasks.predict, _MLP, 10_000),
        (_OURS, _ONNX, _SKLEARN),
    ),
    Row(
        "onnx-10000-cnn",
        "the same of the CNN",
        *(tasks.predict, _CNN, 10_000),
        (_OURS, _ONNX),
    ),
    *(
        Row(
            name,
            f"{work}, a CNN fitted on 300 images; beside it, writing as many bytes to "
            "the disk and reading them",
            task,
            _CNN,
            300,
            (_OURS, storage.SameBytes()),
            {"the same bytes": 1 / 3},
        )
        for name, work, task in (
            ("save", "skfashion.save", storage.save),
            ("load", "skfashion.load", storage.load),
            ("pickle", "pickle.loads(pickle.dumps(...))", storage.pickled),
        )
    ),
    Row(
        "import",
        "importing skfashion beyond sklearn.base; its classes are loaded when named",
        *(tasks.import_time, _MLP, 0),
        (_OURS, Skfashion("skfashion, its classes")),
        ceiling=0.060,
        least_rounds=7,
    ),
    Row(
        "memory",
        "peak memory of a process that fits the MLP 300-100: one epoch of 60,000 "
        "images in batches of 32",
        *(tasks.peak_memory, _MLP, 60_000),
        (_OURS, _OURS_FROM_BYTES, _KERAS),
        {"plain Keras": 1},
        unit="B",
    ),
    Row(
        "growth",
        "what a process grows by in 180 fits of ever other MLPs, after 20 such fits: "
        "one epoch of 256 images and a prediction each",
        *(tasks.growth, Network(hidden=(16,)), 256),
        (_OURS, _OURS_XLA),
        ceiling=200e6,
        least_rounds=3,
        unit="B",
        note="TensorFlow never lets go of what XLA has compiled for it, so networks "
        "under XLA (batches of 1 have it here) leave more behind.",
    ),
)

ROWS = {row.name: row for row in _ROWS}
