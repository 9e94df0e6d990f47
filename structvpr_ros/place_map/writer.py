# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Writing a place map: all of its files, or none."""

from datetime import datetime, timezone
from pathlib import Path

from structvpr_ros.place_map.content import MapContent
from structvpr_ros.place_map.feature_file import write_features
from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.frame_file import write_frames
from structvpr_ros.place_map.index_kinds import choose_index, write_search_index
from structvpr_ros.place_map.meta import (FEATURES, FRAMES, INDEX_FILES, MapMeta, META,
                                          THUMBNAILS)
from structvpr_ros.place_map.thumbnails import write_thumbnails
from structvpr_ros.storage import file_hash, replacing_folder


def write_map(output: Path, content: MapContent) -> Path:
    """
    Write a map; return its folder.

    :raises ConfigurationError: ``output`` is something else than a map or an empty folder, or
        the wanted index is not for a map of this size.
    """
    entries, descriptors = content.entries, content.descriptors
    assert len(descriptors) == len(entries) > 0
    index = choose_index(content.index, *descriptors.shape)
    with replacing_folder(output, META) as aside:
        write_search_index(aside, index, descriptors)
        write_frames(aside / FRAMES, (
            Frame(row, entry.place, entry.image, entry.x, entry.y, entry.heading, entry.stamp,
                  entry.condition, entry.source) for row, entry in enumerate(entries)))
        files = [*INDEX_FILES[index], FRAMES]
        if content.thumbnails is not None:
            write_thumbnails(aside / THUMBNAILS, content.thumbnails)
            files.append(THUMBNAILS)
        if content.features is not None:
            write_features(aside / FEATURES, content.features.record, content.features.rows)
            files.append(FEATURES)
        MapMeta(
            fingerprint=content.fingerprint,
            descriptor_size=descriptors.shape[1],
            frames=len(entries),
            places=len({entry.place for entry in entries}),
            frame_id=content.frame_id,
            origin=content.origin,
            index=index,
            grouping=content.grouping,
            created=datetime.now(timezone.utc).isoformat(timespec='seconds'),
            files={name: file_hash(aside / name) for name in files},
        ).save(aside)
    return output
