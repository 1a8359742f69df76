"""FashionCNNClassifier: a convolutional network."""

from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from sklearn.utils._param_validation import Interval, StrOptions

from skfashion.neural_network._base import (
    OWN_NETWORK_CONSTRAINTS,
    BaseFashionClassifier,
)

if TYPE_CHECKING:
    import os

    import keras

    from skfashion._networks.cnn_config import CNNConfig
    from skfashion.preprocessing import Augmentation
__all__ = ["FashionCNNClassifier"]


class FashionCNNClassifier(BaseFashionClassifier):
    """Classify images with a convolutional network on Keras.

    Stages of convolutions and max-pooling, then dense layers and a softmax
    output, trained on sparse categorical cross-entropy by mini-batches. Any row
    is an image; ``image_shape`` says of which height and width.

    Parameters
    ----------
    filters : int or sequence of int, default=(16, 48, 96)
        Filters of each stage: ``convolutions``, the first of which a 2x2
        max-pooling follows.
    stem_filters : int or None, default=None
        Filters of a convolution before the first stage, on maps as large as the
        image. None leaves it out.
    convolutions : int, default=2
        Convolutions of each stage.
    kernel_size : int, default=3
        Height and width of the convolutions in pixels, or what is left of the
        image where that is less and they are not padded.
    padding : {"valid", "same"}, default="same"
        "valid" leaves out places where a kernel would reach beyond the image, so
        that maps get smaller; "same" takes what is beyond for 0, and maps keep
        their size.
    residual : bool, default=True
        Whether layers add their inputs to what they compute, before the
        activation: in a CNN each convolution from the second of a stage on, which
        needs ``convolutions=2`` or more and ``padding="same"``; in an MLP each
        hidden layer as large as the one before, and no other.
    batch_normalization : bool, default=True
        Whether each channel is brought to a mean and a spread that are trained,
        before the activation: of each convolution of a CNN (after the pooling,
        where one follows), of each hidden layer of an MLP. By the rows of the
        batch while training, by moving averages of momentum 0.9 in prediction.
        Such layers have no bias.
    pooling : {"flatten", "max", "average"}, default="max"
        What the last stage hands on: all values of its maps, or the largest or
        the mean of each map.
    dense_sizes : int or sequence of int, default=()
        Units of each dense layer between the last stage and the output.
    logit_scale : float, default=0.25
        Factor of what goes into the softmax. Below 1 it keeps networks of
        ``batch_normalization`` from being sure of themselves too soon.
    activation : str, default="relu"
        Activation of all but the last layer: Keras's names, and scikit-learn's
        "identity" and "logistic".
    dropout : float in [0, 1), default=0.0
        Fraction dropped while training, of the outputs of each hidden dense layer
        and of the last convolutional stage.
    alpha : float, default=0.0
        Strength of the L2 penalty, as in scikit-learn: ``alpha / 2`` times the
        sum of the squared weights, divided by the batch size, is added to the
        loss.
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
    learning_rate_schedule : {"constant", "one_cycle", "cosine"}, default="one_cycle"
        How the learning rate, and the optimizer's decay of the weights with it, goes
        over the steps of one ``fit``. "one_cycle" rises from 0.2 times the learning
        rate to all of it over the first 23% of the epochs, then falls to 0; "cosine"
        falls to 0 by half a cosine. Each ``fit`` goes over its own epochs, with
        ``warm_start`` too, and early stopping ends it early. Callbacks read and set
        the rate that it multiplies. ``partial_fit``, which knows no end, takes
        "constant".
    epochs : int, default=12
        Passes over the training rows.
    max_time : float or None, default=None
        Seconds that ``fit`` may take, checks, tracing and validation included; it
        decides the number of epochs, in place of ``epochs``. Some steps are timed
        first, for 2% of it; the number is then fixed: one at least,
        and the last ends about 5% late at most, by the speed of these and without what
        callbacks take; none may listen to batches. A fit of ``n_iter_`` epochs, without
        ``max_time``, gives the same bits. ``partial_fit`` takes one epoch always.
    batch_size : int, default=128
        Rows a step.
    subsample : float in (0, 1], default=0.4
        Part of the training rows that each epoch of ``fit`` but its first and its last
        trains on: mostly those of the largest ``-p * log(p)``, where ``p`` is the
        probability of their own label when they were last trained on, and some of the
        others by chance. What is learnt already is then seen more rarely, so that more
        epochs fit into the time, and so are labels that the network does not believe,
        for those are often wrong. In ``history_`` the rows that an epoch leaves out
        count as when they were last trained on. 1,000 rows are always taken, or as many
        as there are. All are taken by ``partial_fit``, and by ``fit`` where Keras
        itself trains: a ``model_`` that was changed, with an optimizer or a schedule
        that is not Keras's own, gradients that are summed over steps, or the callback
        ``BackupAndRestore``.
    weight_averaging : int or None, default=None
        Have ``fit`` end with the mean of the weights at the end of each of its last
        epochs: of so many, or of all where it has fewer. The moving averages of
        ``batch_normalization`` are then computed anew, from the training rows.
        ``history_`` stays that of the weights that were trained; ``warm_start``
        trains on from the mean; a fit that is stopped before these epochs keeps its
        last weights. Not for ``early_stopping`` and ``partial_fit``. None and 0
        average nothing.
    augmentation : Augmentation, "shift" or None, default="shift"
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
        Seed of the initial weights, dropout, augmentation, the order of the rows and
        the validation rows. The same integer gives the same bits, with the same
        number of TensorFlow threads. None takes a new seed at each fit.
    verbose : int or bool, default=0
        Whether to print a line an epoch.
    image_shape : tuple of int or None, default=None
        (height, width) or (height, width, channels) that a row folds into. None
        takes the shape of X; from rows, a square that fits, a square in three
        colours, else an image one pixel high. Set it for rows of other images, and
        for images that look channel-first and are not.
    rescale : float or None, default=None
        Factor of the pixels, applied inside the network. With 1/255 raw 8-bit
        pixels need no PixelScaler: they stay bytes, in memory or in a
        ``numpy.memmap``, until their batch is computed. None expects pixels
        scaled to [0, 1].
    dtype_policy : {"float32", "mixed_bfloat16", "auto"}, default="float32"
        Types the layers compute in, by Keras's name. "mixed_bfloat16" keeps
        weights, probabilities and loss in float32 and computes the rest in bfloat16:
        faster on AMD's processors with AVX512-BF16, those with AMX, and GPUs, slower
        elsewhere. "auto" takes it for networks that convolve where Linux or TensorFlow
        says that the hardware is one of these; ``model_`` and what is saved keep what
        was taken.

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
        The network.
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
    FashionMLPClassifier : The multi-layer perceptron.
    skfashion.preprocessing.PixelScaler : Scales pixels to [0, 1], which this
        classifier expects.

    References
    ----------
    .. [1] Glorot and Bengio, "Understanding the difficulty of training deep
       feedforward neural networks", AISTATS 2010 (the initial weights).
    .. [2] Kingma and Ba, "Adam: A Method for Stochastic Optimization",
       ICLR 2015, :arxiv:`1412.6980`.
    .. [3] LeCun et al., "Gradient-based learning applied to document
       recognition", Proceedings of the IEEE 86, 1998 (the architecture).
    .. [4] Srivastava et al., "Dropout: A Simple Way to Prevent Neural Networks
       from Overfitting", JMLR 15, 2014.
    .. [5] Ioffe and Szegedy, "Batch Normalization", ICML 2015.
    .. [6] He et al., "Deep Residual Learning for Image Recognition", CVPR 2016.
    .. [7] Izmailov et al., "Averaging Weights Leads to Wider Optima and Better
       Generalization", UAI 2018, :arxiv:`1803.05407`.
    .. [8] Chang et al., "Active Bias: Training More Accurate Neural Networks by
       Emphasizing High Variance Samples", NeurIPS 2017, :arxiv:`1704.07433` (the rows
       of ``subsample``: those that the network is unsure of).
    .. [9] Qin et al., "InfoBatch: Lossless Training Speed Up by Unbiased Dynamic Data
       Pruning", ICLR 2024, :arxiv:`2303.04947` (by what was last seen of them).

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from skfashion import FashionCNNClassifier, PixelScaler, load_fashion_sample
    >>> X, y = load_fashion_sample(return_X_y=True)
    >>> cnn = FashionCNNClassifier(filters=(8, 16), epochs=2, random_state=0)
    >>> model = make_pipeline(PixelScaler(), cnn).fit(X, y)
    >>> model.predict_proba(X[:3]).shape
    (3, 10)
    """

    _parameter_constraints: dict = {
        **BaseFashionClassifier._parameter_constraints,
        **OWN_NETWORK_CONSTRAINTS,
        "filters": "no_validation",  # checked with a sentence of its own
        "stem_filters": [Interval(Integral, 1, None, closed="left"), None],
        "convolutions": [Interval(Integral, 1, None, closed="left")],
        "kernel_size": [Interval(Integral, 1, None, closed="left")],
        "padding": [StrOptions({"valid", "same"})],
        "pooling": [StrOptions({"flatten", "max", "average"})],
        "logit_scale": [Interval(Real, 0, None, closed="neither")],
        "dense_sizes": "no_validation",
    }

    def __init__(
        self,
        filters: Any = (16, 48, 96),
        *,
        stem_filters: int | None = None,
        convolutions: int = 2,
        kernel_size: int = 3,
        padding: str = "same",
        residual: bool = True,
        batch_normalization: bool = True,
        pooling: str = "max",
        dense_sizes: Any = (),
        logit_scale: float = 0.25,
        activation: str = "relu",
        dropout: float = 0.0,
        alpha: float = 0.0,
        label_smoothing: float = 0.0,
        optimizer: "str | keras.optimizers.Optimizer" = "adam",
        learning_rate: Any = None,
        weight_decay: float | None = None,
        learning_rate_schedule: str = "one_cycle",
        epochs: int = 12,
        max_time: float | None = None,
        batch_size: int = 128,
        subsample: float = 0.4,
        weight_averaging: int | None = None,
        augmentation: "Augmentation | str | None" = "shift",
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
        dtype_policy: str = "float32",
    ) -> None:
        self.filters = filters
        self.stem_filters = stem_filters
        self.convolutions = convolutions
        self.kernel_size = kernel_size
        self.padding = padding
        self.residual = residual
        self.batch_normalization = batch_normalization
        self.pooling = pooling
        self.dense_sizes = dense_sizes
        self.logit_scale = logit_scale
        self.activation = activation
        self.dropout = dropout
        self.alpha = alpha
        self.label_smoothing = label_smoothing
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.learning_rate_schedule = learning_rate_schedule
        self.epochs = epochs
        self.max_time = max_time
        self.batch_size = batch_size
        self.subsample = subsample
        self.weight_averaging = weight_averaging
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
        self.dtype_policy = dtype_policy

    @classmethod
    def _config_kind(cls) -> "type[CNNConfig]":
        from skfashion._networks.cnn_config import CNNConfig

        return CNNConfig

    def _config_fields(self) -> dict[str, Any]:
        return {
            "image_shape": self.image_shape_,
            "filters": self.filters,
            "stem_filters": self.stem_filters,
            "convolutions": self.convolutions,
            "kernel_size": self.kernel_size,
            "padding": self.padding,
            "pooling": self.pooling,
            "dense_sizes": self.dense_sizes,
            "logit_scale": self.logit_scale,
        }
