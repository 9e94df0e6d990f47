# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""One image of the map, and what is known of where and when it was taken."""

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True, slots=True)
class Frame:
    """
    One image of the map.

    :param row: its row in the index, from 0.
    :param place: the ID of the place it shows.
    :param image: names the image within its source: a relative POSIX path.
    :param x: metres in the map's frame; None where the data set has no positions.
    :param y: metres in the map's frame; None together with ``x``.
    :param heading: radians counter-clockwise from x; None where unknown.
    :param stamp: seconds; None where the source has no time.
    :param condition: a name such as ``night``; '' where unknown.
    :param source: name of the data set or bag that the image comes from; '' where unknown.
    """

    row: int
    place: str
    image: str
    x: Optional[float]
    y: Optional[float]
    heading: Optional[float]
    stamp: Optional[float]
    condition: str
    source: str = ''
