"""The order of the examples in the gallery, which Sphinx-Gallery sorts them by."""

from pathlib import Path

# From what everyone needs to what few do.
ORDER = (
    "quickstart",
    "own_images",
    "baselines",
    "hidden_sizes",
    "learning_curves",
    "worst_mistakes",
    "captions",
    "save_and_load",
    "augmentation",
    "callbacks",
    "calibration",
    "suspected_labels",
    "first_layers",
    "saliency",
    "embedding",
    "published",
    "own_network",
    "validation_images",
    "sample_weights",
    "checkpoint",
    "raw_bytes",
    "report",
    "export_onnx",
    "serve",
    "dask_search",
    "dask_blocks",
    # Those of examples/recipes.
    "dropout",
    "sgd_300_100",
    "dense_32",
    "deep_512_256_128",
    "cnn",
)


class InOrder:
    """The key by which the examples of a folder are sorted."""

    def __init__(self, src_dir):
        self.src_dir = src_dir

    def __call__(self, filename):
        """Give the place of an example; one that is not in the list comes last."""
        stem = Path(filename).stem
        return ORDER.index(stem) if stem in ORDER else len(ORDER)
