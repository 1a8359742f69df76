"""How fast the machine can be: nothing but arithmetic, in a process of its own."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from benchmarks.shared.child import tell

_MATRIX = 4096
_COPIED_BYTES = 2**29
_TRIES = 7
_LOOPS = 100
# Multiplications and additions of the two loops below.
_CONVOLUTION_FLOPS = 3 * _LOOPS * 2 * 128 * 11 * 11 * 3 * 3 * 32 * 64
_PRODUCT_FLOPS = 2 * _LOOPS * 2 * 32 * 784 * 300


def _limits() -> dict[str, float]:
    """Operations and bytes a second, the best of several tries: all cores."""
    import tensorflow as tf

    limits = {}
    for dtype in (tf.float32, tf.bfloat16):
        matrix = tf.cast(tf.random.uniform((_MATRIX, _MATRIX)), dtype)

        def multiply(matrix: Any = matrix) -> None:
            tf.linalg.matmul(matrix, matrix)[0, 0].numpy()

        limits[f"{dtype.name}_flops"] = 2 * _MATRIX**3 / _fastest(multiply)

    limits["convolution_flops"] = _CONVOLUTION_FLOPS / _fastest(_convolve(tf))
    limits["small_product_flops"] = _PRODUCT_FLOPS / _fastest(_small_products(tf))

    cores = len(os.sched_getaffinity(0))
    source = np.ones(_COPIED_BYTES, dtype=np.uint8)
    parts = [np.array_split(array, cores) for array in (np.zeros_like(source), source)]
    with ThreadPoolExecutor(cores) as threads:
        fastest = _fastest(lambda: list(threads.map(np.copyto, *parts)))
    # Each byte is read once and written once.
    limits["copy_bytes"] = 2 * _COPIED_BYTES / fastest
    return limits


def _convolve(tf: Any) -> Callable[[], Any]:
    """Nothing but the larger convolution of the CNN, forward and both gradients."""
    # Zeros, for the loop feeds them its own results and nothing must overflow.
    images = tf.zeros((128, 13, 13, 32))
    kernel = tf.zeros((3, 3, 32, 64))

    def step(i: Any, images: Any, kernel: Any) -> tuple[Any, ...]:
        with tf.GradientTape() as tape:
            tape.watch([images, kernel])
            out = tf.nn.conv2d(images, kernel, 1, "VALID")
        return (i + 1, *tape.gradient(out, [images, kernel], output_gradients=out))

    @tf.function(autograph=False)
    def steps() -> Any:
        start = (tf.constant(0), images, kernel)
        return tf.while_loop(lambda i, *_: i < _LOOPS, step, start)[2]

    return lambda: steps()[0, 0, 0, 0].numpy()


def _small_products(tf: Any) -> Callable[[], Any]:
    """Nothing but the products of the largest layer of 784-300-100-10, 32 rows."""
    rows = tf.random.uniform((32, 784))
    kernel = tf.random.uniform((784, 300)) / 1e3

    def step(i: Any, kernel: Any) -> tuple[Any, Any]:
        outputs = tf.matmul(rows, kernel)
        return i + 1, tf.matmul(rows, outputs, transpose_a=True)

    @tf.function(autograph=False, jit_compile=True)
    def steps() -> Any:
        return tf.while_loop(lambda i, _: i < _LOOPS, step, (tf.constant(0), kernel))[1]

    return lambda: steps()[0, 0].numpy()


def _fastest(work: Callable[[], Any]) -> float:
    taken = []
    for _ in range(_TRIES):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return min(taken)


if __name__ == "__main__":
    tell(_limits())
