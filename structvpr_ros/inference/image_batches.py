# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Images in batches, decoded ahead while the engine works on the batch before."""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.posed_images import Load
from structvpr_ros.data.resize import resize

_WORKERS = 2


def image_batches(loads: Iterable[Load], size: tuple[int, int],
                  batch_size: int) -> Iterator[NDArray[np.uint8]]:
    """
    Yield the images in order, resized, at most two batches decoded ahead.

    :param loads: functions that return RGB uint8 (H, W, 3) each; they are called in threads.
    :param size: height and width of what is yielded.
    :return: uint8 (N, height, width, 3), N = ``batch_size`` except in the last batch.
    :raises StructVPRError: whatever the functions raise, or their iterator.
    """
    def resized(load: Load) -> NDArray[np.uint8]:
        return resize(load(), size)

    pending: deque[Future[NDArray[np.uint8]]] = deque()
    waiting = iter(loads)
    with ThreadPoolExecutor(_WORKERS) as pool:
        try:
            while True:
                for load in islice(waiting, 3 * batch_size - len(pending)):
                    pending.append(pool.submit(resized, load))
                if not pending:
                    return
                count = min(batch_size, len(pending))
                yield np.stack([pending.popleft().result() for _ in range(count)])
        finally:
            # Also when the caller stops early: what has not begun is not begun.
            for future in pending:
                future.cancel()
