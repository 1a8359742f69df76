"""What five public reports on Fashion-MNIST published, number by number."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Published:
    """One published number.

    Attributes
    ----------
    quantity : str
        What it is, by the name it has among the measured figures.
    low, high : float
        The value, or the range that was given in its place; NaN where the report
        has words only.
    printed : str
        As the report has it.
    decimals : int
        Places of ``low`` and ``high`` that were printed.
    better : {"higher", "lower", "equal"}
        Which values are as good as the published one.
    form : str
        How a measured value is written.
    remark : str
        The likely reason where it is not met.
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
        """Distance of a measured value from the published value or range."""
        if math.isnan(self.low):
            return math.nan
        return measured - min(max(measured, self.low), self.high)

    def is_met(self, measured: float) -> bool | None:
        """Whether a value is as good, as far as was printed; None if none can tell."""
        if math.isnan(self.low) or math.isnan(measured):
            return None
        value = round(measured, self.decimals)
        return (self.better == "lower" or value >= self.low) and (
            self.better == "higher" or value <= self.high
        )

    def show(self, mean: float, deviation: float = math.nan) -> str:
        """Write what was measured, over seeds if it varied."""
        if math.isnan(mean):
            return "-"
        varied = f" ± {self.form.format(deviation)}" if deviation > 0 else ""
        return self.form.format(mean) + varied


def _accuracy(
    quantity: str, percent: float, remark: str = "", *, decimals: int = 4
) -> Published:
    value = round(percent / 100, 4)
    printed = f"{percent:.{decimals - 2}f}%"
    return Published(quantity, value, value, printed, decimals, remark=remark)


def _score(
    quantity: str,
    value: float,
    remark: str = "",
    *,
    decimals: int = 4,
    better: Literal["higher", "lower"] = "higher",
) -> Published:
    printed = f"{value:.{decimals}f}"
    return Published(
        quantity, value, value, printed, decimals, better, "{:.4f}", remark
    )


def _exact(
    quantity: str, value: float, printed: str, remark: str = "", *, form: str = "{:g}"
) -> Published:
    return Published(quantity, value, value, printed, 2, "equal", form, remark)


def _by_category(
    quantity: str, percents: Mapping[str, float], remark: str = ""
) -> tuple[Published, ...]:
    return tuple(
        _accuracy(
            f"{quantity}, {name}",
            percent,
            remark or (_TOPS if name in _TOP_NAMES else _ONE_RUN),
            decimals=3,
        )
        for name, percent in percents.items()
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
            "equal",
            "{:.4f}",
        ),
    ),
    "sgd-300-100": (
        _exact("weights", 266_610, "266,610", form="{:,.0f}"),
        _accuracy("train accuracy, epoch 1", 76.44, _ONE_RUN),
        _accuracy("validation accuracy, epoch 1", 82.34, _ONE_RUN),
        _accuracy("train accuracy", 91.91, _ONE_RUN),
        _accuracy("validation accuracy", 89.42, _ONE_RUN),
        _accuracy("test accuracy", 88.24, _ONE_RUN),
        _score("test loss", 0.336, _ONE_RUN, decimals=3, better="lower"),
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
        _score("train accuracy, epoch 1", 0.8023, _SLOWER_START),
        _score("train loss, epoch 1", 0.7316, _SLOWER_START, better="lower"),
        _score("train accuracy, epoch 5", 0.8702, _SLOWER_START),
        _score("train loss, epoch 5", 0.3585, _SLOWER_START, better="lower"),
        _score("train accuracy", 0.8845, _SLOWER_START),
        _score("train loss", 0.3221, _SLOWER_START, better="lower"),
        _accuracy("test accuracy", 87, _SLOWER_START, decimals=2),
        _score("macro precision", 0.87, _SLOWER_START, decimals=2),
        _score("macro recall", 0.87, _SLOWER_START, decimals=2),
        _score("macro F1", 0.87, _SLOWER_START, decimals=2),
        _score("F1, T-shirt/top", 0.83, _TOPS, decimals=2),
        _score("F1, Ankle boot", 0.95, _ONE_RUN, decimals=2),
        _score("F1, Shirt", 0.65, _TOPS, decimals=2),
    ),
    "deep-512-256-128": (
        Published("test accuracy", math.nan, math.nan, "high accuracy"),
        _exact(
            "reloaded model equals the saved one", 1, "equal", form="{:.0%} of runs"
        ),
    ),
    "cnn": (
        _accuracy("test accuracy", 90.20, _ONE_RUN),
        *_by_category(
            "accuracy",
            {
                "T-shirt/top": 80.6,
                "Trouser": 97.8,
                "Pullover": 79.7,
                "Dress": 89.5,
                "Coat": 88.1,
                "Sandal": 98.7,
                "Shirt": 80.7,
                "Sneaker": 97.4,
                "Bag": 96.0,
                "Ankle boot": 93.5,
            },
        ),
        _accuracy("test accuracy of two hidden layers", 88.04, _UNSAID_NETWORK),
        *_by_category(
            "accuracy of two hidden layers",
            {
                "T-shirt/top": 78.8,
                "Trouser": 98.5,
                "Pullover": 78.4,
                "Dress": 87.4,
                "Coat": 72.3,
                "Sandal": 98.3,
                "Shirt": 47.1,
                "Sneaker": 95.3,
                "Bag": 96.9,
                "Ankle boot": 95.6,
            },
            _UNSAID_NETWORK,
        ),
    ),
}
