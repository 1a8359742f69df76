"""TensorFlow and Keras, imported in one place, once, and quietly.

TensorFlow writes half a dozen notices about the processor and missing GPUs to
the process's standard error while it starts, before any log level applies.
They are held back unless the user has set ``TF_CPP_MIN_LOG_LEVEL``, and are
shown if the import fails. It is also told there, before its threads start, of how
many the environment leaves to this process.
"""

import itertools
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress

from skfashion._utils.interrupt import finishing_imports
from skfashion._utils.processes import cores, thread_limit

_LEVEL = "TF_CPP_MIN_LOG_LEVEL"
# How each line that TensorFlow writes by itself begins.
_NOTICE = re.compile(
    rb"[IWE]\d{4} [\d:.]+ |\d{4}-\d\d-\d\d [\d:.]+: [IWE] "
    rb"|WARNING: All log messages before|To enable the following instructions"
)


@contextmanager
def notices_held_back() -> Iterator[None]:
    """Keep TensorFlow's own notices off standard error, unless something fails."""
    if _LEVEL in os.environ:
        yield
        return
    try:
        standard_error = os.dup(2)
    except OSError:
        # Closed, as a daemon's may be: there is nobody to spare the notices.
        yield
        return
    os.environ[_LEVEL] = "2"
    if sys.stderr is not None:
        sys.stderr.flush()
    with tempfile.TemporaryFile() as written:
        os.dup2(written.fileno(), 2)
        failed = True
        try:
            yield
            failed = False
        finally:
            os.dup2(standard_error, 2)
            del os.environ[_LEVEL]
            written.seek(0)
            # Another thread may have had something to say meanwhile.
            rest = [line for line in written if failed or not _NOTICE.match(line)]
            with suppress(OSError):
                os.write(standard_error, b"".join(rest))
            os.close(standard_error)


def _refuse_backend(name: str) -> None:
    if name != "tensorflow":
        raise ImportError(
            f"skfashion trains on TensorFlow, but Keras is set to run on {name!r}: "
            "unset KERAS_BACKEND or set it to 'tensorflow' before Keras is imported."
        )


def _limit_threads() -> None:
    """Have TensorFlow use no more threads than ``OMP_NUM_THREADS`` says.

    joblib says so to its workers, and a batch system or a user to a whole process.
    NumPy, SciPy and scikit-learn obey; TensorFlow would start a thread a core in each
    worker. Without a look at who sets the variable, a process started with the
    workers' number gives the workers' bits.

    Only what nobody has decided is set: not a number set through TensorFlow or its own
    variables, nor anything once TensorFlow has started. Whether the caller has merely
    imported it makes no difference, or the bits would depend on the order of imports.
    """
    limit = thread_limit()
    if limit is None:
        return
    threading = tf.config.threading
    # It refuses once it has started, which is the caller's choice.
    with suppress(RuntimeError):
        if not (
            "TF_NUM_INTRAOP_THREADS" in os.environ
            or threading.get_intra_op_parallelism_threads()
        ):
            threading.set_intra_op_parallelism_threads(limit)
        if not (
            "TF_NUM_INTEROP_THREADS" in os.environ
            or threading.get_inter_op_parallelism_threads()
        ):
            threading.set_inter_op_parallelism_threads(limit)


# Before the import, which fails in words of its own where that backend is missing.
_refuse_backend(os.environ.get("KERAS_BACKEND", "tensorflow"))

_started = "tensorflow" in sys.modules
with finishing_imports(), nullcontext() if _started else notices_held_back():
    import keras
    import tensorflow as tf
    from tensorflow.python.eager import context, record
    from tensorflow.python.ops import stateful_random_ops as generators
    from tensorflow.python.util import _pywrap_util_port as port

    _limit_threads()
    # TensorFlow looks for devices at its first operation and reports then.
    tf.config.list_logical_devices()

_refuse_backend(keras.backend.backend())

__all__ = [
    "build_metrics",
    "context",
    "count_model",
    "count_threads",
    "forget_kernels",
    "generators",
    "has_onednn",
    "keras",
    "notices_held_back",
    "record",
    "tf",
]

# Models made between two times that TensorFlow is made to forget its kernels.
_FORGET_EVERY = 64
_models = itertools.count(1)


def forget_kernels() -> None:
    """Free the kernels of every operation and shape TensorFlow has met so far.

    It never does so by itself, and makes anew those that are still needed. Keras's
    ``clear_session`` does the same, but resets names and graphs as well.
    """
    context.context().clear_kernel_cache()


def count_model() -> None:
    """Be told of a model made, and forget the kernels at every 64th.

    Keras numbers some variables throughout the process (the seed of each Dropout
    layer, for one), and TensorFlow keeps a kernel for each name it has met.
    """
    if next(_models) % _FORGET_EVERY == 0:
        forget_kernels()


def build_metrics(model: keras.Model) -> None:
    """Have a compiled model make its metrics, as Keras does at the first batch."""
    shape = [side or 1 for side in model.output_shape]
    outputs = tf.fill(shape, 0.5)
    targets = tf.zeros(shape[:1], tf.int64)
    model.compute_metrics(None, targets, outputs)
    model.reset_metrics()


def count_threads() -> int:
    """Count the threads among which TensorFlow divides an operation."""
    told = tf.config.threading.get_intra_op_parallelism_threads()
    # It tells 0 for a choice of its own, and for what that variable made it choose.
    return told or int(os.environ.get("TF_NUM_INTRAOP_THREADS") or 0) or cores()


def has_onednn() -> bool:
    """Tell whether TensorFlow computes by oneDNN, which it decides as it starts."""
    return port.IsMklEnabled()
