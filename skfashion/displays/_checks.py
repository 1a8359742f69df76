"""What the displays ask of their input."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skfashion.exceptions import DataError, ParameterError
from skfashion.preprocessing._pixels import as_rows, fold_shape


def check_choice(name: str, value: Any, choices: Sequence[str]) -> None:
    """Refuse what is not one of the choices."""
    if value not in choices:
        raise ParameterError(
            f"{name}={value!r} must be one of {', '.join(map(repr, choices))}."
        )


def as_models(name: str, value: Any) -> dict[str, Any]:
    """Take the models that are to be told apart by their names."""
    if not isinstance(value, Mapping) or not value:
        found = "empty" if isinstance(value, Mapping) else f"a {type(value).__name__}"
        raise ParameterError(
            f"{name} is {found}; it must be a dict of one model or more by their "
            'names, as {"MLP": ...}.'
        )
    return {str(model): of_model for model, of_model in value.items()}


def fitted_step(estimator: Any) -> Any:
    """Return the fitted estimator itself, or the last step of a pipeline."""
    last = estimator[-1] if hasattr(estimator, "steps") else estimator
    check_is_fitted(last)
    return last


def as_images(X: Any, image_shape: tuple[int, ...] | None) -> np.ndarray:
    """Fold pixels into images of shape (n, height, width, channels)."""
    rows, seen_shape = as_rows(X)
    rows = np.asarray(rows)
    if rows.ndim != 2 or 0 in rows.shape:
        raise DataError(
            f"X has shape {rows.shape}, but images come as (n, pixels), "
            "(n, height, width) or (n, height, width, channels), at least one of them."
        )
    return rows.reshape(-1, *fold_shape(rows.shape[1], image_shape, seen_shape))
