"""The page on scale: every number comes from the results, or is reckoned from them."""

from typing import Any

from benchmarks.scaling.estimates import estimates
from benchmarks.scaling.onnx_files import NETWORKS
from benchmarks.scaling.search import CLASSIFIERS, N_FITS, WAYS
from benchmarks.scaling.tables import (
    growth,
    memory,
    models,
    onnx_files,
    predictions,
    searches,
    sent,
)
from benchmarks.shared.markdown import table

__all__ = ["to_markdown"]

_PAGE = """\
# Many cores, many machines, more data than memory

What do more cores, more machines and memory maps gain, and what do they cost?

Written by `python -m benchmarks.scaling.run` (`make scaling`) on {date}; do not edit.
On {machine}.
Classifiers and set-ups are those of that day; their defaults have changed since where
[the changelog](changelog.md) says so.
The [guide](guide/scaling-out.md) shows how it is written. "Load" is how
many processes ran or waited on this machine before and after, those that are measured
among them: above the number of cores, others slowed them down.

## What to run

{advice}

One fit is trained on one machine: no gradient travels. More machines train more
candidates, folds or seeds at a time, not one of them sooner.

{estimates}

## A search on two cores

{fits} fits of the classifiers as they come, over as many learning rates, `GridSearchCV`
with one split: seconds of `GridSearchCV.fit`, the import of TensorFlow and the start of
loky's workers included. Dask's workers are there before. Prepared ones have imported
TensorFlow too, as those of a standing cluster (`dask worker --preload tensorflow`), and
allocate memory as other processes do: Dask sets `MALLOC_TRIM_THRESHOLD_=65536` for its
workers, which makes every training step ask the system anew for memory that the step
before gave back. The [guide](guide/scaling-out.md) has the line that
leaves it out.

{search}

Threads are TensorFlow's, in each process. joblib and Dask give each of two workers one,
`n_jobs=1` has as many as there are cores. Scores are log losses, compared to the last
bit with those of `n_jobs=1` by one thread.

## What travels, in bytes

{sent}

Pixels stay 8-bit until their batch is computed (`rescale=1/255`); scaled beforehand
they are four times as many bytes. loky maps every array of more than 1 MB; smaller
ones, as labels and the numbers of rows are here, go along with each task, unless
`joblib.parallel_config(max_nbytes="10k")` says otherwise.

{models}

## When a worker is killed

The search goes on, and its scores are the same bits
(`tests/scaling/test_dask.py::test_a_search_survives_a_killed_worker`, by `make
cluster`), if every array that tasks need was sent ahead to all workers and stays there:

- the images, the labels and **the splits, as a list**, go into `scatter`. What joblib
  finds to be large by itself goes to one worker only, and is lost with it: the search
  then ends with a `FutureCancelledError`. So do `cv=3`, which makes its row numbers as
  it goes, and `HalvingGridSearchCV`.
- `client.amm.stop()` keeps Dask from dropping the copies that no task waits for at the
  moment.

The price is in the table above: scikit-learn 1.9 sends the search itself along with
each task, and the splits with it, 8 bytes a row and split.

loky does not replace a worker that is killed: the search raises
`TerminatedWorkerError`, and is begun anew.

## More data than memory

The training set, over and over, as bytes in one memory map; one epoch of
`FashionMLPClassifier((32,), rescale=1/255)`, which trains fastest, so that reading
weighs most, timed after a fit of the first 60,000, which compiles. Anonymous memory is
what the process made itself, at its most, beyond what it held when TensorFlow was
imported; pages of the file are not counted, which the system takes back at need.

{memory}
{growth}
What grows is the order of the epoch and the class numbers, 8 bytes an image each. The
rows of an epoch are read in a random order: from a disk, where the file does not fit
into the memory that is free, that is a read of a page for each image. There
`partial_fit` over blocks reads in order.

Prediction of the same set by two Dask workers of one thread, into a memory map:

{predict}

## Without TensorFlow: ONNX

`skfashion.to_onnx` writes a file that takes images and gives labels and probabilities.
Here ONNX Runtime computes it in an environment that has neither TensorFlow nor this
package, on the test images as bytes, beside the same weights in float32 by the
classifier itself:

{onnx}

[The benchmarks](benchmarks.md) have ONNX Runtime beside `MLPClassifier`.

## Meta-estimators and other packages

[Among other tools](ecosystem.md) names each meta-estimator of scikit-learn that takes
the classifiers, and the packages of others that do; tests hold that page to what
passes.

## Several devices

- **Memory.** TensorFlow takes all memory of all GPUs; `TF_FORCE_GPU_ALLOW_GROWTH=true`
  in the environment, before it starts, has it take what it needs.
- **One process a device.** `CUDA_VISIBLE_DEVICES`, before TensorFlow starts, leaves one
  device to a process; the guide shows how each of Dask's workers gets its own.
- **Mixed precision.** `dtype_policy="mixed_bfloat16"`, or `"auto"`.
- One fit uses one device, and so do all fits of a process: `tf.device` does not move a
  network that was compiled on another before.

Tested: with two virtual CPU devices, fits, `partial_fit`, predictions and copies give
the same bits under `tf.device` of either, in both types
(`tests/scaling/test_devices.py`); each of two workers is left a number of its own, also
when it was started again. **Not tested: any real GPU.**

## Ray

```python
from ray.util.joblib import register_ray

register_ray()
with joblib.parallel_config("ray"):
    search.fit(X, y)
```

Two of Ray's processes give the bits of one (`tests/scaling/test_ray.py`, run where Ray
is installed; it is no dependency).

## What is untested

- More than two processes, and more than one machine: the figures for 10 and 1,000 are
  reckoned, not measured.
- Real GPUs; a network file system; a scheduler that is killed.
- A file that does not fit into memory: the memory map above was in the system's cache.
{short}"""


_ADVICE = [
    [
        "1 machine",
        "`n_jobs=2` on 2 cores, as many as there are cores on more: each fit on one "
        "core; `n_jobs=1` where there are fewer fits than cores",
        "the pixels, once, through a file that all processes map",
    ],
    [
        "10 machines",
        "`dask scheduler` on one, `dask worker --nworkers CORES --nthreads 1` on each, "
        '`joblib.parallel_config("dask", scatter=...)`',
        "the pixels, once a process",
    ],
    [
        "1,000 machines",
        "the same; images that are large on a disk that all share, opened by name",
        "names of files, and fitted models",
    ],
    [
        "one model, more data than memory",
        "one machine: `fit` over a memory map on a fast disk, `partial_fit` over "
        "blocks from a slow one",
        "nothing",
    ],
    [
        "predictions of any number of images",
        "a worker a core, each opens its part by name, and writes into a memory map",
        "the model, once a process",
    ],
]


def to_markdown(stored: dict[str, Any]) -> str:
    """Write the page from stored results."""
    here = stored["machine"]
    return _PAGE.format(
        date=here["date"],
        machine=f"{here['processor']}, {here['cores']} cores, "
        f"{here['memory_bytes'] / 1e9:.0f} GB",
        fits=N_FITS,
        advice=table(["", "what to run", "what travels"], _ADVICE),
        estimates=estimates(stored),
        search=searches(stored.get("search", {})),
        sent=sent(stored.get("sent", {})),
        models=models(stored.get("sent", {})),
        memory=memory(stored.get("memory", {})),
        growth=growth(stored.get("memory", {})),
        onnx=onnx_files(stored.get("onnx", {})),
        predict=predictions(stored.get("predict", {})),
        short=_short(stored),
    )


def _short(stored: dict[str, Any]) -> str:
    """Say what was not measured at the sizes that are asked for."""
    lines = []
    searches = stored.get("search", {})
    for classifier in CLASSIFIERS:
        missing = [
            name
            for name in WAYS
            if f"{classifier}, 20,000 images, {name}" not in searches
        ]
        if missing:
            lines.append(f"- {classifier}, 20,000 images: {'; '.join(missing)}.")
    lines += [
        f"- the ONNX file of {name}."
        for name in NETWORKS
        if name not in stored.get("onnx", {})
    ]
    lines += [
        f"- {images:,} images in a memory map."
        for images in (600_000, 6_000_000)
        if f"{images:,} images" not in stored.get("memory", {})
    ]
    return "\n".join(
        ["", "## What is not measured yet", "", *lines, ""] if lines else []
    )
