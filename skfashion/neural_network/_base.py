"""The estimator contract over a Keras model: the one place where the two meet.

Keras is imported inside the methods that need it, so that estimators can be
made, cloned and printed without it.
"""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable
from numbers import Integral, Real
from os import PathLike
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.utils import Tags
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions

from skfashion._utils.validation import as_float, draw_seed
from skfashion.exceptions import DataError, TrainingInterruptedWarning
from skfashion.neural_network import _targets
from skfashion.neural_network._epochs import TrainsInEpochs
from skfashion.neural_network._images import TakesImages

if TYPE_CHECKING:
    import keras

__all__ = ["BaseFashionClassifier"]


class BaseFashionClassifier(
    TrainsInEpochs, TakesImages, ClassifierMixin, BaseEstimator, ABC
):
    """What every classifier of this package shares; see its subclasses.

    A subclass stores its parameters and builds its network; nothing else.
    """

    _parameter_constraints: dict = {
        "activation": [str],
        "dropout": [Interval(Real, 0, 1, closed="left")],
        "alpha": [Interval(Real, 0, None, closed="left")],
        "optimizer": [str, HasMethods(["apply_gradients", "get_config"])],
        "learning_rate": [
            Interval(Real, 0, None, closed="neither"),
            HasMethods(["get_config", "__call__"]),
            None,
        ],
        "epochs": [Interval(Integral, 1, None, closed="left")],
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        "class_weight": [StrOptions({"balanced"}), dict, None],
        "early_stopping": ["boolean"],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither")],
        "n_iter_no_change": [Interval(Integral, 1, None, closed="left")],
        "callbacks": [list, tuple, HasMethods(["on_epoch_end", "set_model"]), None],
        "checkpoint": [str, PathLike, None],
        "warm_start": ["boolean"],
        "random_state": ["random_state"],
        "verbose": ["verbose"],
        "image_shape": [list, tuple, None],
        "rescale": [Interval(Real, 0, None, closed="neither"), None],
        "dtype_policy": [StrOptions({"float32", "mixed_bfloat16"})],
    }

    @abstractmethod
    def _network(
        self, n_classes: int, l2: float, seed: int
    ) -> "Callable[[], keras.Model]":
        """Tell how to build the uncompiled network; it may not hold the estimator."""

    @_fit_context(prefer_skip_nested_validation=True)
    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        X_val: Any = None,
        y_val: Any = None,
    ) -> Self:
        """Train on images and their labels.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images with pixels scaled to [0, 1], or to be by ``rescale``.
        y : array-like of shape (n,)
            Labels of any sort: integers, strings, booleans.
        sample_weight : array-like of shape (n,), default=None
            Weights of the rows, not negative; scaled to a mean of 1.
        X_val, y_val : array-likes, default=None
            Validation images and labels, evaluated after each epoch and used by
            ``early_stopping`` in place of a part of the training rows.

        Returns
        -------
        self
            The fitted classifier.

        Raises
        ------
        ValueError
            If an array cannot be used, a parameter is out of its range, or the folder
            ``checkpoint`` holds the epochs of another fit.
        OSError
            If that folder cannot be written before training begins.
        """
        if (X_val is None) != (y_val is None):
            raise DataError("X_val and y_val must be given together.")
        with self._kept_on_error():
            self._fit(X, y, sample_weight, X_val, y_val)
        return self

    def _fit(self, X: Any, y: Any, sample_weight: Any, X_val: Any, y_val: Any) -> None:
        from skfashion._backend import optimizers

        resume = self.warm_start and hasattr(self, "_model")
        X, labels = self._validate(X, y, reset=not resume)
        classes = np.unique(labels)
        if resume and not np.array_equal(classes, self.classes_):
            raise DataError(
                "warm_start=True needs the labels of the previous fit, "
                f"{self.classes_.tolist()}, but y holds {classes.tolist()}."
            )
        codes = _targets.encode_labels("y", labels, classes)
        weights = _targets.training_weights(sample_weight, self.class_weight, X, labels)
        seed = self._seed if resume else draw_seed(self.random_state)
        held_out = None
        if X_val is not None:
            X_val, y_val = self._validate(X_val, y_val, reset=False)
            held_out = X_val, _targets.encode_labels("y_val", y_val, classes)
        checkpoints = None
        if self.checkpoint is not None:
            data: dict[str, Any] = {
                "X": [X],
                "y": [codes],
                "sample_weight": None if weights is None else [weights],
                "X_val or y_val": held_out,
            }
            checkpoints = self._open_checkpoints(classes, seed, resume, data)
            if checkpoints.last is not None:
                seed = checkpoints.last.seed
        if held_out is None and self.early_stopping:
            train, held = _targets.hold_out(labels, self.validation_fraction, seed)
            held_out = X[held], codes[held]
            X, codes = X[train], codes[train]
            weights = None if weights is None else weights[train]
        if weights is not None:
            weights = _targets.normalized(weights)
        if resume:
            optimizers.set_learning_rate(self._model.optimizer, self.learning_rate)
        else:
            self._start(classes, seed, n_rows=len(X))
        before = self.n_iter_
        interrupted = self._train(
            X,
            codes,
            weights,
            epochs=int(self.epochs),
            held_out=held_out,
            checkpoints=checkpoints,
        )
        if interrupted:
            warnings.warn(
                f"Training was interrupted after {self.n_iter_ - before} of "
                f"{self.epochs} epochs; {type(self).__name__} is fitted with these.",
                TrainingInterruptedWarning,
                stacklevel=2,
            )

    @_fit_context(prefer_skip_nested_validation=True)
    def partial_fit(
        self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None
    ) -> Self:
        """Train for one epoch on a part of the data, from where training stands.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images with pixels scaled to [0, 1], or to be by ``rescale``.
        y : array-like of shape (n,)
            Labels, all of them among ``classes``.
        classes : array-like of shape (n_classes,), default=None
            Every label there will be; needed at the first call only.
        sample_weight : array-like of shape (n,), default=None
            Weights of the rows, taken as they are: parts are not rescaled.

        Returns
        -------
        self
            The classifier, one epoch on.

        Raises
        ------
        ValueError
            If ``classes`` is missing at the first call or differs later, or ``y``
            holds a label that is not among them; also with ``early_stopping`` or
            balanced class weights, which need all of the data.
        KeyboardInterrupt
            After Ctrl-C, when the epoch is finished and kept: the caller's loop ends.
        """
        with self._kept_on_error():
            interrupted = self._partial_fit(X, y, classes, sample_weight)
        if interrupted:
            raise KeyboardInterrupt
        return self

    def _partial_fit(self, X: Any, y: Any, classes: Any, sample_weight: Any) -> bool:
        from skfashion._backend import optimizers

        _targets.refuse_in_parts(self.early_stopping, self.class_weight)
        first = not hasattr(self, "_model")
        known = _targets.partial_classes(classes, None if first else self.classes_)
        X, labels = self._validate(X, y, reset=first)
        codes = _targets.encode_labels("y", labels, known)
        weights = _targets.training_weights(sample_weight, self.class_weight, X, labels)
        if first:
            self._start(known, draw_seed(self.random_state), n_rows=len(X))
        else:
            optimizers.set_learning_rate(self._model.optimizer, self.learning_rate)
        self._keeps_optimizer = True
        return self._train(X, codes, weights, epochs=1, part=True)

    def _start(self, classes: np.ndarray, seed: int, *, n_rows: int) -> None:
        """Set out anew: an untrained network and an empty history."""
        from skfashion._backend import optimizers

        if len(classes) < 2:
            raise DataError(
                f"y has one class, {classes.tolist()}; a classifier needs two or more."
            )
        # scikit-learn divides half of alpha by the batch, Keras does neither.
        rows = min(int(self.batch_size), n_rows)
        l2 = as_float("alpha", self.alpha) / (2 * rows)
        optimizer = optimizers.make_optimizer(self.optimizer, self.learning_rate)
        self._hold(self._network(len(classes), l2, seed), classes, optimizer)
        self._seed = seed
        self._keeps_optimizer = self.warm_start
        self.history_: dict[str, list[float]] = {}
        self.n_iter_ = 0

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags
