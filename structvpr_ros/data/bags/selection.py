# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Going through a bag's images once, to find those that a map takes."""

from dataclasses import dataclass, field

from structvpr_ros.data.bags.bag import Bag, stamp_of, Topic
from structvpr_ros.data.bags.decoding import decode
from structvpr_ros.data.bags.keyframes import Keyframes
from structvpr_ros.data.bags.pose import Pose, Poses, seconds
from structvpr_ros.errors import DatasetError, ImageError


@dataclass
class Selection:
    """
    The images that are taken, in rising order of their stamps, and why others are not.

    :ivar stamps: of the images taken, nanoseconds.
    :ivar recorded: when they were recorded, nanoseconds.
    :ivar poses: where they were taken.
    :ivar seen: the number of all images.
    :ivar unposed: images at whose time no pose is known.
    :ivar late: images that are not later than one before.
    :ivar unreadable: images that cannot be decoded, and were wanted.
    :ivar unstamped: images without a stamp, which got the time of their recording.
    :ivar fault: why the first unreadable one is.
    :ivar first: stamp of the first image, and ``last`` of the last.
    """

    stamps: list[int] = field(default_factory=list)
    recorded: list[int] = field(default_factory=list)
    poses: list[Pose] = field(default_factory=list)
    seen: int = 0
    unposed: int = 0
    late: int = 0
    unreadable: int = 0
    unstamped: int = 0
    fault: str = ''
    first: int = 0
    last: int = 0

    def __str__(self) -> str:
        """Tell in one line what is taken and what is not."""
        told = [f'{len(self.stamps)} of {self.seen} images taken']
        for count, why in ((self.unposed, 'without a pose'),
                           (self.late, 'not later than one before'),
                           (self.unstamped, 'dated by their recording, for want of a stamp'),
                           (self.unreadable, f'unreadable ({self.fault})')):
            if count:
                told.append(f'{count} {why}')
        return ', '.join(told)


def select_images(bag: Bag, topic: Topic, poses: Poses, keyframes: Keyframes) -> Selection:
    """
    Choose the images of a topic that are far enough apart, and can be decoded.

    :raises DatasetError: the bag is corrupt, or no image is left; the message says why.
    """
    chosen = Selection()
    newest = -1
    for _, recorded, message in bag.messages([topic], title=f'images of {topic.name}'):
        stamp = stamp_of(message, recorded)
        chosen.unstamped += message.header.stamp.sec == message.header.stamp.nanosec == 0
        chosen.first, chosen.last = chosen.first if chosen.seen else stamp, stamp
        chosen.seen += 1
        if stamp <= newest:
            chosen.late += 1
            continue
        pose = poses.at(stamp)
        if pose is None:
            chosen.unposed += 1
            continue
        newest = stamp
        last = (chosen.stamps[-1], chosen.poses[-1]) if chosen.stamps else None
        if keyframes.wants(last, stamp, pose):
            _take(chosen, topic, message, stamp, recorded, pose)
    if not chosen.stamps:
        raise DatasetError(
            f'{bag.path}: expected images with poses; {topic} has images from '
            f'{seconds(chosen.first)} to {seconds(chosen.last)}, poses are known from '
            f'{poses.span()}: {chosen}')
    return chosen


def _take(chosen: Selection, topic: Topic, message: object, stamp: int, recorded: int,
          pose: Pose) -> None:
    try:
        decode(topic, message)
    except ImageError as error:
        chosen.unreadable += 1
        chosen.fault = chosen.fault or str(error)
        return
    chosen.stamps.append(stamp)
    chosen.recorded.append(recorded)
    chosen.poses.append(pose)
