"""The compiled training step: many steps in one call, shared between fits.

A step owns a model, an optimizer and metrics of its own, for Keras's TensorFlow
optimizers have no stateless form. A fit borrows a step, loads values into it, trains,
and takes the values reached. Steps are shared by all networks whose config differs in
values only, whatever their weights, seeds, learning rate and number of rows.

XLA or not
----------
XLA fuses the many small operations of a dense network's step and halves its time, but
takes 0.3 to 0.6 s to compile it. It makes the convolutions of a processor 25 times
slower. So ``wants_xla`` asks for it where the config says that it pays and an epoch has
``_XLA_STEPS`` whole batches or more. The number of epochs does not count: training on
must give the bits of training in one go.
"""

import functools
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from skfashion._backend.fused_update import can_update, update_variables
from skfashion._backend.gather import draw_mask
from skfashion._backend.optimizers import RATE, OptimizerConfig
from skfashion._backend.runtime import keras, tf
from skfashion._backend.subsample import see
from skfashion._backend.tensors import Places, as_tensor, pad, take
from skfashion.preprocessing._augmented import Variations

__all__ = ["CHUNK_BATCHES", "Arrays", "CompiledStep", "wants_xla"]

# Most batches, rows and bytes of masks that go into one compiled call.
CHUNK_BATCHES = 64
_CHUNK_ROWS = 4096
_CHUNK_MASK_BYTES = 2**25
# Rows evaluated in one compiled call.
_EVALUATE_ROWS = 1024
_XLA_STEPS = 256

Arrays = tuple[np.ndarray, ...]


def wants_xla(config: Any, n_steps: int) -> bool:
    """Tell whether XLA pays for a network and an epoch of so many whole batches."""
    return n_steps >= _XLA_STEPS and config.suits_xla


class CompiledStep:
    """A network's training step and evaluation, compiled for chunks of batches.

    Parameters
    ----------
    config : NetworkConfig or KerasConfig
        Builds what is trained.
    optimizer : OptimizerConfig
        Makes the optimizer.
    arrays : tuple of ndarray
        Inputs, targets and perhaps sample weights; only types and shapes count.
    batch_size : int or None
        Rows of a step under XLA; None for a step without XLA, which serves any.
    tells_rows : bool, default=False
        Whether training tells of each row what ``Subsample`` is to know.

    Attributes
    ----------
    n_traces : int
        Number of functions traced so far.
    n_calls : int
        Number of compiled calls made so far.
    nbytes : int
        Bytes of the variables that the step owns.
    """

    def __init__(
        self,
        config: Any,
        optimizer: OptimizerConfig,
        arrays: Arrays,
        batch_size: int | None,
        tells_rows: bool = False,
    ) -> None:
        self._tells_rows = tells_rows
        self._network = config.build_for_training()
        self._dropped_sizes = config.dropped_sizes()
        self._optimizer = optimizer.make()
        self._begins = _beginnings(self._optimizer, self._network.trainable_variables)
        self._values = Places(self._network.variables)
        self._optimizer_values = Places(self._optimizer.variables)
        if can_update(self._optimizer):
            # Keras's own goes through a strategy whose tracing keeps each graph alive.
            self._optimizer._backend_update_step = functools.partial(
                update_variables, self._optimizer
            )
        self._batch_size = batch_size
        self.under_xla = batch_size is not None
        self._specs = [
            tf.TensorSpec((None, *array.shape[1:]), array.dtype) for array in arrays
        ] + [tf.TensorSpec((None, size), tf.uint16) for size in self._dropped_sizes]
        self._n_arrays = len(arrays)
        self._arguments = as_tensor(self._network.arguments(config))
        self._held_out_specs = [self._network.inputs, self._specs[1]]
        self.n_traces = 0
        self.n_calls = 0
        held = [*self._network.variables, *self._optimizer.variables]
        self.nbytes = sum(v.value.dtype.size * math.prod(v.shape) for v in held)

    def load(
        self,
        config: Any,
        optimizer: OptimizerConfig,
        values: Sequence[Any],
        optimizer_values: Sequence[Any] | None,
    ) -> None:
        """Take over a network's values, and its optimizer's where there are any."""
        self._arguments = as_tensor(self._network.arguments(config))
        self._values.write(values)
        if optimizer_values is None:
            optimizer_values = [begin() for begin in self._begins]
            if optimizer.learning_rate is not None:
                optimizer_values[RATE] = tf.constant(optimizer.learning_rate)
        self._optimizer_values.write(optimizer_values)

    def take(self, values: Sequence[Any], optimizer_values: Sequence[Any]) -> None:
        """Take over values, and the optimizer's with its learning rate."""
        self._values.write(values)
        self._optimizer_values.write(optimizer_values)

    def state(self) -> tuple[list[Any], list[Any]]:
        """Read the values reached, of the network and of its optimizer, as tensors."""
        return self._values.read(), self._optimizer_values.read()

    def finish(self) -> None:
        """Do what an optimizer does to the weights when training ends."""
        self._optimizer.finalize_variable_values(self._network.trainable_variables)

    def chunks(
        self, n_rows: int, batch_size: int, *, one_by_one: bool
    ) -> Iterator[range]:
        """Cut the places of an epoch's order into those of each compiled call."""
        whole = n_rows
        if self._batch_size is None:
            width = max(1, 2 * sum(self._dropped_sizes))
            most = min(_CHUNK_ROWS, _CHUNK_MASK_BYTES // width)
            batches = max(1, min(CHUNK_BATCHES, most // batch_size))
        else:
            batches = self._batches
            whole = n_rows // batch_size * batch_size
        size = batch_size if one_by_one else batches * batch_size
        for start in range(0, whole, size):
            yield range(start, min(start + size, whole))
        if whole < n_rows:
            yield range(whole, n_rows)

    @property
    def _batches(self) -> int:
        """Batches of a chunk under XLA, where shapes are fixed."""
        width = max(1, 2 * sum(self._dropped_sizes)) * (self._batch_size or 1)
        return max(1, min(CHUNK_BATCHES, _CHUNK_MASK_BYTES // width))

    def gather(
        self,
        arrays: Arrays,
        order: np.ndarray,
        places: range,
        seed: int,
        epoch: int,
        variations: Variations | None = None,
    ) -> tuple[list[Any], int]:
        """Collect rows, varied, and draw masks of one compiled call; count the rows."""
        n_rows = n_filled = len(places)
        size = self._batch_size
        if size is not None and n_rows >= size:
            # Shapes are fixed under XLA; the trip count leaves the rest out.
            n_filled = self._batches * size
        rows = order[places.start : places.stop]
        vary = None if variations is None else variations.take
        chunk = [take(arrays[0], rows, n_filled, vary)]
        chunk += [take(array, rows, n_filled) for array in arrays[1:]]
        for number, width in enumerate(self._dropped_sizes):
            chunk.append(pad(draw_mask(seed, epoch, number, width, places), n_filled))
        return chunk, n_rows

    def train_chunk(
        self, chunk: list[Any], n_rows: int, batch_size: int, factors: np.ndarray
    ) -> Any:
        """Train on gathered rows; sums of losses and of right answers, as a tensor.

        Where that is asked for, what ``Subsample`` is to know of each row follows; what
        comes after them is padding. ``factors`` are those of the learning rate, one a
        step.
        """
        self.n_calls += 1
        if self._batch_size is None or n_rows < self._batch_size:
            # Any more than there are rows is the same, and may be too many to count.
            size = tf.constant(int(min(batch_size, n_rows)))
            rates = tf.constant(factors)
            return self._train_any(self._arguments, *chunk, rates, size)
        steps = tf.constant(n_rows // batch_size)
        rates = tf.constant(pad(factors, self._batches))
        return self._train_fixed(self._arguments, *chunk, rates, steps)

    def begin_epoch(self, seed: int, epoch: int) -> None:
        """Begin to draw what belongs to an epoch, and a new count of the metrics."""
        self._network.reseed(seed, epoch)
        self._network.begin_count()

    def logs(self, sums: np.ndarray, n_rows: int) -> dict[str, float]:
        """Name loss and metrics since the count began, sorted by name."""
        return self._network.logs(float(sums[0]), float(sums[1]), n_rows)

    def evaluate(self, arrays: Arrays, listeners: Any) -> dict[str, float]:
        """Compute loss and metrics without training; listeners are told of batches."""
        self._network.begin_count()
        n_rows = len(arrays[0])
        sums = np.zeros(2)
        for number, start in enumerate(range(0, n_rows, _EVALUATE_ROWS)):
            self.n_calls += 1
            listeners.on_test_batch_begin(number)
            rows = [
                tf.cast(array[start : start + _EVALUATE_ROWS], spec.dtype)
                for array, spec in zip(arrays, self._held_out_specs, strict=True)
            ]
            sums += self._evaluate(self._arguments, *rows).numpy()
            done = min(start + _EVALUATE_ROWS, n_rows)
            listeners.on_test_batch_end(number, self.logs(sums, done))
        return self.logs(sums, n_rows)

    @functools.cached_property
    def _train_any(self) -> Any:
        """Steps through rows in batches of any size, the last perhaps smaller."""

        def train(arguments: Any, *args: Any) -> Any:
            *arrays, factors, size = args
            n_batches = -(-tf.shape(arrays[0])[0] // size)

            def batch(i: Any) -> list[Any]:
                return [a[i * size : (i + 1) * size] for a in arrays]

            return self._steps(arguments, n_batches, batch, factors)

        factors = tf.TensorSpec((None,), tf.float32)
        return self._traced(train, [*self._specs, factors, tf.TensorSpec((), tf.int32)])

    @functools.cached_property
    def _train_fixed(self) -> Any:
        """Steps, under XLA, through the first whole batches of a fixed chunk."""
        size = self._batch_size
        assert size is not None

        def train(arguments: Any, *args: Any) -> Any:
            *arrays, factors, n_batches = args

            def batch(i: Any) -> list[Any]:
                return [
                    tf.slice(
                        a, [i * size, *[0] * (len(a.shape) - 1)], [size, *a.shape[1:]]
                    )
                    for a in arrays
                ]

            fixed = self._batches, size
            return self._steps(arguments, n_batches, batch, factors, fixed)

        specs = [
            tf.TensorSpec((self._batches * size, *spec.shape[1:]), spec.dtype)
            for spec in self._specs
        ]
        specs.append(tf.TensorSpec((self._batches,), tf.float32))
        specs.append(tf.TensorSpec((), tf.int32))
        return self._traced(train, specs, jit_compile=True)

    @functools.cached_property
    def _evaluate(self) -> Any:
        def evaluate(arguments: Any, x: Any, y: Any) -> Any:
            losses, factors, right, _ = self._network.run(arguments, x, y, None, None)
            return _sums(x, losses, factors, right)

        return self._traced(evaluate, self._held_out_specs)

    def _steps(
        self,
        arguments: Any,
        n_batches: Any,
        batch: Any,
        factors: Any,
        fixed: tuple[int, int] | None = None,
    ) -> Any:
        """Take so many steps; what ``train_chunk`` gives.

        ``fixed`` tells the most batches and their rows, where shapes are fixed.
        """
        of_rows = []
        if self._tells_rows:
            most, size = fixed or (n_batches, None)
            shape = None if size is None else (size, 3)
            of_rows = [
                tf.TensorArray(tf.float32, most, infer_shape=False, element_shape=shape)
            ]

        def step(i: Any, sums: Any, *told: Any) -> tuple[Any, ...]:
            new, rows = self._step(arguments, batch(i), factors[i])
            return i + 1, sums + new, *[array.write(i, rows) for array in told]

        # A loop over tf.range would have XLA compile each trip count anew.
        _, sums, *of_rows = tf.while_loop(
            lambda i, *_: i < n_batches,
            step,
            (tf.constant(0), tf.zeros(2), *of_rows),
            parallel_iterations=1,
        )
        joined = [
            tf.reshape(array.stack() if fixed else array.concat(), (-1,))
            for array in of_rows
        ]
        return tf.concat([sums, *joined], 0)

    def _step(self, arguments: Any, batch: list[Any], factor: Any) -> tuple[Any, Any]:
        x, y, *weight = batch[: self._n_arrays]
        masks = batch[self._n_arrays :]
        with tf.GradientTape() as tape:
            losses, factors, right, logits = self._network.run(
                arguments, x, y, weight[0] if weight else None, masks
            )
        variables = self._network.trainable_variables
        values = [variable.value for variable in variables]
        with _at_rate(self._optimizer, factor):
            self._optimizer.apply(tape.gradient(losses, values, factors), variables)
        rows = None
        if self._tells_rows:
            rows = see(y, logits, losses[0], right, weight[0] if weight else 1.0)
        return _sums(x, losses, factors, right), rows

    def _traced(self, function: Any, specs: list[Any], **options: Any) -> Any:
        self.n_traces += 1
        traced = tf.function(function, autograph=False, **options)
        arguments = tf.TensorSpec(self._arguments.shape, tf.float32)
        return traced.get_concrete_function(arguments, *specs)


@contextmanager
def _at_rate(optimizer: Any, factor: Any) -> Iterator[None]:
    """Have an optimizer step by a factor of its learning rate, which stays.

    What it does beside, such as decay of the weights, goes by the same rate.
    """
    rate = factor * tf.convert_to_tensor(optimizer.learning_rate)
    optimizer._get_current_learning_rate = lambda: rate
    yield
    del optimizer._get_current_learning_rate


def _sums(x: Any, losses: list[Any], factors: list[Any], right: Any) -> Any:
    n_rows = tf.cast(tf.shape(x)[0], tf.float32)
    parts = zip(losses, factors, strict=True)
    loss = tf.add_n(
        [tf.reduce_sum(tf.cast(loss * factor, tf.float32)) for loss, factor in parts]
    )
    return tf.stack([loss * n_rows, tf.reduce_sum(right)])


def _beginnings(optimizer: Any, weights: list[keras.Variable]) -> list[Any]:
    """Build an optimizer and tell, for each of its variables, how it begins.

    Each is filled with one number or, in some optimizers, a copy of a weight: as
    functions that give a tensor.
    """
    # So that no weight is taken for a number, nor for another weight.
    draw = np.random.default_rng(0)
    Places(weights).write([draw.random(w.shape).astype(w.dtype) for w in weights])
    optimizer.build(weights)
    drawn = [weight.numpy() for weight in weights]
    found = []
    for variable in optimizer.variables:
        value = variable.numpy()
        copied = [n for n, weight in enumerate(drawn) if np.array_equal(weight, value)]
        if copied:
            begin = functools.partial(_value, Places([weights[copied[0]]]))
        else:
            shape = tf.constant(value.shape, tf.int32)
            number = tf.constant(value.flat[0], value.dtype)
            begin = functools.partial(tf.raw_ops.Fill, dims=shape, value=number)
        found.append(begin)
    return found


def _value(weight: Places) -> Any:
    return weight.read()[0]
