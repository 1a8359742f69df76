"""The statistics that a network's norms see of a batch."""

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from skfashion._backend.batch_normalization import normalize_batch
from skfashion._backend.inference import OPERATIONS
from skfashion._networks.forward import bind

if TYPE_CHECKING:
    from skfashion._networks.config import NetworkConfig

__all__ = ["statistics_pass"]


def statistics_pass(
    config: "NetworkConfig",
) -> Callable[[Any, Sequence[Any]], list[Any]]:
    """Make what maps a batch and weights to a mean and a variance of each norm.

    Each norm goes by the batch, as in training, so that those after it see what they
    see in training; nothing is dropped, as in prediction.
    """

    def statistics(rows: Any, weights: Sequence[Any]) -> list[Any]:
        seen: list[Any] = []

        def normalize(rows: Any, *bound: Any) -> Any:
            normalized, mean, variance = normalize_batch(rows, *bound)
            seen.extend((mean, variance))
            return normalized

        operations = SimpleNamespace(
            **{
                **vars(OPERATIONS),
                "fold": lambda gamma, beta, _mean, _variance, epsilon: (
                    gamma,
                    beta,
                    epsilon,
                ),
                "normalize": normalize,
            }
        )
        bind(config, operations, weights)(rows)
        return seen

    return statistics
