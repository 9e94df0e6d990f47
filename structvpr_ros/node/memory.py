# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Memory of maps and models that were given up goes back to the robot, and at once."""

import ctypes
import gc


def give_back() -> None:
    """Free what nobody can reach, and hand free memory back to the operating system."""
    # Subscriptions and threads hold whom they call, who in turn holds them. Python would look
    # for such circles too late: to it they are small, though maps and models hang on them.
    gc.collect()
    # glibc keeps the gaps that a model leaves, and puts the next one behind them. Another libc
    # need not have this function, nor the need for it.
    trim = getattr(ctypes.CDLL(None), 'malloc_trim', None)
    if trim is not None:
        trim(0)
