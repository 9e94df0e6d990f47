# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""All that a map holds, in memory: what is written, and what an old map gives to a new one."""

from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import Iterable, Iterator, Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.place_groups import Grouping, UNGROUPED
from structvpr_ros.data.posed_images import PosedImage
from structvpr_ros.inference.local_features.features import LocalFeatures
from structvpr_ros.place_map.feature_record import FeatureRecord
from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.index_kinds import IndexKind
from structvpr_ros.place_map.place_map import PlaceMap


@dataclass(frozen=True)
class FeatureContent:
    """
    Local features of all images of a map.

    :param rows: of each image what ``record.encode`` returns.
    """

    record: FeatureRecord
    rows: Iterable[bytes]

    def features(self) -> Iterator[LocalFeatures]:
        """Yield the features of each image."""
        for row in self.rows:
            yield self.record.decode(np.frombuffer(row, self.record.dtype)[0])

    def recorded(self, record: FeatureRecord) -> Iterable[bytes]:
        """Return the rows as another record of the same kind has them."""
        if record == self.record:
            return self.rows
        return map(record.encode, self.features())


@dataclass(frozen=True)
class MapContent:
    """
    All that a map holds.

    :param entries: its N images.
    :param descriptors: float16 or float32 (N, D), unit length.
    :param fingerprint: of the model that described them.
    :param frame_id: the ROS frame that positions are in.
    :param origin: what positions are metres east and north of, where that is known.
    :param thumbnails: a JPEG for each image, None for one without; None for a map without.
    :param index: the kind of index to search by.
    :param features: of all images; None for a map without.
    :param grouping: what made the images one place.
    """

    entries: Sequence[PosedImage]
    descriptors: NDArray[np.floating]
    fingerprint: str
    frame_id: str
    origin: Optional[GeoPoint] = None
    thumbnails: Optional[Iterable[Optional[bytes]]] = None
    index: IndexKind = 'auto'
    features: Optional[FeatureContent] = None
    grouping: Grouping = UNGROUPED


def content_of(place_map: PlaceMap, rows: Sequence[int]) -> MapContent:
    """
    Return what an open map holds in some of its rows; nothing is encoded again.

    :param rows: rising.
    """
    stored, features = place_map.thumbnails, place_map.features
    return MapContent(
        [posed_image(place_map.frames[row]) for row in rows],
        place_map.stored_descriptors()[np.asarray(rows, np.int64)],
        place_map.meta.fingerprint, place_map.meta.frame_id, place_map.meta.origin,
        None if stored is None else map(stored.jpeg, rows),
        features=None if features is None else FeatureContent(
            features.record, map(features.stored, rows)), grouping=place_map.meta.grouping)


def joined(first: MapContent, second: MapContent) -> MapContent:
    """
    Return the images of both; they are of one model and in one frame.

    What made images one place is known only where it was the same for both.
    """
    assert (first.fingerprint, first.frame_id) == (second.fingerprint, second.frame_id)
    jpegs = None
    if first.thumbnails is not None or second.thumbnails is not None:
        jpegs = chain.from_iterable(
            repeat(None, len(content.entries)) if content.thumbnails is None
            else content.thumbnails for content in (first, second))
    return replace(
        first, entries=[*first.entries, *second.entries], thumbnails=jpegs,
        descriptors=np.concatenate([first.descriptors, second.descriptors]),
        features=_joined_features(first.features, second.features),
        grouping=first.grouping if first.grouping == second.grouping else UNGROUPED)


def _joined_features(first: Optional[FeatureContent],
                     second: Optional[FeatureContent]) -> Optional[FeatureContent]:
    # A candidate without features would lose to any that has some: all have them, or none.
    if first is None or second is None or not first.record.is_like(second.record):
        return None
    record = max(first.record, second.record, key=lambda record: record.most)
    return FeatureContent(record, chain(first.recorded(record), second.recorded(record)))


def posed_image(frame: Frame) -> PosedImage:
    """Return a frame without its row."""
    return PosedImage(frame.source, frame.image, frame.place, frame.x, frame.y, frame.heading,
                      frame.stamp, frame.condition)
