# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Writing a place map: all of its files, or none."""

from datetime import datetime, timezone
import math
from pathlib import Path
from typing import Iterable, Optional

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.place_table import PlaceTable
from structvpr_ros.models.card import file_hash, ModelCard
from structvpr_ros.place_map.frame import Frame
from structvpr_ros.place_map.frame_file import write_frames
from structvpr_ros.place_map.index_file import write_index
from structvpr_ros.place_map.meta import FRAMES, INDEX, MapMeta, META, THUMBNAILS
from structvpr_ros.place_map.thumbnails import write_thumbnails
from structvpr_ros.storage import replacing_folder


def write_map(output: Path, table: PlaceTable, descriptors: NDArray[np.float32],
              card: ModelCard, frame_id: str,
              thumbnails: Optional[Iterable[bytes]] = None) -> Path:
    """
    Write the map of a table whose images have been described; return its folder.

    :param descriptors: float32 (N, D), unit length, one for each row of the table.
    :param card: of the model that described them.
    :param frame_id: the ROS frame that the table's positions are in.
    :param thumbnails: a JPEG for each row of the table; None for a map without.
    :raises ConfigurationError: ``output`` is something else than a map or an empty folder.
    """
    assert descriptors.shape == (len(table), card.descriptor_size)
    with replacing_folder(output, META) as aside:
        write_index(aside / INDEX, descriptors)
        write_frames(aside / FRAMES, _frames(table))
        files = [INDEX, FRAMES]
        if thumbnails is not None:
            write_thumbnails(aside / THUMBNAILS, thumbnails)
            files.append(THUMBNAILS)
        MapMeta(
            fingerprint=card.fingerprint,
            descriptor_size=card.descriptor_size,
            frames=len(table),
            places=len(set(table.places)),
            frame_id=frame_id,
            dataset=table.root.name,
            created=datetime.now(timezone.utc).isoformat(timespec='seconds'),
            files={name: file_hash(aside / name) for name in files},
        ).save(aside)
    return output


def _frames(table: PlaceTable) -> list[Frame]:
    positions = [(None, None)] * len(table) if table.positions is None \
        else table.positions.tolist()
    headings = [None if math.isnan(heading) else heading for heading in table.headings.tolist()]
    # A place data set has no times; a bag will.
    columns = zip(table.places, table.images, positions, headings, table.conditions, strict=True)
    return [Frame(row, place, image, x, y, heading, None, condition)
            for row, (place, image, (x, y), heading, condition) in enumerate(columns)]
