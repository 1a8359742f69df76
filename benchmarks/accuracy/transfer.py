"""How the classifiers do, as they come, on images of other sizes, and on few.

Each is cross-validated, or scored on images that were held out, beside an RBF SVM; the
digits are scikit-learn's, the others are made of the bundled sample of Fashion-MNIST.
Writes the results to transfer.json and the page docs/transfer.md.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC

from benchmarks.accuracy.setups import DEFAULTS, FORMER
from benchmarks.shared import machine
from benchmarks.shared.markdown import table
from benchmarks.shared.results import DOCS, Report, say
from skfashion import PixelScaler, load_fashion_sample

Data = tuple[np.ndarray, np.ndarray]

_SEEDS = (0, 1, 2)
_PAGE = """\
# Other images, and few of them

How do the defaults do on other images than Fashion-MNIST, and on few?

Written by `python -m benchmarks.accuracy.transfer` on {date}; do not edit. The
classifiers as they come, nothing but `PixelScaler` before them, beside the plain
networks that were the defaults before, and `SVC(C=10)`, whose kernel is radial:
accuracy in percent, the mean and standard deviation over the folds of 5-fold
cross-validation by {seeds} seeds.

{table}

The digits are scikit-learn's 1,797. The others are the 2,000 training images of the
bundled sample of Fashion-MNIST: as they are; resized to 32x32, each tinted by a colour
of its own on another; resized to 30x20, height first. Nothing was tuned on them.
"""


def _fashion() -> Data:
    bunch = load_fashion_sample()
    return bunch.images, bunch.target


def _resized(images: np.ndarray, height: int, width: int) -> np.ndarray:
    return np.stack(
        [np.asarray(Image.fromarray(image).resize((width, height))) for image in images]
    )


def _digits() -> Data:
    digits = load_digits()
    return digits.images.astype(np.uint8), digits.target


def _coloured() -> Data:
    images, y = _fashion()
    grey = _resized(images, 32, 32)[..., None] / 255
    rng = np.random.default_rng(0)
    fore, back = (rng.uniform(low, high, (len(y), 1, 1, 3)) for low, high in _SHADES)
    return (255 * (grey * fore + (1 - grey) * back)).astype(np.uint8), y


# Of the clothing, and of what is behind it.
_SHADES = ((0.4, 1.0), (0.0, 0.35))


def _tall() -> Data:
    images, y = _fashion()
    return _resized(images, 30, 20), y


_DATA: Mapping[str, Callable[[], Data]] = {
    "8x8 digits": _digits,
    "28x28, 2,000 images": _fashion,
    "32x32 in colour": _coloured,
    "30x20": _tall,
}
_CLASSIFIERS: Mapping[str, Callable[..., Any]] = {
    **DEFAULTS,
    **FORMER,
    "SVC(C=10)": lambda **_: SVC(C=10),
}


def main() -> None:
    """Run the command line."""
    parser = REPORT.parser(__doc__, _DATA)
    args = REPORT.parse(parser)
    stored = REPORT.stored(anew=args.anew)
    scores = stored.setdefault("scores", {})
    if args.only:
        stored["machine"] = machine.describe()
    for name in args.only:
        X, y = _DATA[name]()
        for title, make in _CLASSIFIERS.items():
            key = f"{name}: {title}"
            if key in scores:
                continue
            scores[key] = [
                float(score)
                for seed in _SEEDS
                for score in cross_val_score(
                    _pipeline(name, make(random_state=seed)),
                    X,
                    y,
                    cv=StratifiedKFold(5, shuffle=True, random_state=seed),
                )
            ]
            REPORT.keep(stored)
            say(f"{key}: {np.mean(scores[key]):.4f}")
    REPORT.write_page(stored)


def _pipeline(name: str, classifier: Any) -> Any:
    scaler = PixelScaler(
        max_value=16 if name == "8x8 digits" else None,
        flatten=isinstance(classifier, SVC),
    )
    return make_pipeline(scaler, classifier)


def _to_markdown(stored: dict[str, Any]) -> str:
    rows = []
    for name in _DATA:
        cells = [name]
        for title in _CLASSIFIERS:
            held = stored["scores"].get(f"{name}: {title}")
            told = "not measured"
            if held:
                told = f"{100 * np.mean(held):.1f} ± {100 * np.std(held, ddof=1):.1f}"
            cells.append(told)
        rows.append(cells)
    head = ["images", *_CLASSIFIERS]
    return _PAGE.format(
        date=stored["machine"]["date"],
        seeds=len(_SEEDS),
        table=table(head, rows, numbers=" rrrrr"),
    )


REPORT = Report(
    Path(__file__).with_name("transfer.json"), DOCS / "transfer.md", _to_markdown
)

if __name__ == "__main__":
    main()
