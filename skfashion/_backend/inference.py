"""Predicts with a Keras model, in bounded memory and from any number of threads.

A chain of dense layers is never traced: one image goes through it in NumPy, whose
products take less time than a call into TensorFlow, and several as plain operations of
TensorFlow. Every other network is a TensorFlow function, which is traced once for all
models of equal architecture and takes their weights as arguments.
"""

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np

from skfashion._backend import dense_inference
from skfashion._backend.fingerprint import fingerprint, is_all_keras
from skfashion._backend.runtime import keras, tf
from skfashion._backend.tensors import as_tensor
from skfashion._utils.processes import refuse_after_fork

__all__ = ["Predictor"]

# Rows a prediction holds in memory at once, beyond its input and output: of a chain
# of dense layers, and of networks that make much more of a row.
_DENSE_ROWS = 4096
_PREDICT_ROWS = 1024
# Traced forward passes kept.
_MAX_TRACED = 16


class Predictor:
    """Maps arrays of any number of rows to a model's outputs.

    Parameters
    ----------
    model : keras.Model
        Maps (n, n_features) to (n, n_classes).

    Attributes
    ----------
    reads_anew : bool
        Whether the weights are read at each call, for anyone may change them.
    """

    def __init__(self, model: keras.Model) -> None:
        self._model = model
        self._dtype = np.dtype(model.inputs[0].dtype)
        self._steps = dense_inference.steps(model)
        self.reads_anew = False
        self.forget()

    def forget(self) -> None:
        """Read the weights anew at the next call."""
        # A new list: a thread that is reading fills the old one, which none uses.
        self._read: list[Any] = []

    def __call__(self, x: np.ndarray) -> np.ndarray:
        """Compute the outputs, of shape (n, n_classes) and in float32."""
        # A chain of dense layers maps one row in NumPy, all else in TensorFlow.
        if self._steps is None or len(x) != 1:
            refuse_after_fork()
        forward = self._forward()
        most = _PREDICT_ROWS if self._steps is None else _DENSE_ROWS
        if len(x) <= most:
            return forward(x.astype(self._dtype, copy=False))
        parts = [x[start : start + most] for start in range(0, len(x), most)]
        return np.concatenate(
            [forward(part.astype(self._dtype, copy=False)) for part in parts]
        )

    def _forward(self) -> Callable[[np.ndarray], np.ndarray]:
        read = [] if self.reads_anew else self._read
        if not read:
            read.append(self._bound())
        return read[0]

    def _bound(self) -> Callable[[np.ndarray], np.ndarray]:
        """Bind the forward pass to the weights as they are now."""
        if self._steps is not None:
            return dense_inference.bind(self._steps)
        traced, variables = self._function
        weights = [tf.identity(variable.value) for variable in variables]
        return lambda rows: traced(as_tensor(rows), *weights).numpy()

    @functools.cached_property
    def _function(self) -> tuple[Any, list[Any]]:
        """The traced forward pass and the variables that are its arguments."""
        model = self._model
        variables = [*model.trainable_variables, *model.non_trainable_variables]
        return _traced(model), variables


_lock = threading.Lock()
_kept: "OrderedDict[str, Any]" = OrderedDict()


def _traced(model: keras.Model) -> Any:
    """Trace a model's forward pass, or find that of one like it."""
    if not is_all_keras(model):
        return _trace(model)
    key = fingerprint(model, compiled=False)
    with _lock:
        if key not in _kept:
            _kept[key] = _trace(model)
        _kept.move_to_end(key)
        while len(_kept) > _MAX_TRACED:
            _kept.popitem(last=False)
        return _kept[key]


def _trace(model: keras.Model) -> Any:
    trainable, fixed = model.trainable_variables, model.non_trainable_variables
    pixels = model.inputs[0]

    def forward(rows: Any, *weights: Any) -> Any:
        n = len(trainable)
        outputs, _ = model.stateless_call(
            weights[:n], weights[n:], rows, training=False
        )
        return outputs

    return tf.function(forward, autograph=False).get_concrete_function(
        tf.TensorSpec((None, *pixels.shape[1:]), pixels.dtype),
        *(tf.TensorSpec(v.shape, v.value.dtype) for v in [*trainable, *fixed]),
    )
