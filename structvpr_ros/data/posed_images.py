# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a map is built from, wherever it lies: images, and where and when each was taken."""

from dataclasses import dataclass
from typing import Callable, Iterator, Optional, Protocol, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.geo_point import GeoPoint

Load = Callable[[], NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class PosedImage:
    """
    One image, without its pixels.

    :param source: name of the data set or bag.
    :param image: names the image within its source: a relative POSIX path.
    :param place: the ID of the place it shows.
    :param x: metres in the frame of the map; None where unknown.
    :param y: metres; None together with ``x``.
    :param heading: radians counter-clockwise from x; None where unknown.
    :param stamp: seconds; None where the source has no time.
    :param condition: a name such as ``night``; '' where unknown.
    """

    source: str
    image: str
    place: str
    x: Optional[float] = None
    y: Optional[float] = None
    heading: Optional[float] = None
    stamp: Optional[float] = None
    condition: str = ''


class PosedImages(Protocol):
    """
    A source of posed images.

    :ivar entries: its N images.
    :ivar origin: what their positions are metres east and north of, where that is known.
    """

    entries: Sequence[PosedImage]
    origin: Optional[GeoPoint]

    def identity(self, row: int) -> str:
        """Return a text that changes where the pixels of a row may have changed."""

    def loads(self, rows: Sequence[int]) -> Iterator[Load]:
        """
        Yield for each row, in rising order, a function that returns its RGB uint8 (H, W, 3).

        The functions may be called in other threads, and after the iterator went on; they raise
        ImageError. The iterator raises DatasetError where the source cannot be read on.
        """
