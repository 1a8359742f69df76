"""Values that a parameter has in other packages, and what to write for them here."""

from typing import Any

from skfashion.exceptions import ParameterError

__all__ = ["refuse_foreign_values"]

_SCHEDULES = "keras.optimizers.schedules"
_RATE = f"learning_rate={_SCHEDULES}"
_STEPS = (
    "where decay_steps counts batches, epochs * ceil(rows / batch_size) for all of them"
)
_RATES = {
    "constant": "learning_rate=0.001, which stays as it is",
    "adaptive": (
        "learning_rate=0.001 and callbacks=[keras.callbacks.ReduceLROnPlateau("
        "'loss', factor=0.2, patience=2)]"
    ),
    "invscaling": f"{_RATE}.InverseTimeDecay(0.001, decay_steps, 1.0), {_STEPS}",
    "cosine": f"{_RATE}.CosineDecay(0.001, decay_steps), {_STEPS}",
    "exponential": f"{_RATE}.ExponentialDecay(0.001, decay_steps, 0.1), {_STEPS}",
}


def refuse_foreign_values(params: dict[str, Any]) -> None:
    """Refuse what MLPClassifier and others take, with what to write instead.

    Parameters
    ----------
    params : dict
        Of a classifier. What is wrong in another way is left to others.

    Raises
    ------
    ParameterError
        If one of them is such a value.
    """
    rate = params.get("learning_rate")
    if isinstance(rate, str):
        instead = _RATES.get(rate.lower())
        if instead is None:
            instead = f"learning_rate=0.001, or one of {_SCHEDULES} such as CosineDecay"
        raise ParameterError(
            f"learning_rate={rate!r:.80} must be a number or a schedule of Keras's: "
            f"write {instead}."
        )
    batch_size = params.get("batch_size")
    if isinstance(batch_size, str) and batch_size == "auto":
        raise ParameterError(
            "batch_size='auto' must be an integer of 1 or more: write batch_size=200, "
            "which is what it means to MLPClassifier."
        )
    optimizer = params.get("optimizer")
    if isinstance(optimizer, str) and optimizer.lower() == "lbfgs":
        raise ParameterError(
            f"optimizer={optimizer!r} is none of Keras's, which all train by batches: "
            "write optimizer='adam', or use MLPClassifier(solver='lbfgs')."
        )
