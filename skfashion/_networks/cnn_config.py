"""The hyper-parameters of a convolutional network."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from skfashion._networks.config import NetworkConfig, as_number
from skfashion._networks.image_layers import (
    Conv2D,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPooling2D,
)
from skfashion._networks.layers import (
    LOGITS,
    OUTPUT,
    Activation,
    Dense,
    Flatten,
    Layer,
    Rescaling,
    Reshape,
    Shape,
)
from skfashion._utils.validation import LARGEST, SMALLEST, check_count, layer_sizes
from skfashion.exceptions import ParameterError

__all__ = ["CNNConfig"]

_POOLING = {
    "flatten": Flatten("flatten"),
    "max": GlobalMaxPooling2D("pooling"),
    "average": GlobalAveragePooling2D("pooling"),
}
# More would only be slow to count.
_MOST_CONVOLUTIONS = 1000


@dataclass(frozen=True, kw_only=True)
class CNNConfig(NetworkConfig):
    """Stages of convolutions and a max-pooling, dense layers and a softmax output.

    Pools never exceed what is left of the image, nor do kernels that are not padded,
    so that any image will do, down to a single pixel.

    Parameters
    ----------
    image_shape : tuple of (int, int, int)
        Height, width and channels that a row of pixels folds into.
    filters : sequence of int, default=(32, 64)
        Filters of each stage.
    stem_filters : int or None, default=None
        Filters of a convolution before the first stage; None for no such layer.
    convolutions : int, default=1
        Convolutions of a stage, the first of which a 2x2 max-pooling follows.
    kernel_size : int, default=3
        Height and width of the convolutions, in pixels.
    padding : {"valid", "same"}, default="valid"
        Whether convolutions leave out the borders, or take what is beyond for 0.
    pooling : {"flatten", "max", "average"}, default="flatten"
        What becomes of the last stage's maps: a value a pixel, or the largest of a
        map, or its mean.
    dense_sizes : sequence of int, default=(128,)
        Units of the dense layers between the last stage and the output.
    logit_scale : float, default=1.0
        Factor of what goes into the softmax.
    **others
        See ``NetworkConfig``; the last stage's output is dropped from as well.
        Convolutions are normalized and, from the second of a stage on, residual;
        dense layers are not.

    Examples
    --------
    >>> from skfashion._networks.cnn_config import CNNConfig
    >>> CNNConfig(image_shape=(28, 28, 1), n_classes=10).n_weights
    225034
    """

    image_shape: Shape
    filters: Shape = (32, 64)
    stem_filters: int | None = None
    convolutions: int = 1
    kernel_size: int = 3
    padding: str = "valid"
    pooling: str = "flatten"
    dense_sizes: Shape = (128,)
    logit_scale: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        shape = layer_sizes("image_shape", self.image_shape, at_least=3)
        if len(shape) != 3:
            raise ParameterError(f"image_shape={shape!r:.80} must be of three sides.")
        self._settle("image_shape", shape)
        self._settle("filters", layer_sizes("filters", self.filters, at_least=1))
        if self.stem_filters is not None:
            (stem,) = layer_sizes("stem_filters", (self.stem_filters,))
            self._settle("stem_filters", stem)
        for name in ("convolutions", "kernel_size"):
            check_count(name, getattr(self, name))
            self._settle(name, int(getattr(self, name)))
        if self.convolutions > _MOST_CONVOLUTIONS:
            raise ParameterError(
                f"convolutions={self.convolutions!r:.80} must be "
                f"{_MOST_CONVOLUTIONS:,} a stage at most."
            )
        for name, known in (("padding", ("valid", "same")), ("pooling", _POOLING)):
            value = getattr(self, name)
            if not isinstance(value, str) or value not in known:
                raise ParameterError(
                    f"{name}={value!r:.80} must be one of {', '.join(known)}."
                )
            self._settle(name, str(value))
        self._settle("dense_sizes", layer_sizes("dense_sizes", self.dense_sizes))
        scale = as_number("logit_scale", self.logit_scale, SMALLEST, LARGEST)
        self._settle("logit_scale", scale)
        if self.residual:
            self._check_residual()

    def _check_residual(self) -> None:
        if self.convolutions < 2:
            raise ParameterError(
                f"residual=True needs a second convolution in each stage, which "
                f"convolutions={self.convolutions} has not; set convolutions=2."
            )
        if self.padding != "same" and self.kernel_size > 1:
            raise ParameterError(
                f"residual=True needs maps that keep their size, which "
                f"padding={self.padding!r} with kernel_size={self.kernel_size} cuts; "
                "set padding='same'."
            )

    @property
    def n_features(self) -> int:
        """Number of inputs, one a pixel and channel."""
        return math.prod(self.image_shape)

    def without_values(self) -> Self:
        """Give the config of all networks whose compiled training is this one's."""
        scale = 1.0 if self.logit_scale == 1 else 0.5
        return replace(super().without_values(), logit_scale=scale)

    def _convolutions(self) -> Iterator[tuple[str, int, int]]:
        """Yield the number, the filters and the place in its stage of each."""
        if self.stem_filters is not None:
            yield "stem", self.stem_filters, 0
        for stage, filters in enumerate(self.filters, 1):
            for place in range(1, self.convolutions + 1):
                yield f"{stage}" if place == 1 else f"{stage}_{place}", filters, place

    def _inner_layers(self) -> list[Layer]:
        layers: list[Layer] = [Reshape("image", self.image_shape)]
        shape = self.image_shape
        for number, filters, place in self._convolutions():
            size: Shape = (self.kernel_size, self.kernel_size)
            if self.padding == "valid":
                size = tuple(map(min, size, shape[:2]))
            conv = Conv2D(
                f"conv_{number}", filters, size, self.activation, self.padding
            )
            shape = conv.output_shape(shape)
            pools = []
            if place == 1:
                pool = tuple(min(2, side) for side in shape[:2])
                pools.append(MaxPooling2D(f"pool_{number}", pool))
                shape = pools[0].output_shape(shape)
            adds = layers[-1].name if self.residual and place > 1 else None
            layers += self._hidden_layer(
                conv, number, *pools, adds=adds, normalized=self.batch_normalization
            )
        layers.append(_POOLING[self.pooling])
        layers += self._dropout("features_dropout")
        for place, units in enumerate(self.dense_sizes, 1):
            layers.append(Dense(f"hidden_{place}", units, self.activation))
            layers += self._dropout(f"dropout_{place}")
        return layers

    def _output_layers(self) -> list[Layer]:
        if self.logit_scale == 1:
            return super()._output_layers()
        return [
            Dense(LOGITS, self.n_classes, "linear"),
            Rescaling("logit_scale", self.logit_scale),
            Activation(OUTPUT, "softmax"),
        ]
