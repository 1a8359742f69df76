"""Convolution whose gradients are convolutions too, for training on a processor.

TensorFlow computes convolutions by oneDNN where the processor has AVX512-VNNI and the
like. Elsewhere its own gradients take two to six times as long as its convolution of as
much arithmetic. That by the inputs is a convolution of the outputs' gradient with the
mirrored kernel; that by the kernel one of the inputs with the outputs' gradient, with
rows for channels.
"""

import functools
from typing import Any

from skfashion._backend.runtime import has_onednn, record, tf

__all__ = ["convolve", "pays", "serves"]


@functools.cache
def pays() -> bool:
    """Tell whether TensorFlow's own gradients are the slower ones on this machine."""
    return not (has_onednn() or tf.config.list_logical_devices("GPU"))


def serves(images: Any, kernel: Any, padding: str) -> bool:
    """Tell whether ``convolve`` serves a convolution of stride 1, and pays."""
    height, width, channels = kernel.shape[:3]
    return (
        pays()
        and images.dtype == tf.float32
        and images.shape[-1] == channels
        and height * width > 1
        # Elsewhere one more row is added below than above.
        and (padding == "VALID" or height % 2 == width % 2 == 1)
    )


def convolve(images: Any, kernel: Any, padding: str = "VALID") -> Any:
    """Convolve images by steps of one pixel; its gradients by convolutions.

    Parameters
    ----------
    images : tensor of shape (n, height, width, channels), float32
        What is convolved.
    kernel : tensor of shape (height, width, channels, filters), float32
        By what; of odd sides where ``padding`` is "SAME".
    padding : {"VALID", "SAME"}, default="VALID"
        As in TensorFlow.

    Returns
    -------
    tensor of shape (n, height, width, filters), float32
        As of ``tf.nn.conv2d``.
    """
    height, width, channels, filters = kernel.shape
    # TensorFlow's own gradient by the inputs is the faster one then.
    widens = channels < filters
    around = height // 2, width // 2
    if padding == "VALID":
        around = 0, 0

    images, kernel = tf.convert_to_tensor(images), tf.convert_to_tensor(kernel)

    def gradients(above: Any) -> tuple[Any, Any]:
        by_kernel = tf.nn.conv2d(
            tf.transpose(_padded(images, *around), (3, 1, 2, 0)),
            tf.transpose(above, (1, 2, 0, 3)),
            1,
            "VALID",
        )
        if widens:
            by_images = tf.nn.conv2d_transpose(
                above, kernel, tf.shape(images), 1, padding
            )
        else:
            mirrored = tf.transpose(tf.reverse(kernel, (0, 1)), (0, 1, 3, 2))
            wide = _padded(above, height - 1 - around[0], width - 1 - around[1])
            by_images = tf.nn.conv2d(wide, mirrored, 1, "VALID")
        return by_images, tf.transpose(by_kernel, (1, 2, 0, 3))

    # Not tf.custom_gradient, which keeps each graph alive that it was traced in.
    with record.stop_recording():
        outputs = tf.nn.conv2d(images, kernel, 1, padding)
    record.record_operation("Convolve", [outputs], [images, kernel], gradients)
    return outputs


def _padded(images: Any, rows: int, columns: int) -> Any:
    if not (rows or columns):
        return images
    return tf.pad(images, ((0, 0), (rows, rows), (columns, columns), (0, 0)))
