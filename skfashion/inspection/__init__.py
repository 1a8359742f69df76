"""Looking inside: what a network sees in images, and which images stand out."""

from skfashion.inspection._duplicates import near_duplicates
from skfashion.inspection._embedding import Embedding
from skfashion.inspection._saliency import saliency
from skfashion.inspection._saliency_display import SaliencyDisplay
from skfashion.inspection._suspects import suspect_labels

__all__ = [
    "Embedding",
    "SaliencyDisplay",
    "near_duplicates",
    "saliency",
    "suspect_labels",
]
