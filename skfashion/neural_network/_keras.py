"""KerasImageClassifier: a network of the user's own."""

import hashlib
import pickle
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.base import _clone_parametrized

from skfashion.exceptions import NotReproducibleWarning, ParameterError
from skfashion.neural_network._base import BaseFashionClassifier

if TYPE_CHECKING:
    import os

    import keras

    from skfashion._networks.keras_config import KerasConfig
    from skfashion.preprocessing import Augmentation

__all__ = ["KerasImageClassifier", "is_model"]


class KerasImageClassifier(BaseFashionClassifier):
    """Classify images with a Keras network of one's own.

    The network is trained on sparse categorical cross-entropy by mini-batches, in
    compiled chunks where every layer is Keras's own, and through ``keras.Model.fit``
    where it has parts of the caller's; those know neither ``label_smoothing`` nor
    ``max_time``, which are refused. What a model was compiled with does not count:
    the parameters here do.

    Parameters
    ----------
    network : callable, Network or keras.Model
        A function ``(image_shape, n_classes) -> keras.Model``, called at each fit; a
        ``Network`` of one, whose parameters can be searched as ``network__width``; or
        a model, built, whose weights are where each fit begins (fine-tuning) and
        whose frozen layers stay frozen. It takes images of shape ``image_shape``, or
        rows, and gives one number a class. A model is never changed.
    from_logits : bool, default=False
        Whether the network gives logits, in place of probabilities.
    label_smoothing : float in [0, 1), default=0.0
        Part of each label that all classes share while training. The loss of training
        counts it, ``val_loss`` does not. It belongs to the network and stays when
        training goes on; ``model_.fit`` called by hand leaves it out.
    optimizer : str or keras.optimizers.Optimizer, default="adam"
        Keras's name of an optimizer, or one whose settings are copied at each
        fit.
    learning_rate : float, keras LearningRateSchedule or None, default=None
        Step size. None leaves the optimizer's own (0.001 for "adam", 0.01 for
        "sgd"), of which a ``learning_rate_schedule`` rises to five times as much
        where ``optimizer`` is a name.
    weight_decay : float or None, default=None
        Part of each weight that a step takes off, times the learning rate, whatever the
        gradients are, as AdamW does; unlike a penalty it does not count in the loss.
        The set-ups "cnn-accurate" and "cnn-best", of many epochs, have 0.1. None leaves
        the optimizer's own (none for "adam" and "sgd", 0.004 for "adamw").
    learning_rate_schedule : {"constant", "one_cycle", "cosine"}, default="constant"
        How the learning rate, and the optimizer's decay of the weights with it, goes
        over the steps of one ``fit``. "one_cycle" rises from 0.2 times the learning
        rate to all of it over the first 23% of the epochs, then falls to 0; "cosine"
        falls to 0 by half a cosine. Each ``fit`` goes over its own epochs, with
        ``warm_start`` too, and early stopping ends it early. Callbacks read and set
        the rate that it multiplies. ``partial_fit``, which knows no end, takes
        "constant".
    epochs : int, default=10
        Passes over the training rows.
    max_time : float or None, default=None
        Seconds that ``fit`` may take, checks, tracing and validation included; it
        decides the number of epochs, in place of ``epochs``. Some steps are timed
        first, for 2% of it; the number is then fixed: one at least,
        and the last ends about 5% late at most, by the speed of these and without what
        callbacks take; none may listen to batches. A fit of ``n_iter_`` epochs, without
        ``max_time``, gives the same bits. ``partial_fit`` takes one epoch always.
    batch_size : int, default=64
        Rows a step.
    augmentation : Augmentation, "shift" or None, default=None
        How ``fit`` and ``partial_fit`` vary each image anew in each epoch: mirrored,
        shifted, turned, covered. "shift" moves it by up to a pixel for every 28 of its
        shorter side, which suits most images and leaves those smaller than that as they
        are. Predictions, ``X_val`` and rows held out are as they are. None varies
        nothing.
    n_views : {1, 2, 3, 6}, default=1
        Views of an image whose predicted probabilities are averaged: 1 is the image as
        it is; 2 adds its mirror image; 3 adds the image moved by a pixel up and left,
        and down and right; 6 the mirror images of these three. It counts at prediction,
        and helps where training images were varied so. ``validation_scores_`` and
        ``early_stopping`` go by one view, and ``export_keras`` writes the network
        alone.
    class_weight : dict, "balanced" or None, default=None
        Weight of each label; "balanced" makes every class count the same.
    early_stopping : bool, default=False
        Stop when the validation accuracy has not risen for ``n_iter_no_change``
        epochs, and go back to the weights of the best epoch.
    validation_fraction : float in (0, 1), default=0.1
        Part of the training rows, stratified by label, that ``early_stopping``
        sets aside where ``fit`` is given no ``X_val``.
    n_iter_no_change : int, default=5
        Epochs without improvement that end training under ``early_stopping``.
    callbacks : list of keras.callbacks.Callback or None, default=None
        Called while training, as by ``keras.Model.fit``.
    checkpoint : str, path or None, default=None
        Folder, of this fit alone, that ``fit`` saves each epoch to; it keeps the last
        two. The same ``fit`` in another process goes on from there, to the same bits.
    warm_start : bool, default=False
        Whether ``fit`` trains on from the last fit's weights and optimizer state.
        The network, the optimizer and the seed then stay as they were; a new
        number as ``learning_rate`` and all else counts.
    random_state : int, numpy.random.RandomState or None, default=None
        Seed of what the function and the layers draw, augmentation, the order of the
        rows and the validation rows. The same integer gives the same bits, with the
        same number of TensorFlow threads. None takes a new seed at each fit.
    verbose : int or bool, default=0
        Whether to print a line an epoch.
    image_shape : tuple of int or None, default=None
        (height, width) or (height, width, channels) that a row folds into. None
        takes the shape of X; from rows, a square that fits, a square in three
        colours, else an image one pixel high.
    rescale : float or None, default=None
        Factor of the pixels, applied before the network. With 1/255 raw 8-bit
        pixels need no PixelScaler: they stay bytes, in memory or in a
        ``numpy.memmap``, until their batch is computed. None gives the network the
        pixels as they are.

    Attributes
    ----------
    class_names_ : list of str
        Names of the classes, where ``skfashion.load`` found them in a file.
    classes_ : ndarray of shape (n_classes,)
        Labels, sorted.
    feature_names_in_ : ndarray of shape (``n_features_in_``,)
        Column names seen at ``fit``, where X had string column names.
    history_ : dict of str to list of float
        "loss", "accuracy" and, with validation data, "val_loss" and
        "val_accuracy" by epoch.
    image_shape_ : tuple of (int, int, int)
        Height, width and channels of an image.
    keras_classifier_ : scikeras.wrappers.KerasClassifier
        The SciKeras classifier that holds ``model_``.
    loss_curve_ : list of float
        Training loss by epoch.
    model_ : keras.Model
        The network, trained.
    n_epochs_ : int
        Epochs since training began, by all fits that went on with it.
    n_features_in_ : int
        Pixels of an image, channels included.
    n_iter_ : int
        Epochs of the last ``fit`` or ``partial_fit``, as scikit-learn counts them.
    validation_scores_ : list of float or None
        Validation accuracy by epoch.

    See Also
    --------
    Network : A function with parameters to search over.
    FashionCNNClassifier : A convolutional network that is designed already.
    skfashion.persistence.from_keras : Makes one of a network that is trained already.

    Notes
    -----
    Building a network leaves the generators of Python, NumPy and TensorFlow, and
    Keras's counters of names, as they were. Layers that draw, such as Dropout, draw
    from the seed and the epoch; a ``NotReproducibleWarning`` names what draws from
    elsewhere.

    References
    ----------
    .. [1] Ioffe and Szegedy, "Batch Normalization", ICML 2015 (computed here by one
       fused operation, as TensorFlow has it).
    .. [2] He et al., "Deep Residual Learning for Image Recognition", CVPR 2016.

    Examples
    --------
    >>> import keras
    >>> from skfashion import KerasImageClassifier, load_fashion_sample
    >>> X, y = load_fashion_sample(return_X_y=True)
    >>> def small(image_shape, n_classes):
    ...     return keras.Sequential(
    ...         [
    ...             keras.Input(image_shape),
    ...             keras.layers.Conv2D(4, 3, strides=2, activation="relu"),
    ...             keras.layers.GlobalAveragePooling2D(),
    ...             keras.layers.Dense(n_classes, activation="softmax"),
    ...         ]
    ...     )
    >>> clf = KerasImageClassifier(small, epochs=1, rescale=1 / 255, random_state=0)
    >>> clf.fit(X, y).predict_proba(X[:3]).shape
    (3, 10)
    """

    _parameter_constraints: dict = {
        **BaseFashionClassifier._parameter_constraints,
        "network": "no_validation",  # checked with a sentence of its own
        "from_logits": ["boolean"],
    }

    def __init__(
        self,
        network: "Callable[..., keras.Model] | keras.Model",
        *,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        optimizer: "str | keras.optimizers.Optimizer" = "adam",
        learning_rate: Any = None,
        weight_decay: float | None = None,
        learning_rate_schedule: str = "constant",
        epochs: int = 10,
        max_time: float | None = None,
        batch_size: int = 64,
        augmentation: "Augmentation | str | None" = None,
        n_views: int = 1,
        class_weight: Any = None,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 5,
        callbacks: Any = None,
        checkpoint: "str | os.PathLike[str] | None" = None,
        warm_start: bool = False,
        random_state: Any = None,
        verbose: int | bool = 0,
        image_shape: tuple[int, ...] | None = None,
        rescale: float | None = None,
    ) -> None:
        self.network = network
        self.from_logits = from_logits
        self.label_smoothing = label_smoothing
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.learning_rate_schedule = learning_rate_schedule
        self.epochs = epochs
        self.max_time = max_time
        self.batch_size = batch_size
        self.augmentation = augmentation
        self.n_views = n_views
        self.class_weight = class_weight
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.callbacks = callbacks
        self.checkpoint = checkpoint
        self.warm_start = warm_start
        self.random_state = random_state
        self.verbose = verbose
        self.image_shape = image_shape
        self.rescale = rescale

    def set_params(self, **params: Any) -> Self:
        """Set parameters, those of a ``Network`` as ``network__width``.

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
        inner = [name for name in params if name.startswith("network__")]
        if inner and not hasattr(params.get("network", self.network), "set_params"):
            name = inner[0].removeprefix("network__")
            raise ParameterError(
                f"{inner[0]}={params[inner[0]]!r:.80} needs a network whose parameters "
                f"are known: give network=skfashion.Network(function, {name}=...)."
            )
        return super().set_params(**params)

    @classmethod
    def _config_kind(cls) -> "type[KerasConfig]":
        from skfashion._networks.keras_config import KerasConfig

        return KerasConfig

    def _new_network(
        self,
        n_classes: int,
        seed: int,
        n_rows: int,  # noqa: ARG002
    ) -> "tuple[KerasConfig, list[np.ndarray]]":
        from skfashion._networks.unseeded import unseeded_parts

        config, values = self._first(n_classes, seed)
        if all(config.frozen):
            raise ParameterError(
                f"network={self.network!r:.80} has no weight to train: every layer is "
                "frozen; set trainable=True on those that fit is to train."
            )
        unseeded = [] if self.random_state is None else unseeded_parts(config)
        if unseeded:
            warnings.warn(
                f"random_state={self.random_state!r:.40} does not reach all that the "
                f"network draws from: {', '.join(unseeded):.200}; have it draw from a "
                "keras.random.SeedGenerator that its layer holds.",
                NotReproducibleWarning,
                stacklevel=2,
            )
        return config, values

    def _params_of_fit(self, n_classes: int) -> dict[str, Any]:
        """Tell the parameters that decide what is trained, of plain values."""
        config, values = self._first(n_classes, seed=0)
        total = hashlib.sha256(config.description.encode())
        for value in values:
            total.update(value.tobytes())
        return {**super()._params_of_fit(n_classes), "network": total.hexdigest()}

    def _sees_images(self, config: Any) -> bool:
        # Some take rows, which none but the network tells.
        return config is None or len(config.input_shape) > 1

    def _scales_by_itself(self, labels: Any) -> bool:
        if labels is None:
            config: Any = self._fitted_network.config
            return config.scales_pixels
        return self._first(len(np.unique(labels)), seed=0)[0].scales_pixels

    def _first(
        self, n_classes: int, seed: int
    ) -> "tuple[KerasConfig, list[np.ndarray]]":
        """Make the network and the weights that a fit begins with."""
        from skfashion._networks.own_network import begin_network

        config, values = begin_network(
            self.network,
            self.image_shape_,
            n_classes,
            seed=seed,
            rescale=self.rescale,
            from_logits=self.from_logits,
        )
        return replace(config, label_smoothing=float(self.label_smoothing)), values

    def __sklearn_clone__(self) -> Self:
        shared = dict(vars(self))
        if is_model(self.network):
            # No fit changes it, and Keras would copy it by way of a file.
            shared["network"] = None
        unfitted = object.__new__(type(self))
        unfitted.__dict__ = shared
        made = _clone_parametrized(unfitted)
        if shared["network"] is None:
            made.network = self.network
        return made

    def __getstate__(self) -> dict[str, Any]:
        """Give numbers, text and arrays, and a model as the bytes of Keras's file."""
        network = self.network
        if not is_model(network):
            return super().__getstate__()
        held = object.__new__(type(self))
        held.__dict__ = {**vars(self), "network": None}
        state = BaseFashionClassifier.__getstate__(held)
        return {**state, _MODEL: pickle.dumps(network)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        model = state.get(_MODEL)
        super().__setstate__({k: v for k, v in state.items() if k != _MODEL})
        if model is not None:
            from skfashion._backend.global_state import untouched

            with untouched():
                self.network = pickle.loads(model)


_MODEL = "network as bytes"


def is_model(network: Any) -> bool:
    """Whether a network is a Keras model."""
    # What is no model until Keras is imported is none.
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(network, keras.Model)
