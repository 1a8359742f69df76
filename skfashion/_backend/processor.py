"""What the processor computes in hardware."""

import functools
from pathlib import Path

from skfashion._backend.runtime import has_onednn, tf

__all__ = ["settle_policy"]

_CPU_INFO = Path("/proc/cpuinfo")
# Intel's AVX512-BF16 takes 1.4 times as long as float32; it is fast by AMX alone.
_FAST_FLAGS = {"AuthenticAMD": {"avx512_bf16"}, "GenuineIntel": {"amx_bf16"}}
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
    return "mixed_bfloat16" if convolves and _has_fast_bfloat16() else "float32"


@functools.cache
def _has_fast_bfloat16() -> bool:
    devices = tf.config.list_physical_devices("GPU")
    if devices:
        details = tf.config.experimental.get_device_details(devices[0])
        return details.get("compute_capability", (0, 0)) >= _BFLOAT16_CAPABILITY
    told = _first_cpu()
    fast = _FAST_FLAGS.get(told.get("vendor_id", ""), set())
    return has_onednn() and bool(fast & set(told.get("flags", "").split()))


def _first_cpu() -> dict[str, str]:
    """Read what Linux tells of the first processor; elsewhere nothing."""
    try:
        first, *_ = _CPU_INFO.read_text().split("\n\n")
    except OSError:
        return {}
    parts = (line.partition(":") for line in first.splitlines())
    return {name.strip(): told.strip() for name, _, told in parts}
