# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Images from disk in batches, decoded ahead while the engine works on the batch before."""

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.image_files import read_image
from structvpr_ros.data.resize import resize

_WORKERS = 2


def image_batches(paths: Sequence[Path], size: tuple[int, int],
                  batch_size: int) -> Iterator[NDArray[np.uint8]]:
    """
    Yield the images in order, resized, at most two batches decoded ahead.

    :param size: height and width of what is yielded.
    :return: uint8 (N, height, width, 3), N = ``batch_size`` except in the last batch.
    :raises ImageError: a file is missing or cannot be decoded.
    """
    def load(path: Path) -> NDArray[np.uint8]:
        return resize(read_image(path), size)

    pending: deque[Future[NDArray[np.uint8]]] = deque()
    waiting = iter(paths)
    with ThreadPoolExecutor(_WORKERS) as pool:
        try:
            for _ in range(0, len(paths), batch_size):
                for path in waiting:
                    pending.append(pool.submit(load, path))
                    if len(pending) >= 3 * batch_size:
                        break
                count = min(batch_size, len(pending))
                yield np.stack([pending.popleft().result() for _ in range(count)])
        finally:
            # Also when the caller stops early: what has not begun is not begun.
            for future in pending:
                future.cancel()
