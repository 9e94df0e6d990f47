# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Giving memory back: what is in a circle goes, and what is free leaves the process."""

import os
from pathlib import Path
import platform
import weakref

import pytest

from structvpr_ros.node.memory import give_back


class Link:
    """Something that can hold itself."""


def resident() -> int:
    pages = Path('/proc/self/statm').read_text().split()[1]
    return int(pages) * os.sysconf('SC_PAGE_SIZE')


def test_circles_are_freed():
    link = Link()
    link.itself = link
    known = weakref.ref(link)
    del link
    give_back()
    assert known() is None


@pytest.mark.skipif(platform.libc_ver()[0] != 'glibc', reason='glibc alone keeps free memory')
def test_gaps_are_handed_back():
    # Too small for a mapping of their own; every 100th stays, so that no end of the heap is free.
    blocks = [b'x' * 50_000 for _ in range(2000)]
    blocks = [block if number % 100 == 0 else None for number, block in enumerate(blocks)]
    before = resident()
    give_back()
    assert resident() < before - 50e6
    assert sum(block is not None for block in blocks) == 20
