# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Several maps made one."""

from dataclasses import dataclass, replace
from functools import reduce
import logging
from pathlib import Path

from structvpr_ros.errors import ConfigurationError, MapError
from structvpr_ros.place_map.alike import check_alike
from structvpr_ros.place_map.content import content_of, joined
from structvpr_ros.place_map.index_kinds import IndexKind
from structvpr_ros.place_map.meta import META
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.writer import write_map
from structvpr_ros.storage import check_replaceable

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class MergeOptions:
    """
    Which maps become one.

    :param maps: folders of maps of one model, in one frame.
    :param output: folder of the new map; an older map there is replaced, even one of ``maps``.
    :param index: what the new map is searched by, as ``build_map`` has it.
    """

    maps: tuple[Path, ...]
    output: Path
    index: IndexKind = 'auto'

    def __post_init__(self) -> None:
        if len(self.maps) < 2:
            raise ConfigurationError(f'expected two maps or more, found {len(self.maps)}')


def merge_maps(options: MergeOptions) -> Path:
    """
    Make one map of several; nothing is described again.

    Of images that several maps have (of one name, from sources of one name) the first is taken,
    and a warning tells how many there are. Places of one ID become one place. Local features stay
    where all maps have some of one kind.

    :return: the new map's folder.
    :raises MapError: a map is bad, or is of another model, frame or origin than the first.
    :raises ConfigurationError: ``output`` is something else than a map or an empty folder.
    """
    output = Path(options.output)
    check_replaceable(output, META)
    maps = [PlaceMap.open(folder) for folder in options.maps]
    known: set[tuple[str, str]] = set()
    contents = []
    for place_map in maps:
        check_alike(maps[0], place_map, MapError)
        rows = [frame.row for frame in place_map.frames
                if (frame.source, frame.image) not in known]
        if len(rows) < len(place_map):
            _logger.warning('%s: %d of %d images are in a map before it already',
                            place_map.folder, len(place_map) - len(rows), len(place_map))
        place_map.warn_of_change()
        known.update((frame.source, frame.image) for frame in place_map.frames)
        contents.append(content_of(place_map, rows))
    merged = reduce(joined, contents)
    if merged.features is None and any(place_map.features for place_map in maps):
        _logger.warning('%s: gets no local features: expected some of one kind in all maps, '
                        'found %s', output, ', '.join(
                            place_map.features.record.kind if place_map.features else 'none'
                            for place_map in maps))
    write_map(output, replace(merged, index=options.index))
    _logger.info('%s: %d images', output, len(merged.entries))
    return output
