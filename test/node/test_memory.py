# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What is in a circle goes, and large buffers leave the process when they are freed."""

import platform
import subprocess
import sys
import weakref

import pytest

from structvpr_ros.node.memory import free_circles

# Prints how many bytes stay with a process that has freed large buffers beside small ones: small
# ones above large ones keep a heap from shrinking.
FREEING = """
import os, sys
from pathlib import Path
from structvpr_ros.node.memory import keep_large_buffers_apart
if 'apart' in sys.argv:
    keep_large_buffers_apart()
def resident():
    return int(Path('/proc/self/statm').read_text().split()[1]) * os.sysconf('SC_PAGE_SIZE')
before = resident()
del (first := [b'x' * 30_000_000])[:]
large, small = [], []
for _ in range(10):
    large.append(b'x' * 8_000_000)
    small.append(b'x' * 100_000)
large.clear()
print(resident() - before)
"""


class Link:
    """Something that can hold itself."""


def test_circles_are_freed():
    link = Link()
    link.itself = link
    known = weakref.ref(link)
    del link
    free_circles()
    assert known() is None


@pytest.mark.skipif(platform.libc_ver()[0] != 'glibc', reason='glibc alone keeps free memory')
def test_large_buffers_leave_with_their_owner():
    def kept(*arguments):
        done = subprocess.run([sys.executable, '-c', FREEING, *arguments], text=True, check=True,
                              stdout=subprocess.PIPE, timeout=60)
        return int(done.stdout)

    assert kept('apart') < 10e6
    assert kept() > 50e6, 'glibc does better by itself now: the setting can go'
