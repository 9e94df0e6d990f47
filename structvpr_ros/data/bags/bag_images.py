# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The images of one bag that are taken into a map."""

from functools import partial
import math
from pathlib import Path
from typing import Any, Iterator, Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.bags.bag import bag_files, bag_name, open_bag, stamp_of, Topic
from structvpr_ros.data.bags.decoding import decode
from structvpr_ros.data.bags.pose import Pose
from structvpr_ros.data.bags.selection import Selection
from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.posed_images import Load, PosedImage
from structvpr_ros.errors import DatasetError, ImageError


class BagImages:
    """The images selected from a bag; a ``PosedImages``."""

    def __init__(self, path: Path, topic: Topic, selection: Selection, condition: str,
                 origin: Optional[GeoPoint]) -> None:
        """Take what was found in a bag; ``scan_bag`` finds it."""
        self.origin = origin
        self.entries = [_entry(bag_name(path), stamp, pose, condition)
                        for stamp, pose in zip(selection.stamps, selection.poses, strict=True)]
        self._path = path
        self._topic = topic
        self._selection = selection
        self._files = ' '.join(f'{status.st_size} {status.st_mtime_ns}' for status in (
            file.stat() for file in bag_files(path)))

    def __str__(self) -> str:
        """Tell in one line what is taken and what is not."""
        return f'{self._topic.name}: {self._selection}'

    def identity(self, row: int) -> str:
        """Return the topic, and sizes and times of the bag's files."""
        return f'{self._topic.name} {self._files}'

    def loads(self, rows: Sequence[int]) -> Iterator[Load]:
        """
        Yield what decodes the image of each row, reading the bag once.

        :raises DatasetError: the bag is no longer what it was.
        """
        wanted = [self._selection.stamps[row] for row in rows]
        if not wanted:
            return
        since = min(self._selection.recorded[row] for row in rows)
        found = 0
        with open_bag(self._path) as bag:
            for _, recorded, message in bag.messages([self._topic], since):
                if stamp_of(message, recorded) == wanted[found]:
                    yield partial(_decode, self._path, self._topic, message)
                    found += 1
                    if found == len(wanted):
                        return
        raise DatasetError(f'{self._path}: expected {len(wanted)} images again that it had '
                           f'before, found {found}: it was changed')


def _entry(name: str, stamp: int, pose: Pose, condition: str) -> PosedImage:
    whole, rest = divmod(stamp, 10 ** 9)
    image = f'{name}/{whole}_{rest:09d}'
    return PosedImage(name, image, image, pose.x, pose.y,
                      None if math.isnan(pose.heading) else pose.heading, stamp / 1e9, condition)


def _decode(path: Path, topic: Topic, message: Any) -> NDArray[np.uint8]:
    try:
        return decode(topic, message)
    except ImageError as error:
        raise ImageError(f'{path}: {topic.name}: {error}') from error
