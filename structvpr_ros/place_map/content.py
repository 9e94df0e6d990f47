# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""All that a map holds, in memory: what is written, and what an old map gives to a new one."""

from dataclasses import dataclass
from typing import Iterable, Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.posed_images import PosedImage


@dataclass(frozen=True)
class MapContent:
    """
    All that a map holds.

    :param entries: its N images.
    :param descriptors: float32 (N, D), unit length.
    :param fingerprint: of the model that described them.
    :param frame_id: the ROS frame that positions are in.
    :param origin: what positions are metres east and north of, where that is known.
    :param thumbnails: a JPEG for each image, None for one without; None for a map without.
    """

    entries: Sequence[PosedImage]
    descriptors: NDArray[np.float32]
    fingerprint: str
    frame_id: str
    origin: Optional[GeoPoint] = None
    thumbnails: Optional[Iterable[Optional[bytes]]] = None
