"""What skfashion raises and warns: each also is the builtin a caller would catch."""

__all__ = [
    "CheckpointError",
    "CheckpointWarning",
    "CutValidationWarning",
    "DataError",
    "DownloadError",
    "ForkError",
    "ImageShapeWarning",
    "MissingExtraError",
    "ModelFileError",
    "NotReproducibleWarning",
    "OtherVersionWarning",
    "ParameterError",
    "SkfashionError",
    "TrainingInterruptedWarning",
    "UnscaledPixelsWarning",
    "WriteError",
]


class SkfashionError(Exception):
    """Base of every error that skfashion raises on its own account.

    Examples
    --------
    >>> from skfashion import load
    >>> from skfashion.exceptions import SkfashionError
    >>> try:
    ...     load(__file__)
    ... except SkfashionError as error:
    ...     print(type(error).__name__)
    ModelFileError
    """


class ParameterError(SkfashionError, ValueError):
    """A parameter of an estimator or a function has a value that cannot work.

    Examples
    --------
    >>> from skfashion.recipes import get_recipe
    >>> get_recipe("dense-31")
    Traceback (most recent call last):
    skfashion.exceptions.ParameterError: name='dense-31' is not a recipe; ...
    """


class DataError(SkfashionError, ValueError):
    """An array of images or labels cannot be used as it is.

    Examples
    --------
    >>> from skfashion import FashionMLPClassifier
    >>> FashionMLPClassifier().fit([[0.0, 1.0], [1.0, 0.0]], ["bag", "bag"])
    Traceback (most recent call last):
    skfashion.exceptions.DataError: y has one class, ['bag']; a classifier needs two...
    """


class DownloadError(SkfashionError, OSError):
    """No source gave a sound copy of a data set.

    The message says what each of them answered, and where to put the files by hand.
    """


class MissingExtraError(SkfashionError, ImportError):
    """A library that only some functions need is not installed.

    The message holds the ``pip install`` that brings it.
    """


class WriteError(SkfashionError, OSError):
    """A file or a folder cannot be written.

    Examples
    --------
    >>> from skfashion import PixelScaler, save
    >>> save(PixelScaler(), __file__ + "/inside/a/file.skfashion")
    Traceback (most recent call last):
    skfashion.exceptions.WriteError: Cannot write ...
    """


class ModelFileError(SkfashionError, ValueError):
    """A file is not a saved model, is damaged, or holds what no saved model does.

    Examples
    --------
    >>> from skfashion import load
    >>> load(__file__)
    Traceback (most recent call last):
    skfashion.exceptions.ModelFileError: ...
    """


class CheckpointError(SkfashionError, ValueError):
    """A folder of checkpoints holds another fit's training, or nothing readable.

    Give each fit a folder of its own, or empty that one.

    Examples
    --------
    >>> import tempfile
    >>> from skfashion import FashionMLPClassifier
    >>> X, y = [[0.0, 1.0], [1.0, 0.0]], ["bag", "coat"]
    >>> folder = tempfile.TemporaryDirectory()
    >>> mlp = FashionMLPClassifier(8, epochs=1, random_state=0, checkpoint=folder.name)
    >>> mlp.fit(X, y).set_params(hidden_layer_sizes=9).fit(X, y)
    Traceback (most recent call last):
    skfashion.exceptions.CheckpointError: checkpoint=... another fit: ...
    >>> folder.cleanup()
    """


class CheckpointWarning(UserWarning):
    """An epoch is not saved, or gone on with, as it should be; training goes on."""


class OtherVersionWarning(UserWarning):
    """A model was saved with another version of a library than reads it now.

    What it predicts may differ in its last digits: compare it with what was known.
    """


class CutValidationWarning(UserWarning):
    """Validation images as many as X may be a part only: scikit-learn cuts such.

    Examples
    --------
    >>> import warnings
    >>> from sklearn.model_selection import cross_val_score
    >>> from skfashion import FashionMLPClassifier
    >>> from skfashion.exceptions import CutValidationWarning
    >>> X, y = [[0.0, 1.0], [1.0, 0.0]] * 2, ["bag", "coat"] * 2
    >>> held_out = {"X_val": X, "y_val": y}
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("error", CutValidationWarning)
    ...     cross_val_score(
    ...         FashionMLPClassifier(),
    ...         X,
    ...         y,
    ...         cv=2,
    ...         params=held_out,
    ...         error_score="raise",
    ...     )
    Traceback (most recent call last):
    skfashion.exceptions.CutValidationWarning: X_val has as many rows as X, 2, ...
    """


class ForkError(SkfashionError, RuntimeError):
    """TensorFlow is needed in a process forked after TensorFlow had started.

    It would wait for its threads for ever, for a fork has none of them.
    """


class TrainingInterruptedWarning(UserWarning):
    """Ctrl-C ended training early; the estimator is fitted with what it has."""


class ImageShapeWarning(UserWarning):
    """Images have, or are folded into, a shape that is likely not theirs.

    Examples
    --------
    >>> import warnings
    >>> from skfashion import FashionCNNClassifier
    >>> from skfashion.exceptions import ImageShapeWarning
    >>> X, y = [[0.0, 1.0] * 12, [1.0, 0.0] * 12], ["bag", "coat"]
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("error", ImageShapeWarning)
    ...     FashionCNNClassifier().fit(X, y)
    Traceback (most recent call last):
    skfashion.exceptions.ImageShapeWarning: ...
    """


class UnscaledPixelsWarning(UserWarning):
    """Pixels are not on the scale that is expected of them.

    Examples
    --------
    >>> import warnings
    >>> from skfashion import FashionMLPClassifier
    >>> from skfashion.exceptions import UnscaledPixelsWarning
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("error", UnscaledPixelsWarning)
    ...     FashionMLPClassifier().fit([[0, 255], [255, 0]], ["bag", "coat"])
    Traceback (most recent call last):
    skfashion.exceptions.UnscaledPixelsWarning: ...
    """


class NotReproducibleWarning(UserWarning):
    """A seed does not reach everything that a network of one's own draws from."""
