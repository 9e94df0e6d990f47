# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""One random stream per thing that is drawn, so that no order of drawing can matter."""

from typing import Union
import zlib

import numpy as np


def stream(*key: Union[int, str]) -> np.random.Generator:
    """
    Return the random stream of a key such as ``(seed, 'elm-street', 'night', 17)``.

    Equal keys give equal streams, in every process and in every order; other keys give
    independent ones. Whole numbers of a key are not negative.
    """
    words = [part if isinstance(part, int) else zlib.crc32(part.encode()) for part in key]
    # With its length, since numpy's seeds do not tell a trailing 0 from nothing.
    return np.random.default_rng([len(words), *words])
