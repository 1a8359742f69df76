"""The images, labels and weights that the tests of properties draw.

An example is a description, which Hypothesis can print. ``make`` turns it into arrays,
of real images. The sizes are few, for every new one has TensorFlow trace anew.
"""

import tempfile
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse
from hypothesis import strategies as st

nan, inf = np.nan, np.inf


def choose(draw, good, bad, wrong):
    """Draw what should work, or what may not."""
    return draw(st.sampled_from(list(bad) if wrong else list(good)))


# Images

ROWS = [40, 33, 20, 16, 9, 8, 2, 1]
SIZES = [(7, 7), (4, 7), (1, 2)]
DTYPES = [
    *["float32", "float64", "float16", "bool", "uint8", "uint16", "int64", "object"],
    *[">f4", ">f8", ">u2"],
]
ODD_DTYPES = ["complex64", "U", "S", "datetime64[s]", "timedelta64[s]", "longdouble"]
FORMS = {
    "rows": lambda a: a.reshape(len(a), a.shape[1] * a.shape[2]),
    "images": lambda a: a,
    "channel": lambda a: a[..., None],
    "colours": lambda a: np.stack([a, a, a], axis=-1),
}
ODD_FORMS = {
    "no rows": lambda a: a[:0],
    "no pixels": lambda a: a[:, :0],
    "one row": np.ravel,
    "a number": lambda a: a[0, 0, 0],
    "five dimensions": lambda a: a[..., None, None],
}
SPOILS = [nan, inf, -inf, 1e300, 1e38, 1e-40, -1.0, 255]


def on_disk(a):
    with tempfile.TemporaryFile() as file:
        out = np.memmap(file, a.dtype, "w+", shape=a.shape)
    out[...] = a
    return out


def unaligned(a):
    out = np.empty(a.nbytes + 1, np.uint8)[1:].view(a.dtype).reshape(a.shape)
    out[...] = a
    return out


def read_only(a):
    a.flags.writeable = False
    return a


def frame(a):
    rows = a.reshape(len(a), int(np.prod(a.shape[1:])))
    return pd.DataFrame(rows, columns=[f"pixel_{n}" for n in range(rows.shape[1])])


PLAIN_LAYOUTS = {
    "as it is": lambda a: a,
    "Fortran's": np.asfortranarray,
    "reversed": lambda a: a[::-1].copy()[::-1],
    "every other row": lambda a: np.repeat(a, 2, axis=0)[::2],
    "every other pixel": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    "read-only": read_only,
    "list": np.ndarray.tolist,
    "list of arrays": list,
    "tuple": lambda a: tuple(a.tolist()),
    "frame": frame,
    "frame without names": lambda a: pd.DataFrame(np.asarray(frame(a))),
}
MEMORY_LAYOUTS = {"on disk": on_disk, "unaligned": unaligned}
ODD_LAYOUTS = {
    "nullable frame": lambda a: frame(a).convert_dtypes(),
    "matrix": lambda a: np.matrix(np.asarray(frame(a))),
    "masked": np.ma.masked_array,
    "sparse": lambda a: scipy.sparse.csr_array(np.asarray(frame(a), float)),
    "sparse images": lambda a: scipy.sparse.coo_array(a.astype(float)),
    "frame with a hole": lambda a: frame(a).mask(frame(a) == a.flat[0], pd.NA),
    "ragged": lambda a: [*a.tolist(), [1.0]],
    "text": str,
    "set": lambda a: {1.0, 2.0},
    "iterator": iter,
    "nothing": lambda a: None,
}
LAYOUTS = PLAIN_LAYOUTS | MEMORY_LAYOUTS | ODD_LAYOUTS


@dataclass(frozen=True)
class Images:
    """Some images, cut to a size, in some type, form and layout."""

    first: int
    rows: int
    size: tuple[int, int]
    dtype: str
    form: str
    layout: str
    spoil: float | None

    def pixels(self, images):
        """As an array in C order, of the type and the form."""
        height, width = self.size
        a = images.reshape(-1, 28, 28)[self.first : self.first + self.rows]
        a = a[:, :: 28 // height, :: 28 // width]
        kind = np.dtype(self.dtype).kind
        if kind in "fcOUS":
            a = a / 255
            if self.spoil is not None:
                a.flat[len(a) * 3 % a.size] = self.spoil
        a = a > 127 if kind == "b" else a.astype("i8") if kind in "mM" else a
        with np.errstate(over="ignore"):
            a = a.astype(self.dtype)
        return np.array((FORMS | ODD_FORMS)[self.form](a), order="C")

    def make(self, images):
        return LAYOUTS[self.layout](self.pixels(images))


@st.composite
def some_images(draw, wrong=None, size=None):
    """Draw images; ``wrong`` names what may be wrong with them."""
    dtype = choose(draw, DTYPES, ODD_DTYPES, wrong == "dtype")
    form = choose(draw, FORMS, ODD_FORMS, wrong == "form")
    plain = {**PLAIN_LAYOUTS, **({} if dtype == "object" else MEMORY_LAYOUTS)}
    layout = choose(draw, plain, ODD_LAYOUTS, wrong == "layout")
    if form in ("a number", "no rows", "no pixels"):
        layout = "as it is"
    return Images(
        first=draw(st.integers(0, 400)),
        rows=draw(st.sampled_from(ROWS)),
        size=draw(st.sampled_from(SIZES)) if size is None else size,
        dtype=dtype,
        form=form,
        layout=layout,
        spoil=choose(draw, [None], SPOILS, wrong == "pixel"),
    )


# Labels: what becomes of the class numbers 0, 1, 2 of the images.

NAMES = np.array(["coat", "ärmel", "bag"])
LABELS = {
    "numbers": lambda y: y,
    "bytes": lambda y: y.astype(np.uint8),
    "negative": lambda y: y - 7,
    "large": lambda y: y.astype(np.uint64) + 2**63,
    "other end first": lambda y: y.astype(">i8"),
    "truths": lambda y: y > 0,
    "whole floats": lambda y: y.astype(float),
    "names": lambda y: NAMES[y],
    "names as objects": lambda y: NAMES[y].astype(object),
    "list of names": lambda y: NAMES[y].tolist(),
    "list": np.ndarray.tolist,
    "series": lambda y: pd.Series(y, index=range(9, 9 + len(y))),
    "series of names": lambda y: pd.Series(NAMES[y]),
    "categories": lambda y: pd.Series(NAMES[y]).astype("category"),
    "column": lambda y: y[:, None],
    "reversed": lambda y: y[::-1],
    "read-only": read_only,
    "single": lambda y: y * 0,
}
ODD_LABELS = {
    "fractions": lambda y: y + 0.5,
    "nan": lambda y: np.where(y == y[0], nan, y),
    "infinite": lambda y: np.where(y == y[0], inf, y),
    "complex": lambda y: y + 1j,
    "objects": lambda y: y.astype(object),
    "mixed": lambda y: np.where(y == y[0], "coat", y.astype(object)),
    "holes": lambda y: np.where(y == y[0], None, NAMES[y].astype(object)),
    "series with holes": lambda y: pd.Series(NAMES[y]).mask(y == y[0]),
    "nullable": lambda y: pd.Series(y, dtype="Int64"),
    "dates": lambda y: y.astype("datetime64[D]"),
    "raw text": lambda y: y.astype("S"),
    "tuples": lambda y: [(int(n), 0) for n in y],
    "two columns": lambda y: np.stack([y, y], axis=1),
    "three dimensions": lambda y: y[:, None, None],
    "short": lambda y: y[:-1],
    "long": lambda y: [*y, 0],
    "empty": lambda y: [],
    "a number": lambda y: 1,
    "text": lambda y: "coat",
    "set": lambda y: {0, 1},
    "nothing": lambda y: None,
}


@dataclass(frozen=True)
class Labels:
    """The labels of some images, in some sort."""

    sort: str

    def make(self, numbers, images):
        rows = slice(images.first, images.first + images.rows)
        return (LABELS | ODD_LABELS)[self.sort](numbers[rows] % 3)


def some_labels(wrong=False):
    return st.sampled_from(list(ODD_LABELS if wrong else LABELS)).map(Labels)


# Weights, of so many rows

WEIGHTS = {
    "none": lambda n: None,
    "ones": np.ones,
    "integers": lambda n: np.arange(n) + 1,
    "some zero": lambda n: np.arange(n) % 2 + 1.0 * (n == 1),
    "list": lambda n: [0.5] * n,
    "series": lambda n: pd.Series(np.linspace(1, 2, n)),
    "float32": lambda n: np.full(n, 3, np.float32),
}
ODD_WEIGHTS = {
    "zero": np.zeros,
    "negative": lambda n: -np.ones(n),
    "nan": lambda n: np.full(n, nan),
    "infinite": lambda n: np.full(n, inf),
    "huge": lambda n: np.full(n, 1e308),
    "tiny": lambda n: np.full(n, 5e-324),
    "truths": lambda n: np.ones(n, bool),
    "short": lambda n: np.ones(n - 1),
    "two columns": lambda n: np.ones((n, 2)),
    "a number": lambda n: 2.0,
    "text": lambda n: ["heavy"] * n,
    "complex": lambda n: np.ones(n) * 1j,
    "objects": lambda n: np.array([None] * n),
}


def some_weights(wrong=False):
    return st.sampled_from(list(ODD_WEIGHTS if wrong else WEIGHTS))


def make_weights(sort, n_rows):
    return (WEIGHTS | ODD_WEIGHTS)[sort](n_rows)
