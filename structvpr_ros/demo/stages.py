# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""A line for every stage of the demonstration: which, what, and how long it took."""

from contextlib import contextmanager
import logging
import time
from typing import Iterator

_logger = logging.getLogger(__name__)


class Stages:
    """
    Counts stages.

    :param total: how many there will be.
    """

    def __init__(self, total: int) -> None:
        self._total = total
        self._begun = 0

    @contextmanager
    def stage(self, what: str) -> Iterator[None]:
        """Tell that a stage begins, and when it is done."""
        self._begun += 1
        title = f'[{self._begun}/{self._total}] {what}'
        _logger.info('%s ...', title)
        start = time.monotonic()
        yield
        _logger.info('%s: done in %.0f s', title, time.monotonic() - start)
