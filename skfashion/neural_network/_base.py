"""The estimator contract: parameters, fitted attributes, one fitted network.

Keras is imported inside the methods that need it, so that estimators can be made,
cloned and printed without it.
"""

import threading
import time
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from numbers import Integral, Real
from os import PathLike
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import Tags
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from skfashion._utils.documentation import DocumentationLinkMixin
from skfashion._utils.fit_tasks import CallbackSupportMixin, FitTasks, begin_fit
from skfashion._utils.processes import refuse_after_fork
from skfashion._utils.validation import as_float, as_numpy, draw_seed
from skfashion.exceptions import DataError, ParameterError, TrainingInterruptedWarning
from skfashion.neural_network import _targets
from skfashion.neural_network._averaging import refuse_average
from skfashion.neural_network._foreign_values import refuse_foreign_values
from skfashion.neural_network._targets import TrainingData
from skfashion.neural_network._thin_images import warn_of_thin_images
from skfashion.neural_network._validation_images import unwrap, warn_if_cut
from skfashion.preprocessing import _pixels
from skfashion.preprocessing._augmentation import check_augmentation
from skfashion.preprocessing._views import check_views, mean_of_views

if TYPE_CHECKING:
    import keras
    from scikeras.wrappers import KerasClassifier

    from skfashion._networks.config import NetworkConfig
    from skfashion._networks.keras_config import KerasConfig
    from skfashion.neural_network._checkpoint import Checkpoints
    from skfashion.neural_network._fitted_network import FittedNetwork

    Config = NetworkConfig | KerasConfig

__all__ = ["OWN_NETWORK_CONSTRAINTS", "BaseFashionClassifier"]

# Parameters of the networks that are this package's own.
OWN_NETWORK_CONSTRAINTS: dict = {
    "activation": [str],
    "dropout": [Interval(Real, 0, 1, closed="left")],
    "alpha": [Interval(Real, 0, None, closed="left")],
    "dtype_policy": [StrOptions({"auto", "float32", "mixed_bfloat16"})],
    "residual": ["boolean"],
    "batch_normalization": ["boolean"],
    "subsample": [Interval(Real, 0, 1, closed="right")],
    "weight_averaging": [Interval(Integral, 0, None, closed="left"), None],
}
# Fitted attributes are taken over all at once, whichever threads fit.
_taking = threading.Lock()


class BaseFashionClassifier(
    DocumentationLinkMixin, CallbackSupportMixin, ClassifierMixin, BaseEstimator, ABC
):
    """What every classifier of this package shares; see its subclasses.

    A subclass stores its parameters and tells the config of its network; nothing else.
    """

    _parameter_constraints: dict = {
        "optimizer": [str, HasMethods(["apply_gradients", "get_config"])],
        "learning_rate": [
            Interval(Real, 0, None, closed="neither"),
            HasMethods(["get_config", "__call__"]),
            None,
        ],
        "weight_decay": [Interval(Real, 0, None, closed="left"), None],
        "label_smoothing": [Interval(Real, 0, 1, closed="left")],
        "learning_rate_schedule": [StrOptions({"constant", "one_cycle", "cosine"})],
        "epochs": [Interval(Integral, 1, None, closed="left")],
        "max_time": [Interval(Real, 0, None, closed="neither"), None],
        "batch_size": [Interval(Integral, 1, None, closed="left")],
        # These two are checked with sentences of their own.
        "augmentation": "no_validation",
        "n_views": "no_validation",
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
    }

    classes_: np.ndarray
    n_features_in_: int
    image_shape_: tuple[int, int, int]
    # Of one image, as it came to fit: rows, or images with or without channels.
    _seen_shape: tuple[int, ...]
    _fitted_network: "FittedNetwork"

    @classmethod
    @abstractmethod
    def _config_kind(cls) -> type:
        """Tell the class of the configs of its networks."""

    def _config_fields(self) -> dict[str, Any]:
        """Tell the fields of the config that others do not have."""
        return {}

    def set_params(self, **params: Any) -> Self:
        """Set parameters, those of an ``Augmentation`` as ``augmentation__shift``.

        Parameters
        ----------
        **params : object
            By name.

        Returns
        -------
        self
            The classifier.

        Raises
        ------
        ValueError
            If there is no such parameter.
        """
        inner = [name for name in params if name.startswith("augmentation__")]
        settled = params.get("augmentation", self.augmentation)
        if inner and not hasattr(settled, "set_params"):
            raise ParameterError(
                f"{inner[0]}={params[inner[0]]!r:.80} needs an augmentation to be set "
                "in: give augmentation=skfashion.Augmentation()."
            )
        inner = [name for name in params if name.startswith("optimizer__")]
        if inner:
            raise ParameterError(
                f"{inner[0]}={params[inner[0]]!r:.80} cannot be set in an optimizer: "
                "set learning_rate, or give optimizer=keras.optimizers.SGD(...) whole."
            )
        return super().set_params(**params)

    def _validate_params(self) -> None:
        refuse_foreign_values(self.get_params(deep=False))
        check_augmentation(self.augmentation)
        check_views(self.n_views)
        super()._validate_params()

    def _new_network(
        self, n_classes: int, seed: int, n_rows: int
    ) -> "tuple[Config, list[np.ndarray]]":
        """Make the config of the network that the parameters ask for, and its weights.

        One of this package's own; a subclass may have others.
        """
        from skfashion._backend.processor import settle_policy

        # scikit-learn divides half of alpha by the batch, Keras does neither.
        rows = min(int(self.batch_size), n_rows)
        config = self._config_kind()(
            n_classes=n_classes,
            activation=self.activation,
            dropout=self.dropout,
            l2=as_float("alpha", self.alpha) / (2 * rows),
            label_smoothing=self.label_smoothing,
            rescale=self.rescale,
            dtype_policy=settle_policy(
                self.dtype_policy, convolves=self._sees_images(None)
            ),
            residual=self.residual,
            batch_normalization=self.batch_normalization,
            **self._config_fields(),
        )
        return config, config.initial_values(seed)

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
        X_val : array-like of the shape of X but for n, or tuple of one, default=None
            Validation images, evaluated after each epoch and used by
            ``early_stopping`` in place of a part of the training rows. As (X_val,)
            they go through scikit-learn's cross-validation and searches whole,
            which cut arrays that are as long as X.
        y_val : array-like of shape (n_val,), or tuple of one, default=None
            Their labels, as (y_val,) where the images are (X_val,).

        Returns
        -------
        self
            The fitted classifier.

        Raises
        ------
        ValueError
            If an array cannot be used, as channel-first images cannot, a parameter is
            out of its range, or the folder ``checkpoint`` holds the epochs of another
            fit.
        OSError
            If that folder cannot be written before training begins.
        """
        metadata = None if sample_weight is None else {"sample_weight": sample_weight}
        # How many a budget of time allows is known only after steps were timed.
        n_epochs = None if self.max_time is not None else int(self.epochs)
        tasks = begin_fit(self, n_epochs, X=X, y=y, metadata=metadata)
        with self._working_copy(goes_on=self.warm_start) as work:
            work._fit(X, y, sample_weight, X_val, y_val, tasks)
        if tasks is not None:
            tasks.end()
        return self

    def _fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any,
        X_val: Any,
        y_val: Any,
        tasks: FitTasks | None,
    ) -> None:
        refuse_average(self, part=False)
        began = time.perf_counter()
        X_val, y_val, wrapped = unwrap(X_val, y_val)
        resume = self.warm_start and self.__sklearn_is_fitted__()
        X, labels = self._validate(X, y, reset=not resume)
        classes = np.unique(labels)
        if resume and not np.array_equal(classes, self.classes_):
            raise DataError(
                "warm_start=True needs the labels of the previous fit, "
                f"{self.classes_.tolist()}, but y holds {classes.tolist()}."
            )
        data = TrainingData(
            X,
            _targets.encode_labels("y", labels, classes),
            _targets.training_weights(sample_weight, self.class_weight, X, labels),
        )
        seed = self._seed if resume else draw_seed(self.random_state)
        if X_val is not None:
            names = "X_val", "y_val"
            X_val, y_val = self._validate(X_val, y_val, reset=False, names=names)
            if not wrapped:
                warn_if_cut(X, X_val)
            data.held_out = X_val, _targets.encode_labels("y_val", y_val, classes)
        checkpoints = None
        if self.checkpoint is not None:
            from skfashion.neural_network._checkpoint import open_checkpoints

            network = self._fitted_network if resume else None
            checkpoints = open_checkpoints(self, data, classes, seed, network)
            seed = checkpoints.seed
        if data.held_out is None and self.early_stopping:
            data.hold_out(labels, self.validation_fraction, seed)
        if data.weights is not None:
            data.weights = _targets.normalized(data.weights)
        if resume:
            self._fitted_network.set_learning_rate(self.learning_rate)
        else:
            self._begin(classes, seed, data)
        epochs = self._count_epochs(data, seed, checkpoints, began)
        interrupted = self._train(data, epochs, checkpoints=checkpoints, tasks=tasks)
        if interrupted:
            warnings.warn(
                f"Training was interrupted after {self.n_iter_} of "
                f"{epochs} epochs; {type(self).__name__} is fitted with these.",
                TrainingInterruptedWarning,
                stacklevel=2,
            )

    def _count_epochs(
        self,
        data: TrainingData,
        seed: int,
        checkpoints: "Checkpoints | None",
        began: float,
    ) -> int:
        """Settle how many epochs a fit that began at a time is to train."""
        if self.max_time is None:
            return int(self.epochs)
        if checkpoints is not None and checkpoints.last is not None:
            # As many as when it began: a schedule goes over them.
            return checkpoints.last.n_epochs
        from skfashion.neural_network._time_budget import epochs_within

        return epochs_within(self, self._fitted_network, data, seed, began)

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
        with self._working_copy(goes_on=True) as work:
            interrupted = work._partial_fit(X, y, classes, sample_weight)
        if interrupted:
            raise KeyboardInterrupt
        return self

    def _partial_fit(self, X: Any, y: Any, classes: Any, sample_weight: Any) -> bool:
        _targets.refuse_in_parts(self.early_stopping, self.class_weight)
        refuse_average(self, part=True)
        first = not self.__sklearn_is_fitted__()
        known = _targets.partial_classes(classes, None if first else self.classes_)
        X, labels = self._validate(X, y, reset=first)
        data = TrainingData(
            X,
            _targets.encode_labels("y", labels, known),
            _targets.training_weights(sample_weight, self.class_weight, X, labels),
        )
        if first:
            self._begin(known, draw_seed(self.random_state), data)
        else:
            self._fitted_network.set_learning_rate(self.learning_rate)
        return self._train(data, 1, part=True)

    def _params_of_fit(self, n_classes: int) -> dict[str, Any]:  # noqa: ARG002
        """Tell the parameters that decide what is trained."""
        return self.get_params(deep=False)

    def _begin(self, classes: np.ndarray, seed: int, data: TrainingData) -> None:
        """Set out anew: an untrained network and an empty history."""
        from skfashion._backend.optimizers import optimizer_config
        from skfashion.neural_network._fitted_network import FittedNetwork

        if len(classes) < 2:
            raise DataError(
                f"y has one class, {classes.tolist()}; a classifier needs two or more."
            )
        config = None
        try:
            config, values = self._new_network(len(classes), seed, len(data.X))
        finally:
            # Also where it cannot be built, of which thin images may be the cause.
            if self.image_shape is None and self._sees_images(config):
                columns = getattr(self, "feature_names_in_", None)
                warn_of_thin_images(
                    type(self).__name__, self.image_shape_, data.X, data.codes, columns
                )
        optimizer = optimizer_config(
            self.optimizer, self.learning_rate, self.weight_decay
        )
        self._fitted_network = FittedNetwork(config, optimizer, values)
        self.classes_ = classes
        # Those of a file, of labels that it was fitted with before.
        self.__dict__.pop("class_names_", None)
        self._seed = seed
        self.history_: dict[str, list[float]] = {}
        self.n_iter_ = 0

    def _adopt(self, network: "FittedNetwork", classes: np.ndarray) -> None:
        """Be fitted with a network that came from elsewhere."""
        config = network.config
        self.n_features_in_ = config.n_features
        self.image_shape_ = _pixels.fold_shape(
            config.n_features, getattr(config, "image_shape", None), None
        )
        self._rescale = config.rescale
        self._fitted_off_scale = False
        self._fitted_network = network
        self.classes_ = classes
        self._seed = 0
        self.history_ = {"loss": [], "accuracy": []}
        self.n_iter_ = 0

    def _train(
        self,
        data: TrainingData,
        epochs: int,
        *,
        part: bool = False,
        checkpoints: "Checkpoints | None" = None,
        tasks: FitTasks | None = None,
    ) -> bool:
        """Train the network on from where it stands; True if Ctrl-C ended it."""
        from skfashion.neural_network._training import (
            divergence,
            joined,
            train_network,
        )

        history, interrupted = train_network(
            self,
            self._fitted_network,
            data,
            self._seed,
            epochs,
            part,
            checkpoints,
            tasks,
        )
        n_iter = len(history["loss"])
        values = [] if part else self._fitted_network.values
        epoch = self.n_epochs_ + n_iter
        sign = divergence(history["loss"][-1], epoch, values)
        if sign is not None:
            warnings.warn(
                f"Training diverged: {sign}; lower learning_rate, now "
                f"{self.learning_rate!r}, or scale X to [0, 1].",
                ConvergenceWarning,
                stacklevel=2,
            )
        self.history_ = joined(self.history_, history)
        self.n_iter_ = n_iter
        return interrupted

    @contextmanager
    def _working_copy(self, *, goes_on: bool) -> Iterator[Self]:
        """Train a copy, and take over what it has become unless the work raises."""
        refuse_after_fork()
        held: dict[str, Any] = self.__dict__
        work = object.__new__(type(self))
        work.__dict__ = dict(held)
        network: FittedNetwork | None = held.get("_fitted_network")
        if network is not None and goes_on:
            with network.training_on() as trained:
                work._fitted_network = trained
                yield work
            if network.is_exposed:
                work._fitted_network = network
        else:
            yield work
        fitted = work.__dict__.keys() - set(self._get_param_names())
        with _taking:
            for name in held.keys() - work.__dict__.keys():
                del held[name]
            held.update({name: work.__dict__[name] for name in fitted})

    def predict_proba(self, X: Any) -> np.ndarray:
        """Predict the probability of each class.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images, scaled as those of ``fit``.

        Returns
        -------
        ndarray of shape (n, n_classes), float32
            Probabilities, in the order of ``classes_``.

        Raises
        ------
        NotFittedError
            If called before ``fit``.
        ValueError
            If the images are not of the shape or columns seen at ``fit``, or if X
            is a single image.
        """
        rows = self._rows_to_predict(X)
        check_views(self.n_views)

        def averaged(forward: Any) -> Any:
            return mean_of_views(forward, self.n_views, self.image_shape_)

        return self._fitted_network.predict(rows, averaged)

    def _rows_to_predict(self, X: Any) -> np.ndarray:
        """Check images that a fitted network is to see; rows of one of ``_dtypes``."""
        check_is_fitted(self)
        X, _ = _pixels.as_rows(X, self.image_shape_)
        X = validate_data(self, X, dtype=self._dtypes, order="C", reset=False)
        if not self._fitted_off_scale:
            self._warn_of_scale(X, fitting=False)
        return X

    def predict(self, X: Any) -> np.ndarray:
        """Predict labels.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images, scaled as those of ``fit``.

        Returns
        -------
        ndarray of shape (n,)
            The most probable label of each image, of the sort given to ``fit``.
        """
        probabilities = self.predict_proba(X)
        return self.classes_[probabilities.argmax(axis=1)]

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """Predict the logarithm of the probability of each class.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images, scaled as those of ``fit``.

        Returns
        -------
        ndarray of shape (n, n_classes), float32
            Logarithms, minus infinity where the probability is 0 in float32.
        """
        with np.errstate(divide="ignore"):
            return np.log(self.predict_proba(X))

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Give the accuracy of the predictions.

        Parameters
        ----------
        X : array-like of shape (n, pixels), (n, h, w) or (n, h, w, channels)
            Images, scaled as those of ``fit``.
        y : array-like of shape (n,)
            Their labels.
        sample_weight : array-like of shape (n,), default=None
            Weights of the rows.

        Returns
        -------
        float
            Part of the images, or of their weights, that is labelled as y says.

        Raises
        ------
        NotFittedError
            If called before ``fit``.
        ValueError
            If an array cannot be used.
        """
        y, sample_weight = as_numpy("y", y), as_numpy("sample_weight", sample_weight)
        return super().score(X, y, sample_weight)

    def _validate(
        self, X: Any, y: Any, *, reset: bool, names: tuple[str, str] = ("X", "y")
    ) -> tuple[np.ndarray, np.ndarray]:
        """Check images and labels; rows of one of ``_dtypes``, a label for each."""
        if reset:
            self._rescale = self.rescale
        X, shape = _pixels.as_rows(X, None if reset else self.image_shape_, names[0])
        y = _targets.take_labels(y, names[1])
        X, y = validate_data(self, X, y, dtype=self._dtypes, order="C", reset=reset)
        # Of data frames scikit-learn does not see the order of the bytes.
        X = X.astype(X.dtype.newbyteorder("="), copy=False)
        check_classification_targets(y)
        if reset:
            self.image_shape_ = _pixels.fold_shape(X.shape[1], self.image_shape, shape)
            self._seen_shape = X.shape[1:] if shape is None else shape
            self._fitted_off_scale = self._warn_of_scale(X, labels=y)
        elif not self._fitted_off_scale:
            fitted = self.__sklearn_is_fitted__()
            self._warn_of_scale(X, labels=None if fitted else y, name=names[0])
        return X, y

    @property
    def _dtypes(self) -> Any:
        """Types that pixels may keep; all others become the first."""
        return np.float32 if self._rescale is None else [np.float32, np.uint8]

    def _sees_images(self, config: "Config | None") -> bool:  # noqa: ARG002
        """Whether the network of a config, None if it has none, takes images."""
        return True

    def _warn_of_scale(
        self,
        X: np.ndarray,
        *,
        fitting: bool = True,
        labels: Any = None,
        name: str = "X",
    ) -> bool:
        """Warn where pixels are on the wrong scale, and tell whether they are.

        ``labels`` are those of a fit that begins.
        """
        mistake = _pixels.scale_mistake(X, self._rescale, fitting=fitting, name=name)
        if mistake is None or self._scales_by_itself(labels):
            return False
        _pixels.warn_about_scale(mistake, type(self).__name__)
        return True

    def _scales_by_itself(self, labels: Any) -> bool:  # noqa: ARG002
        """Whether the network has a scale of its own, as some that are loaded do."""
        return False

    @property
    def model_(self) -> "keras.Model":
        """The fitted network, a Keras model; changes to its weights count."""
        check_is_fitted(self)
        return self._fitted_network.exposed.model

    @property
    def keras_classifier_(self) -> "KerasClassifier":
        """The SciKeras classifier that holds ``model_``."""
        check_is_fitted(self)
        return self._fitted_network.exposed.hold()

    @property
    def loss_curve_(self) -> list[float]:
        """Training loss by epoch."""
        check_is_fitted(self)
        return self.history_["loss"]

    @property
    def n_epochs_(self) -> int:
        """Epochs trained since training began, by all fits that went on."""
        check_is_fitted(self)
        return len(self.history_.get("loss", ()))

    @property
    def validation_scores_(self) -> list[float] | None:
        """Validation accuracy by epoch; None without validation data."""
        check_is_fitted(self)
        return self.history_.get("val_accuracy")

    def __sklearn_is_fitted__(self) -> bool:
        return "_fitted_network" in vars(self)

    def __copy__(self) -> Self:
        copied = object.__new__(type(self))
        copied.__dict__.update(self.__dict__)
        if self.__sklearn_is_fitted__():
            copied._fitted_network = self._fitted_network.copy()
            # They served that fit, and may hold on to the model.
            copied.callbacks = None
        return copied

    def __getstate__(self) -> dict[str, Any]:
        """Give numbers, text and arrays: no live object of TensorFlow's."""
        from skfashion.neural_network._state import to_state

        return to_state(super().__getstate__())

    def __setstate__(self, state: dict[str, Any]) -> None:
        from skfashion.neural_network._state import from_state

        super().__setstate__(from_state(state, self._get_param_names()))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags
