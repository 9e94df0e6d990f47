# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Finding topics: by name where one is given, else by type where only one has it."""

from typing import Collection, Optional, Sequence

from structvpr_ros.data.bags.bag import Bag, Topic
from structvpr_ros.errors import DatasetError

IMAGE = 'sensor_msgs/msg/Image'
COMPRESSED = 'sensor_msgs/msg/CompressedImage'
IMAGES = (IMAGE, COMPRESSED)
NAV_SAT_FIX = 'sensor_msgs/msg/NavSatFix'
STAMPED_POSES = ('nav_msgs/msg/Odometry', 'geometry_msgs/msg/PoseStamped',
                 'geometry_msgs/msg/PoseWithCovarianceStamped')
TRANSFORMS = ('tf2_msgs/msg/TFMessage', 'tf/msg/tfMessage')


def image_topic(bag: Bag, name: Optional[str]) -> Topic:
    """
    Return the topic of the images.

    :param name: None: the only one that has images.
    :raises DatasetError: there is no such topic, or more than one to choose from.
    """
    return _one(bag, name, IMAGES, 'images', '--bags.image_topic')


def pose_topic(bag: Bag, name: Optional[str]) -> Topic:
    """
    Return the topic of the poses; transforms count where nothing else tells poses.

    :param name: None: the only one that has poses.
    :raises DatasetError: as ``image_topic``.
    """
    if name is None and not _of_kinds(bag, (*STAMPED_POSES, NAV_SAT_FIX)):
        moving = [topic for topic in transform_topics(bag) if not is_static(topic)]
        if len(moving) == 1:
            return moving[0]
    kinds = (*STAMPED_POSES, NAV_SAT_FIX, *(TRANSFORMS if name else ()))
    return _one(bag, name, kinds, 'poses', '--bags.pose_topic, or give --bags.trajectories')


def transform_topics(bag: Bag) -> list[Topic]:
    """Return the topics of transforms, static ones among them."""
    return _of_kinds(bag, TRANSFORMS)


def is_static(topic: Topic) -> bool:
    """Tell whether the transforms of a topic hold for good."""
    return topic.name.endswith('tf_static')


def _of_kinds(bag: Bag, kinds: Collection[str]) -> list[Topic]:
    return [topic for topic in bag.topics if topic.kind in kinds and topic.count]


def _one(bag: Bag, name: Optional[str], kinds: Sequence[str], what: str, flag: str) -> Topic:
    if name is None:
        found = _of_kinds(bag, kinds)
    else:
        found = [topic for topic in bag.topics if topic.name == name and topic.kind in kinds]
    if len(found) == 1:
        return found[0]
    if found:
        raise DatasetError(f'{bag.path}: expected one topic of {what}, found '
                           f'{_listed(found)}: choose by {flag}')
    wanted = f'a topic {name} of {what}' if name else f'a topic of {what}'
    raise DatasetError(f'{bag.path}: expected {wanted} ({", ".join(kinds)}), found '
                       f'{_listed(bag.topics)}: name one by {flag}')


def _listed(topics: Sequence[Topic]) -> str:
    return ', '.join(map(str, topics)) or 'no topic'
