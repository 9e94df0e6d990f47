# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Building a place map: every image of a data set or of bags described once, then written."""

from dataclasses import dataclass
import logging
from pathlib import Path
from typing import Iterable, Literal, Optional

from structvpr_ros.data.bags.options import BagOptions
from structvpr_ros.data.bags.scan import preview_bags, scan_bags
from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.joined_images import JoinedImages, SelectedImages
from structvpr_ros.data.layouts import LayoutName, read_dataset
from structvpr_ros.data.photos.photo_images import PhotoOptions, read_photos
from structvpr_ros.data.place_groups import grouped, Grouping, UNGROUPED
from structvpr_ros.data.posed_images import PosedImage, PosedImages
from structvpr_ros.data.shard import shard_rows
from structvpr_ros.data.table_images import TableImages
from structvpr_ros.errors import ConfigurationError, DatasetError
from structvpr_ros.inference.engine_choice import EngineKind, Provider
from structvpr_ros.inference.engines import create_engine
from structvpr_ros.inference.local_features.features import MOST
from structvpr_ros.inference.local_features.registry import FeatureKind
from structvpr_ros.models.shipped import SHIPPED_STUDENT
from structvpr_ros.place_map.content import MapContent
from structvpr_ros.place_map.describing import described, thumbnails
from structvpr_ros.place_map.extracting import extracted
from structvpr_ros.place_map.index_kinds import choose_index, IndexKind
from structvpr_ros.place_map.meta import META
from structvpr_ros.place_map.milvus_client import MilvusOptions
from structvpr_ros.place_map.milvus_publish import publisher
from structvpr_ros.place_map.thumbnails import LARGEST
from structvpr_ros.place_map.writer import write_map
from structvpr_ros.storage import check_replaceable

_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class BuildMapOptions:
    """
    What a map is built from: a place data set, bags, or photographs.

    :param dataset: folder of a place data set.
    :param model: folder of an RGB model bundle; the student that comes with the package if not
        given.
    :param output: the map's folder; an older map there is replaced.
    :param split: take the images of this split of the data set only.
    :param condition: take the images of this condition of the data set only.
    :param frame_id: the ROS frame that positions are in; with /tf in bags: from which on.
    :param engine: what runs the model: onnx, openvino or torch, or auto for the best of them; in
        float32, whatever the robot will run.
    :param threads: of the engine; 0 leaves the number to it.
    :param provider: cpu, cuda or tensorrt, or auto.
    :param thumbnails: pixels of the longer side of the pictures that the map keeps to be looked
        at, some 7 kB each by default; 0 keeps none.
    :param local_features: kind of local features that the map keeps, by which answers are
        re-ranked: xfeat, sift or orb, of some 26, 51 and 14 kB an image; none if not given.
    :param max_features: local features of an image at most.
    :param layout: of the data set; auto recognises it.
    :param place_radius: metres; images so near to the first one of a place that look the same way
        are of that place, whatever places a data set names. 0, as if not given, leaves the places
        that it names; without one each image is a place of its own.
    :param place_angle: radians; headings that differ by more look another way; 45 degrees if not
        given.
    :param index: what the map is searched by: flat is exact; ivf is fast and small in memory in
        large maps; auto is flat up to 10,000 images.
    :param shard: i/n describes part i of n of the images alone: parts that were built by as many
        processes are joined by ``map merge``.
    :param store: milvus brings the map to a Milvus server as well.
    :param uri: of the server, http://host:19530; or a file that ends in .db, of Milvus Lite.
    :param collection: name of the map on the server; an older map of that name is replaced.
    :param bags: what is taken from bags, instead of a data set.
    :param photos: folders of photographs that say where they were taken, instead of both.
    """

    dataset: Optional[Path]
    model: Optional[Path]
    output: Path
    split: Optional[str] = None
    condition: Optional[str] = None
    frame_id: str = 'map'
    engine: EngineKind = 'onnx'
    threads: int = 0
    provider: Provider = 'cpu'
    thumbnails: int = 240
    local_features: Optional[FeatureKind] = None
    max_features: int = 384
    layout: LayoutName = 'auto'
    place_radius: Optional[float] = None
    place_angle: Optional[float] = None
    index: IndexKind = 'auto'
    shard: str = '1/1'
    store: Literal['local', 'milvus'] = 'local'
    uri: str = ''
    collection: str = 'places'
    bags: BagOptions = BagOptions()
    photos: PhotoOptions = PhotoOptions()

    @property
    def bundle(self) -> Path:
        """Return the folder of the bundle that describes the images."""
        return self.model or SHIPPED_STUDENT

    @property
    def milvus(self) -> Optional[MilvusOptions]:
        """Return the server that gets the map, or None."""
        return MilvusOptions(self.uri, self.collection) if self.store == 'milvus' else None

    def grouping(self, older: Grouping = UNGROUPED) -> Grouping:
        """Return what makes images one place: where nothing is given, that of an older map."""
        return Grouping(older.radius if self.place_radius is None else self.place_radius,
                        older.angle if self.place_angle is None else self.place_angle)

    def __post_init__(self) -> None:
        shard_rows(self.shard, 10 ** 9)
        self.grouping()
        if self.milvus is None and self.uri:
            raise ConfigurationError('expected store milvus with a uri, found local')
        given = [name for name, value in (
            ('dataset', self.dataset), ('bags.paths', self.bags.paths),
            ('photos.paths', self.photos.paths)) if value]
        if len(given) != 1:
            raise ConfigurationError('expected a dataset, bags.paths or photos.paths, found '
                                     f'{" and ".join(given) or "none of them"}')
        if not self.dataset and (self.split or self.condition):
            raise ConfigurationError('expected split and condition for a dataset only: bags '
                                     'have bags.conditions, photographs photos.conditions')
        if not self.frame_id:
            raise ConfigurationError('expected a frame_id, found an empty one')
        if not 0 <= self.thumbnails <= LARGEST:
            raise ConfigurationError(
                f'expected thumbnails of 0 to {LARGEST} pixels, found {self.thumbnails}')
        if not 1 <= self.max_features <= MOST:
            raise ConfigurationError(
                f'expected max_features of 1 to {MOST}, found {self.max_features}')


def build_map(options: BuildMapOptions) -> Path:
    """
    Build a place map from a place data set, from bags or from photographs.

    Descriptors and local features are kept in hidden files beside the output until the map is
    written, so that a build that was stopped goes on where it was when it is started again.

    :return: the map's folder.
    :raises DatasetError: the data set or a bag is bad, or has no image that is wanted.
    :raises ModelError: the bundle is bad, no RGB branch, or has no ONNX file for that engine.
    :raises ConfigurationError: ``output`` is something else than a map or an empty folder.
    :raises MapError: another process is building the same map.
    :raises StoreError: the server does not answer.
    """
    output = Path(options.output)
    check_replaceable(output, META)
    publish = publisher(options.milvus)
    engine = create_engine(options.bundle, options.engine, options.threads, options.provider)
    source = open_source(options)
    choose_index(options.index, len(source.entries), engine.descriptor_size)
    with described(source, engine, output) as descriptors, \
            extracted(source, options.local_features, options.max_features, output) as features:
        write_map(output, MapContent(
            source.entries, descriptors, engine.card.fingerprint, options.frame_id,
            source.origin,
            thumbnails(source, options.thumbnails) if options.thumbnails else None,
            options.index, features, options.grouping()))
    publish(output)
    _logger.info('%s: %d images of %d places%s', output, len(source.entries),
                 len({entry.place for entry in source.entries}),
                 f'; local features: {features.record}' if features else '')
    return output


def preview_map(options: BuildMapOptions) -> str:
    """
    Tell what ``build_map`` would take: topics and images of each bag, or how many of a set.

    :raises DatasetError: the data set is bad, or a bag cannot be opened.
    """
    if options.bags.paths:
        return preview_bags(options.bags, options.frame_id)
    source = ', '.join(map(str, options.photos.paths)) or options.dataset
    return f'{source}: {len(open_source(options).entries)} images'


def open_source(options: BuildMapOptions, origin: Optional[GeoPoint] = None,
                known: Iterable[PosedImage] = (),
                older: Grouping = UNGROUPED) -> PosedImages:
    """
    Return the images that a map is built from.

    :param origin: of an older map, which fixes in bags are metres from.
    :param known: images of an older map, whose places new ones join.
    :param older: what made those images one place.
    :raises DatasetError: as ``build_map``.
    """
    if options.bags.paths:
        images: PosedImages = JoinedImages(scan_bags(options.bags, options.frame_id, origin))
    elif options.photos.paths:
        images = JoinedImages(read_photos(options.photos, origin))
    else:
        images = TableImages(read_dataset(options.dataset, options.layout).select(
            options.split, options.condition))
    grouping = options.grouping(older)
    if grouping.radius:
        if all(entry.x is None for entry in images.entries):
            raise DatasetError(f'{options.dataset}: expected positions, which place_radius '
                               f'{grouping.radius:g} goes by, found none')
        images.entries = grouped(images.entries, grouping.radius, grouping.angle, known)
    if options.shard == '1/1':
        return images
    # Places are made of all images first: they do not depend on the number of shards.
    return SelectedImages(images, shard_rows(options.shard, len(images.entries)))
