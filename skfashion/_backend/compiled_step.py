"""The compiled chunk: many training steps in one call, shared between fits.

A program owns a model, an optimizer and metrics of its own, for Keras's
TensorFlow optimizers have no stateless form. A fit borrows a program, loads its
model's values into it, trains, and copies them back. Programs are shared by all
models of equal architecture, optimizer, loss and metrics, whatever their weights,
their seeds, their learning rate and the number of rows.

XLA or not
----------
XLA fuses the many small operations of a dense network's step and halves its time,
but takes 0.3 to 0.6 s to compile it. It makes the convolutions of a processor 25
times slower, and the random draws of dropout cost it four times a whole step. So
``wants_xla`` asks for it where a network holds nothing but the layers below, in
float32, and an epoch has ``_XLA_STEPS`` whole batches or more. The number of
epochs does not count: training on must give the bits of training in one go.
"""

import functools
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from skfashion._backend.optimizers import can_update, update_variables
from skfashion._backend.runtime import keras, tf
from skfashion._backend.tensors import take

__all__ = ["CHUNK_BATCHES", "Arrays", "Program", "build_metrics", "wants_xla"]

# Most batches and rows that go into one compiled call. The rows bound the memory.
CHUNK_BATCHES = 64
_CHUNK_ROWS = 4096
# Rows evaluated in one compiled call.
_EVALUATE_ROWS = 1024
_XLA_STEPS = 256
_XLA_LAYERS = (
    keras.layers.InputLayer,
    keras.layers.Rescaling,
    keras.layers.Flatten,
    keras.layers.Reshape,
    keras.layers.Dense,
    keras.layers.Activation,
    keras.layers.BatchNormalization,
)

Arrays = tuple[np.ndarray, ...]


def wants_xla(model: keras.Model, steps: int) -> bool:
    """Tell whether XLA pays for a model and an epoch of so many whole batches."""
    return steps >= _XLA_STEPS and all(
        type(layer) in _XLA_LAYERS and layer.dtype_policy.name == "float32"
        for layer in model.layers
    )


def build_metrics(model: keras.Model, arrays: Arrays) -> None:
    """Have a model make the variables of its metrics, as Keras does at first use."""
    x, y, weight = _with_weight(tuple(array[:1] for array in arrays))
    outputs = model(x, training=False)
    model.compute_loss(x, y, outputs, weight, training=False)
    model.compute_metrics(x, y, outputs, weight)
    model.reset_metrics()


class Program:
    """A model's training step and evaluation, compiled for chunks of batches.

    Parameters
    ----------
    model : keras.Model
        Compiled model whose set-up is copied; it is not touched.
    arrays : tuple of ndarray
        Inputs, targets and perhaps sample weights; only types and shapes count.
    batch_size : int or None
        Rows of a step under XLA; None for a program without XLA, which serves any.

    Attributes
    ----------
    n_traces : int
        Number of functions traced so far.
    n_calls : int
        Number of compiled calls made so far.
    """

    def __init__(
        self, model: keras.Model, arrays: Arrays, batch_size: int | None
    ) -> None:
        config = keras.saving.serialize_keras_object(model)
        self._model = keras.saving.deserialize_keras_object(config)
        self._optimizer = self._model.optimizer
        self._optimizer.build(self._model.trainable_variables)
        if can_update(self._optimizer):
            # Keras's own goes through a strategy whose tracing keeps each graph alive.
            self._optimizer._backend_update_step = functools.partial(
                update_variables, self._optimizer
            )
        build_metrics(self._model, arrays)
        self._batch_size = batch_size
        self.under_xla = batch_size is not None
        self._specs = [
            tf.TensorSpec((None, *array.shape[1:]), array.dtype) for array in arrays
        ]
        pixels = self._model.inputs[0]
        self._held_out_specs = [
            tf.TensorSpec((None, *pixels.shape[1:]), pixels.dtype),
            self._specs[1],
        ]
        self.n_traces = 0
        self.n_calls = 0

    @property
    def nbytes(self) -> int:
        """Bytes of the variables that the program owns."""
        return sum(
            variable.value.dtype.size * math.prod(variable.shape)
            for variable in [*self._model.variables, *self._optimizer.variables]
        )

    def load(self, model: keras.Model) -> None:
        """Take over the values of a model's and its optimizer's variables."""
        _copy(model, self._model)

    def unload(self, model: keras.Model) -> None:
        """Give a model and its optimizer the values reached here."""
        _copy(self._model, model)

    def chunks(self, order: np.ndarray, batch_size: int) -> Iterator[np.ndarray]:
        """Cut the rows of an epoch into those of each compiled call."""
        batches = max(1, min(CHUNK_BATCHES, _CHUNK_ROWS // batch_size))
        if self._batch_size is None:
            whole = len(order)
        else:
            batches, whole = CHUNK_BATCHES, len(order) // batch_size * batch_size
        for start in range(0, whole, batches * batch_size):
            yield order[start : min(start + batches * batch_size, whole)]
        if whole < len(order):
            yield order[whole:]

    def gather(self, arrays: Arrays, rows: np.ndarray) -> tuple[list[Any], int]:
        """Collect the rows of one compiled call as tensors, and count them."""
        n_rows = len(rows)
        size = self._batch_size
        if size is not None and n_rows >= size and n_rows < CHUNK_BATCHES * size:
            # Shapes are fixed under XLA; the trip count leaves the repeats out.
            rows = np.resize(rows, CHUNK_BATCHES * size)
        return [take(array, rows) for array in arrays], n_rows

    def train_chunk(self, chunk: list[Any], n_rows: int, batch_size: int) -> Any:
        """Train on gathered rows; the sum of their losses, as a tensor."""
        self.n_calls += 1
        if self._batch_size is None or n_rows < self._batch_size:
            # Any more than there are rows is the same, and may be too many to count.
            size = tf.constant(int(min(batch_size, n_rows)))
            return self._train_any(*chunk, size)
        return self._train_fixed(*chunk, tf.constant(n_rows // batch_size))

    def reset_metrics(self) -> None:
        """Begin a new count of the metrics."""
        self._model.reset_metrics()

    def logs(self, loss: float) -> dict[str, float]:
        """Name the loss and the metrics since the last reset, sorted by name."""
        results = {**self._model.get_metrics_result(), "loss": loss}
        return {name: float(results[name]) for name in sorted(results)}

    def evaluate(self, arrays: Arrays) -> dict[str, float]:
        """Compute loss and metrics without training."""
        self._model.reset_metrics()
        n_rows = len(arrays[0])
        total = 0.0
        for start in range(0, n_rows, _EVALUATE_ROWS):
            self.n_calls += 1
            rows = [
                tf.cast(array[start : start + _EVALUATE_ROWS], spec.dtype)
                for array, spec in zip(arrays, self._held_out_specs, strict=True)
            ]
            total += float(self._evaluate(*rows))
        return self.logs(total / n_rows)

    @functools.cached_property
    def _train_any(self) -> Any:
        """Steps through rows in batches of any size, the last perhaps smaller."""

        def train(*args: Any) -> Any:
            *arrays, size = args
            n_batches = -(-tf.shape(arrays[0])[0] // size)
            return self._steps(
                n_batches, lambda i: [a[i * size : (i + 1) * size] for a in arrays]
            )

        return self._traced(train, [*self._specs, tf.TensorSpec((), tf.int32)])

    @functools.cached_property
    def _train_fixed(self) -> Any:
        """Steps, under XLA, through the first whole batches of a fixed chunk."""
        size = self._batch_size
        assert size is not None

        def train(*args: Any) -> Any:
            *arrays, n_batches = args
            return self._steps(
                n_batches,
                lambda i: [
                    tf.slice(
                        a,
                        [i * size, *[0] * (len(a.shape) - 1)],
                        [size, *a.shape[1:]],
                    )
                    for a in arrays
                ],
            )

        specs = [
            tf.TensorSpec((CHUNK_BATCHES * size, *spec.shape[1:]), spec.dtype)
            for spec in self._specs
        ]
        specs.append(tf.TensorSpec((), tf.int32))
        return self._traced(train, specs, jit_compile=True)

    @functools.cached_property
    def _evaluate(self) -> Any:
        def evaluate(*arrays: Any) -> Any:
            x, y, weight = _with_weight(arrays)
            outputs = self._model(x, training=False)
            loss = self._model.compute_loss(x, y, outputs, weight, training=False)
            self._model.compute_metrics(x, y, outputs, weight)
            return loss * tf.cast(tf.shape(x)[0], loss.dtype)

        return self._traced(evaluate, self._held_out_specs)

    def _steps(self, n_batches: Any, batch: Any) -> Any:
        # A loop over tf.range would have XLA compile each trip count anew.
        return tf.while_loop(
            lambda i, _: i < n_batches,
            lambda i, total: (i + 1, total + self._step(*batch(i))),
            (tf.constant(0), tf.constant(0.0)),
            parallel_iterations=1,
        )[1]

    def _step(self, *batch: Any) -> Any:
        model = self._model
        x, y, weight = _with_weight(batch)
        with tf.GradientTape() as tape:
            outputs = model(x, training=True)
            loss = model.compute_loss(x, y, outputs, weight, training=True)
        variables = model.trainable_variables
        self._optimizer.apply(tape.gradient(loss, variables), variables)
        model.compute_metrics(x, y, outputs, weight)
        return tf.cast(loss, tf.float32) * tf.cast(tf.shape(x)[0], tf.float32)

    def _traced(self, function: Any, specs: list[Any], **options: Any) -> Any:
        self.n_traces += 1
        traced = tf.function(function, autograph=False, **options)
        return traced.get_concrete_function(*specs)


def _with_weight(arrays: Any) -> tuple[Any, Any, Any]:
    x, y, *weight = arrays
    return x, y, weight[0] if weight else None


def _copy(source: keras.Model, target: keras.Model) -> None:
    pairs = zip(
        [*source.variables, *source.optimizer.variables],
        [*target.variables, *target.optimizer.variables],
        strict=True,
    )
    for one, other in pairs:
        # Keras's own assign takes six times as long, and a fit has forty of them.
        tf.raw_ops.AssignVariableOp(
            resource=other.value.handle,
            value=tf.raw_ops.ReadVariableOp(
                resource=one.value.handle, dtype=one.value.dtype
            ),
        )
