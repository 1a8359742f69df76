"""What the processor computes in hardware."""

import functools
from pathlib import Path

from skfashion._backend.runtime import has_onednn, tf

__all__ = ["settle_policy"]

_CPU_INFO = Path("/proc/cpuinfo")
_BFLOAT16_FLAGS = {"avx512_bf16", "amx_bf16"}
# NVIDIA's first with bfloat16.
_BFLOAT16_CAPABILITY = (8, 0)


def settle_policy(dtype_policy: str, *, convolves: bool) -> str:
    """Settle which types to compute in, where that is left to the processor.

    Parameters
    ----------
    dtype_policy : str
        Keras's name of the types, or "auto".
    convolves : bool
        Whether the network convolves. Others are faster in float32 under XLA.

    Returns
    -------
    str
        Keras's name.
    """
    if dtype_policy != "auto":
        return dtype_policy
    return "mixed_bfloat16" if convolves and _has_bfloat16() else "float32"


@functools.cache
def _has_bfloat16() -> bool:
    devices = tf.config.list_physical_devices("GPU")
    if devices:
        details = tf.config.experimental.get_device_details(devices[0])
        return details.get("compute_capability", (0, 0)) >= _BFLOAT16_CAPABILITY
    return has_onednn() and bool(_cpu_flags() & _BFLOAT16_FLAGS)


def _cpu_flags() -> set[str]:
    """List what the processor can do, as Linux tells it; elsewhere nothing."""
    try:
        lines = _CPU_INFO.read_text().splitlines()
    except OSError:
        return set()
    for line in lines:
        name, _, flags = line.partition(":")
        if name.strip() == "flags":
            return set(flags.split())
    return set()
