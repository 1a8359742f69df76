"""Optimizers in files that are known to be sound without Keras, which loads slowly."""

import math
from typing import Any

__all__ = ["is_plain"]

# Of what Keras tells of an optimizer: what a plain one leaves out, its numbers and its
# switches.
_LEFT_OUT = {
    "clipnorm": None,
    "clipvalue": None,
    "ema_overwrite_frequency": None,
    "global_clipnorm": None,
    "gradient_accumulation_steps": None,
    "loss_scale_factor": None,
    "use_ema": False,
}
_FRACTIONS = {
    "Adam": {"beta_1", "beta_2", "ema_momentum", "epsilon"},
    "SGD": {"ema_momentum", "momentum"},
}
_SWITCHES = {"Adam": {"amsgrad"}, "SGD": {"nesterov"}}


def is_plain(held: Any) -> bool:
    """Whether an optimizer is Keras's Adam or SGD, with nothing that may go wrong.

    Parameters
    ----------
    held : object
        What ``to_dict`` made of an optimizer, or anybody wrote.

    Returns
    -------
    bool
        False also where Keras has to tell.
    """
    match held:
        case {"module": "keras.optimizers", "class_name": str(kind), "config": dict()}:
            settings = dict(held["config"])
        case _:
            return False
    if len(held) != 3 or kind not in _FRACTIONS:
        return False
    rate = settings.pop("learning_rate", None)
    decay = settings.pop("weight_decay", 0)
    return (
        type(rate) is float
        and 0 < rate < math.inf
        and (decay is None or (type(decay) is float and 0 <= decay < math.inf))
        and settings.pop("name", None) == kind.lower()
        and all(settings.pop(key, 0) is value for key, value in _LEFT_OUT.items())
        and all(_is_fraction(settings.pop(key, None)) for key in _FRACTIONS[kind])
        and all(type(settings.pop(key, None)) is bool for key in _SWITCHES[kind])
        and not settings
    )


def _is_fraction(value: Any) -> bool:
    return type(value) is float and 0 <= value < 1
