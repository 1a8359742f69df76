"""How pictures are brought to the images that a model takes."""

from collections.abc import Sequence

from skfashion.datasets import CLASS_NAMES

__all__ = ["FASHION", "WAYS", "usual_way"]

# How a picture is brought to size, and what is said of it.
WAYS = {
    "photo": "prepared as Fashion-MNIST's images were: trimmed, centred, light on dark",
    "pad": "resized, and padded with white where it was of other proportions",
    "crop": "resized, and cropped where it was of other proportions",
    "stretch": "stretched",
}
# The images that a photograph is prepared as.
FASHION = (28, 28, 1)


def usual_way(shape: tuple[int, ...], names: Sequence[str] | None) -> str:
    """Choose one of ``WAYS`` for who did not.

    Parameters
    ----------
    shape : tuple of (height, width, channels)
        Of the images that the model takes.
    names : sequence of str or None
        Of its classes; None where they are numbers without names.

    Returns
    -------
    str
        "photo" for grey 28x28 images whose classes are numbers without names, or
        Fashion-MNIST's; "pad" for all others.
    """
    # Numbers without names, as digits are too, or some of Fashion-MNIST's names.
    of_fashion = {*CLASS_NAMES}.issuperset(names or ())
    return "photo" if shape == FASHION and of_fashion else "pad"
