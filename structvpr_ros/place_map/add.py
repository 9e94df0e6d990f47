# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Adding images to a map that is there: the new ones are described, the old ones are not."""

from dataclasses import dataclass, replace
import logging
from pathlib import Path
from typing import Optional

from structvpr_ros.data.joined_images import SelectedImages
from structvpr_ros.data.posed_images import PosedImages
from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.inference.local_features.registry import FeatureKind
from structvpr_ros.place_map.build import BuildMapOptions, open_source
from structvpr_ros.place_map.content import content_of, joined, MapContent, posed_image
from structvpr_ros.place_map.describing import described, thumbnails
from structvpr_ros.place_map.extracting import extracted
from structvpr_ros.place_map.milvus_publish import publisher
from structvpr_ros.place_map.place_map import PlaceMap
from structvpr_ros.place_map.writer import write_map
from structvpr_ros.storage import changing_folder

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class AddOptions(BuildMapOptions):
    """
    What is added to the map in the folder ``output``, in the words of ``build_map``.

    Local features are those that the map has already, if it has any. Where place_radius or
    place_angle is not given, it is the one that the map was built with.
    """


def add_to_map(options: AddOptions) -> Path:
    """
    Add the images of a data set or of bags to a map, except those it has already.

    An image is known by the name of its data set or bag and by its own name there. Stopped, it
    goes on where it was when it is started again.

    :return: the map's folder.
    :raises StructVPRError: as ``build_map``, or the map is bad, of another model or in another
        frame.
    """
    output = Path(options.output)
    publish = publisher(options.milvus)
    with changing_folder(output):
        place_map = PlaceMap.open(output)
        engine = create_engine(options.bundle, options.engine, options.threads,
                               options.provider)
        place_map.check_model(engine.card)
        source = _new_images(place_map, options)
        if not source.entries:
            _logger.info('%s: has all of these images', output)
            return output
        place_map.warn_of_change()
        old = content_of(place_map, range(len(place_map)))
        kind, most = _features(place_map, options)
        with described(source, engine, output) as descriptors, \
                extracted(source, kind, most, output) as features:
            write_map(output, joined(replace(old, index=options.index), MapContent(
                source.entries, descriptors, old.fingerprint, old.frame_id, old.origin,
                thumbnails(source, options.thumbnails) if options.thumbnails else None,
                features=features, grouping=options.grouping(old.grouping))))
    publish(output)
    _logger.info('%s: %d images added to %d', output, len(source.entries), len(place_map))
    return output


def _features(place_map: PlaceMap, options: AddOptions) -> tuple[Optional[FeatureKind], int]:
    record = place_map.features.record if place_map.features else None
    kind = record.kind if record else None
    if options.local_features not in (None, kind):
        raise ConfigurationError(f'expected local_features {kind}, as {place_map.folder} has, '
                                 f'found {options.local_features}')
    return kind, record.most if record else options.max_features


def _new_images(place_map: PlaceMap, options: AddOptions) -> PosedImages:
    meta = place_map.meta
    if options.frame_id != meta.frame_id:
        raise ConfigurationError(f'expected frame_id {meta.frame_id!r}, as {place_map.folder} '
                                 f'has, found {options.frame_id!r}')
    source = open_source(options, meta.origin, map(posed_image, place_map.frames), meta.grouping)
    if source.origin is not None and source.origin != meta.origin:
        raise ConfigurationError(
            f'expected positions from the origin of {place_map.folder}, '
            f'{meta.origin or "which has none"}; found them from {source.origin}')
    known = {(frame.source, frame.image) for frame in place_map.frames}
    return SelectedImages(source, [row for row, entry in enumerate(source.entries)
                                   if (entry.source, entry.image) not in known])
