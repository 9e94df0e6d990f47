# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Memory that is given up goes back to the robot, and at once."""

import ctypes
import gc

_M_MMAP_THRESHOLD = -3  # of malloc.h
_LARGE = 1 << 20  # bytes


def keep_large_buffers_apart() -> None:
    """
    Have the C library map each large buffer by itself for the life of this process.

    Left alone, glibc takes the first large images for a sign to put all later ones into its
    heaps, of which each thread has one, and these keep what they have ever held. Another libc
    need neither know this setting nor need it.
    """
    mallopt = getattr(ctypes.CDLL(None), 'mallopt', None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)


def free_circles() -> None:
    """
    Free what nobody can reach any more.

    Subscriptions and threads hold whom they call, who in turn holds them. Python would look for
    such circles too late: to it they are small, though maps and models hang on them.
    """
    gc.collect()
