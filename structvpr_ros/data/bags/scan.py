# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""From options to the images of bags: each bag is gone through, and what is taken is told."""

from contextlib import ExitStack
import logging
from typing import Optional

from structvpr_ros.data.bags.bag import Bag, open_bag, Topic
from structvpr_ros.data.bags.bag_images import BagImages
from structvpr_ros.data.bags.options import BagOptions
from structvpr_ros.data.bags.pose import Poses
from structvpr_ros.data.bags.pose_messages import read_fixes, read_pose_messages
from structvpr_ros.data.bags.selection import select_images
from structvpr_ros.data.bags.topics import (
    image_topic,
    NAV_SAT_FIX,
    pose_topic,
    transform_topics,
    TRANSFORMS,
)
from structvpr_ros.data.bags.trajectory_file import read_trajectory
from structvpr_ros.data.bags.transforms import read_transforms
from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.errors import DatasetError

_logger = logging.getLogger(__name__)


def scan_bags(options: BagOptions, frame_id: str,
              origin: Optional[GeoPoint] = None) -> list[BagImages]:
    """
    Find the images that are taken from each bag.

    :param frame_id: the frame that transforms must lead from.
    :param origin: what fixes are metres from, unless the options say it; None: the first fix.
    :raises DatasetError: a bag is missing, corrupt, or has nothing to take; or a topic must be
        named. The message lists what there is.
    """
    origin = options.geo_origin() or origin
    scanned = []
    for row, path in enumerate(options.paths):
        with open_bag(path) as bag:
            images = _scan(bag, row, options, frame_id, origin)
        origin = origin or images.origin
        scanned.append(images)
    return scanned


def preview_bags(options: BagOptions, frame_id: str) -> str:
    """
    Tell for each bag what topics it has, and what would be taken or why nothing can be.

    :param frame_id: as of ``scan_bags``.
    :raises DatasetError: a bag cannot be opened.
    """
    told = []
    origin = options.geo_origin()
    for row, path in enumerate(options.paths):
        with open_bag(path) as bag:
            told += [str(path), *(f'  {topic}' for topic in bag.topics)]
            try:
                images = _scan(bag, row, options, frame_id, origin)
                origin = origin or images.origin
                told.append(f'  would take: {images}')
            except DatasetError as error:
                told.append(f'  would be refused: {error}')
    return '\n'.join(told)


def _scan(bag: Bag, row: int, options: BagOptions, frame_id: str,
          origin: Optional[GeoPoint]) -> BagImages:
    topic = image_topic(bag, options.image_topic)
    source, poses, used = _poses(bag, row, topic, options, frame_id, origin)
    selection = select_images(bag, topic, poses, options.keyframes())
    condition = options.conditions[row] if options.conditions else ''
    images = BagImages(bag.path, topic, selection, condition, used)
    _logger.info('%s: poses of %s, %s', bag.path, source, images)
    return images


def _poses(bag: Bag, row: int, images: Topic, options: BagOptions, frame_id: str,
           origin: Optional[GeoPoint]) -> tuple[str, Poses, Optional[GeoPoint]]:
    # Returns where poses come from, the poses, and the origin if they count from one.
    if options.trajectories:
        path = options.trajectories[row]
        return path.name, read_trajectory(path, options.max_gap), None
    topic = pose_topic(bag, options.pose_topic)
    if topic.kind == NAV_SAT_FIX:
        poses, used = read_fixes(bag, topic, options.max_gap, origin)
        return topic.name, poses, used
    if topic.kind in TRANSFORMS:
        frame = options.pose_frame or _frame_of(bag, images)
        chain = read_transforms(bag, transform_topics(bag), frame_id, frame, options.max_gap)
        return f'{topic.name} to {frame}', chain, None
    return topic.name, read_pose_messages(bag, topic, options.max_gap), None


def _frame_of(bag: Bag, images: Topic) -> str:
    with ExitStack() as stack:
        messages = bag.messages([images])
        stack.callback(messages.close)
        for _, _, message in messages:
            return message.header.frame_id
    raise DatasetError(f'{bag.path}: expected images, found none on {images}')
