"""What skfashion raises and warns: each also is the builtin a caller would catch."""

__all__ = [
    "CheckpointError",
    "CheckpointWarning",
    "DataError",
    "DownloadError",
    "ForkError",
    "ImageShapeWarning",
    "MissingExtraError",
    "ModelFileError",
    "OtherVersionWarning",
    "ParameterError",
    "SkfashionError",
    "TrainingInterruptedWarning",
    "UnscaledPixelsWarning",
    "WriteError",
]


class SkfashionError(Exception):
    """Base of every error that skfashion raises on its own account."""


class ParameterError(SkfashionError, ValueError):
    """A parameter of an estimator has a value that cannot work."""


class DataError(SkfashionError, ValueError):
    """An array of images or labels cannot be used as it is."""


class DownloadError(SkfashionError, OSError):
    """No source gave a sound copy of a data set."""


class MissingExtraError(SkfashionError, ImportError):
    """A library that only some functions need is not installed."""


class WriteError(SkfashionError, OSError):
    """A file or a folder cannot be written."""


class ModelFileError(SkfashionError, ValueError):
    """A file is not a saved model, is damaged, or holds what no saved model does."""


class CheckpointError(SkfashionError, ValueError):
    """A folder of checkpoints holds another fit's training, or nothing readable."""


class CheckpointWarning(UserWarning):
    """An epoch is not saved, or gone on with, as it should be; training goes on."""


class OtherVersionWarning(UserWarning):
    """A model was saved with another version of a library than reads it now."""


class CutValidationWarning(UserWarning):
    """Validation images as many as X may be a part only: scikit-learn cuts such."""


class ForkError(SkfashionError, RuntimeError):
    """TensorFlow is needed in a process forked after TensorFlow had started."""


class TrainingInterruptedWarning(UserWarning):
    """Ctrl-C ended training early; the estimator is fitted with what it has."""


class ImageShapeWarning(UserWarning):
    """Images have, or are folded into, a shape that is likely not theirs."""


class UnscaledPixelsWarning(UserWarning):
    """Pixels are not on the scale that is expected of them."""


class NotReproducibleWarning(UserWarning):
    """A seed does not reach everything that a network of one's own draws from."""
