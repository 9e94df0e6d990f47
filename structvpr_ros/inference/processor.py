# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the processor of this machine can do, as Linux tells."""

from functools import lru_cache
from pathlib import Path

_INFO = Path('/proc/cpuinfo')

# Instructions that multiply bytes and add the products up in 32 bits: of x86-64 and of ARM.
_BYTE_PRODUCTS = {'avx512_vnni', 'avx_vnni', 'asimddp'}


@lru_cache(maxsize=1)
def multiplies_bytes_fast(info: Path = _INFO) -> bool:
    """Tell whether int8 arithmetic is faster than float32 here; False where nobody knows."""
    try:
        lines = info.read_text(encoding='utf-8', errors='replace').splitlines()
    except OSError:
        return False
    # The lines `flags` of x86-64 and `Features` of ARM.
    return any(_BYTE_PRODUCTS & set(line.split()) for line in lines)
