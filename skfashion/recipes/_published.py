"""What five public reports on Fashion-MNIST published, number by number."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from skfashion.datasets import CLASS_NAMES


@dataclass(frozen=True)
class Published:
    """One published number.

    Parameters
    ----------
    quantity : str
        What it is, by the name it has among the measured figures.
    low : float
        The value, or the lower end of the range that was given in its place; NaN
        where the report has words only.
    high : float
        The value again, or the upper end of the range.
    printed : str
        As the report has it.
    decimals : int, default=4
        Places of ``low`` and ``high`` that were printed.
    better : {"higher", "lower", "equal"}, default="higher"
        Which values are as good as the published one.
    form : str, default="{:.2%}"
        Format string that a measured value is written with.
    remark : str, default=""
        The likely reason where it is not met.

    See Also
    --------
    against_published : Puts measured numbers beside the published ones.

    Examples
    --------
    >>> from skfashion.recipes import Published
    >>> loss = Published("test loss", 0.34, 0.34, "0.34", decimals=2, better="lower")
    >>> loss.is_met(0.344), loss.is_met(0.35)
    (True, False)
    >>> Published("test accuracy", 0.88, 0.89, "88 to 89%").show(0.885, 0.002)
    '88.50% ± 0.20%'
    """

    quantity: str
    low: float
    high: float
    printed: str
    decimals: int = 4
    better: Literal["higher", "lower", "equal"] = "higher"
    form: str = "{:.2%}"
    remark: str = ""

    def difference(self, measured: float) -> float:
        """Give the distance of a measured value from the published value or range.

        Parameters
        ----------
        measured : float
            What came out.

        Returns
        -------
        float
            Above 0 where it is higher, below 0 where it is lower, 0 within the range;
            NaN if the report has no number.
        """
        if math.isnan(self.low):
            return math.nan
        return measured - min(max(measured, self.low), self.high)

    def is_met(self, measured: float) -> bool | None:
        """Tell whether a value is as good, as far as was printed.

        Parameters
        ----------
        measured : float
            What came out.

        Returns
        -------
        bool or None
            None if the report has no number, or ``measured`` is NaN.
        """
        if math.isnan(self.low) or math.isnan(measured):
            return None
        value = round(measured, self.decimals)
        return (self.better == "lower" or value >= self.low) and (
            self.better == "higher" or value <= self.high
        )

    def show(self, mean: float, deviation: float = math.nan) -> str:
        """Write what was measured, over seeds if it varied.

        Parameters
        ----------
        mean : float
            Of the measured values.
        deviation : float, default=NaN
            Their standard deviation. NaN and 0 leave it out.

        Returns
        -------
        str
            In the ``form`` of the number; "-" if the mean is NaN.
        """
        if math.isnan(mean):
            return "-"
        varied = f" ± {self.form.format(deviation)}" if deviation > 0 else ""
        return self.form.format(mean) + varied


def _as_printed(
    quantity: str,
    printed: str,
    remark: str = "",
    *,
    better: Literal["higher", "lower"] = "higher",
) -> Published:
    """Read a number, and how exact it is, from its digits in the report."""
    digits = printed.removesuffix("%")
    value, decimals = float(digits), len(digits.partition(".")[2])
    form = "{:.4f}"
    if digits != printed:
        decimals += 2
        value, form = round(value / 100, decimals), "{:.2%}"
    return Published(quantity, value, value, printed, decimals, better, form, remark)


def _exact(
    quantity: str, value: float, printed: str, remark: str = "", *, form: str = "{:g}"
) -> Published:
    return Published(quantity, value, value, printed, 2, "equal", form, remark)


def _by_category(
    quantity: str, percents: Sequence[float], remark: str = ""
) -> tuple[Published, ...]:
    return tuple(
        _as_printed(
            f"{quantity}, {name}",
            f"{percent}%",
            remark or (_TOPS if name in _TOP_NAMES else _ONE_RUN),
        )
        for name, percent in zip(CLASS_NAMES, percents, strict=True)
    )


_ONE_RUN = "One run of theirs; accuracy moves by as much from epoch to epoch."
_SLOWER_START = (
    "Their first epoch has a loss that is high for its accuracy, so something the "
    "report leaves unsaid differs: the batch size or the scale of the pixels."
)
_TOPS = (
    "Shirts, T-shirts, pullovers, coats and dresses are taken for each other, and "
    "which of them wins changes from epoch to epoch and from seed to seed."
)
_TOP_NAMES = ("T-shirt/top", "Pullover", "Dress", "Coat", "Shirt")
_UNSAID_NETWORK = (
    "The report does not describe this network or its training; sgd-300-100 stands "
    "in for it."
)

PUBLISHED: Mapping[str, tuple[Published, ...]] = {
    "dropout": (
        Published("train accuracy", 0.91, 0.91, "about 91%", 2, remark=_ONE_RUN),
        Published("test accuracy", 0.88, 0.89, "88 to 89%", 2, remark=_ONE_RUN),
        Published(
            "test loss minus train loss",
            0,
            math.inf,
            "slightly above 0",
            2,
            form="{:.4f}",
        ),
    ),
    "sgd-300-100": (
        _exact("weights", 266_610, "266,610", form="{:,.0f}"),
        _as_printed("train accuracy, epoch 1", "76.44%", _ONE_RUN),
        _as_printed("validation accuracy, epoch 1", "82.34%", _ONE_RUN),
        _as_printed("train accuracy", "91.91%", _ONE_RUN),
        _as_printed("validation accuracy", "89.42%", _ONE_RUN),
        _as_printed("test accuracy", "88.24%", _ONE_RUN),
        _as_printed("test loss", "0.336", _ONE_RUN, better="lower"),
        _exact("label of test image 1", 9, "9 (Ankle boot)"),
        _exact("label of test image 2", 2, "2 (Pullover)"),
        _exact("label of test image 3", 1, "1 (Trouser)"),
    ),
    "dense-32": (
        _exact("weights", 25_450, "25,120 + 330 = 25,450", form="{:,.0f}"),
        _exact(
            "kilobytes of weights",
            94.41,
            "94.41 KB",
            "A slip of the report: 25,450 weights of 4 bytes are 99.41 KB.",
            form="{:.2f} KB",
        ),
        _as_printed("train accuracy, epoch 1", "0.8023", _SLOWER_START),
        _as_printed("train loss, epoch 1", "0.7316", _SLOWER_START, better="lower"),
        _as_printed("train accuracy, epoch 5", "0.8702", _SLOWER_START),
        _as_printed("train loss, epoch 5", "0.3585", _SLOWER_START, better="lower"),
        _as_printed("train accuracy", "0.8845", _SLOWER_START),
        _as_printed("train loss", "0.3221", _SLOWER_START, better="lower"),
        _as_printed("test accuracy", "87%", _SLOWER_START),
        _as_printed("macro precision", "0.87", _SLOWER_START),
        _as_printed("macro recall", "0.87", _SLOWER_START),
        _as_printed("macro F1", "0.87", _SLOWER_START),
        _as_printed("F1, T-shirt/top", "0.83", _TOPS),
        _as_printed("F1, Ankle boot", "0.95", _ONE_RUN),
        _as_printed("F1, Shirt", "0.65", _TOPS),
    ),
    "deep-512-256-128": (
        Published("test accuracy", math.nan, math.nan, "high accuracy"),
        _exact(
            "reloaded model equals the saved one", 1, "equal", form="{:.0%} of runs"
        ),
    ),
    "cnn": (
        _as_printed("test accuracy", "90.20%", _ONE_RUN),
        *_by_category(
            "accuracy", (80.6, 97.8, 79.7, 89.5, 88.1, 98.7, 80.7, 97.4, 96.0, 93.5)
        ),
        _as_printed("test accuracy of two hidden layers", "88.04%", _UNSAID_NETWORK),
        *_by_category(
            "accuracy of two hidden layers",
            (78.8, 98.5, 78.4, 87.4, 72.3, 98.3, 47.1, 95.3, 96.9, 95.6),
            _UNSAID_NETWORK,
        ),
    ),
}
"""What the report on each published recipe states, number by number.

A mapping of str, the name of the recipe, to a tuple of ``Published``.
"""
