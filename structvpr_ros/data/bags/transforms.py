# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Poses from the transforms of a bag: the chain from a fixed frame to one that moves."""

from array import array
from typing import Optional

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from structvpr_ros.data.bags.bag import Bag, Topic
from structvpr_ros.data.bags.heading import headings
from structvpr_ros.data.bags.pose import between, Pose, rising, seconds
from structvpr_ros.data.bags.pose_numbers import are_positions, are_rotations
from structvpr_ros.data.bags.topics import is_static
from structvpr_ros.errors import DatasetError

Step = tuple[Rotation, NDArray[np.float64]]


class Edge:
    """A frame as seen from its parent over time."""

    def __init__(self, parent: str, static: bool) -> None:
        """Begin an edge without a transform; a static one keeps only its last."""
        self.parent = parent
        self._static = static
        self._recorded: tuple[array, array] = array('q'), array('d')

    def add(self, stamp: int, numbers: tuple[float, ...]) -> None:
        """Add x, y, z and a quaternion x, y, z, w; what is no transform is left out."""
        step = np.array([numbers])
        if are_positions(step[:, :3])[0] and are_rotations(step[:, 3:])[0]:
            if self._static:
                self._recorded = array('q'), array('d')
            self._recorded[0].append(stamp)
            self._recorded[1].extend(numbers)

    def finish(self) -> bool:
        """Leave out what is not later than all before; return whether anything is left."""
        stamps = np.array(self._recorded[0], np.int64)
        kept = rising(stamps)
        numbers = np.array(self._recorded[1]).reshape(-1, 7)[kept]
        self.stamps, self._translations, self._turns = stamps[kept], numbers[:, :3], numbers[:, 3:]
        return len(kept) > 0

    def at(self, stamp: int, max_gap: int) -> Optional[Step]:
        """Interpolate: translations on a line, rotations about one axis (slerp)."""
        found = (0, 0, 0.0) if self._static else between(self.stamps, stamp, max_gap)
        if found is None:
            return None
        before, after, share = found
        first, last = (Rotation.from_quat(self._turns[row]) for row in (before, after))
        turn = first * Rotation.from_rotvec(share * (first.inv() * last).as_rotvec())
        translations = self._translations
        return turn, translations[before] + share * (translations[after] - translations[before])

    def span(self) -> str:
        """Return the first and the last time."""
        if self._static:
            return 'always'
        return f'{seconds(self.stamps[0])} to {seconds(self.stamps[-1])}'


class TransformChain:
    """The way from a fixed frame to one that moves; a ``Poses``."""

    def __init__(self, edges: list[Edge], max_gap: float) -> None:
        """Take the edges from the fixed frame on; ``max_gap`` in seconds."""
        self._edges = edges
        self._max_gap = round(max_gap * 1e9)

    def at(self, stamp: int) -> Optional[Pose]:
        """Return where the last frame is; None where an edge is not known."""
        turn, place = Rotation.identity(), np.zeros(3)
        for edge in self._edges:
            step = edge.at(stamp, self._max_gap)
            if step is None:
                return None
            place = place + turn.apply(step[1])
            turn = turn * step[0]
        return Pose(float(place[0]), float(place[1]), float(headings(turn.as_matrix()[None])[0]))

    def span(self) -> str:
        """Return the first and the last time of each edge."""
        return ' and '.join(dict.fromkeys(edge.span() for edge in self._edges))


def read_transforms(bag: Bag, topics: list[Topic], fixed: str, moving: str,
                    max_gap: float) -> TransformChain:
    """
    Read the transforms of a bag and find the chain between two frames.

    :param fixed: the frame that poses are in.
    :param moving: the frame whose poses are wanted.
    :param max_gap: seconds between two transforms within which one may interpolate.
    :raises DatasetError: the bag is corrupt, no chain leads from one frame to the other, or a
        frame has two parents.
    """
    edges: dict[str, Edge] = {}
    for topic, recorded, message in bag.messages(topics, title='transforms'):
        for transform in message.transforms:
            child = transform.child_frame_id.lstrip('/')
            parent = transform.header.frame_id.lstrip('/')
            edge = edges.setdefault(child, Edge(parent, is_static(topic)))
            if edge.parent != parent:
                raise DatasetError(f'{bag.path}: expected one parent of frame {child}, found '
                                   f'{edge.parent} and {parent}')
            stamp, step = transform.header.stamp, transform.transform
            edge.add(stamp.sec * 10 ** 9 + stamp.nanosec or recorded, (
                step.translation.x, step.translation.y, step.translation.z,
                step.rotation.x, step.rotation.y, step.rotation.z, step.rotation.w))
    known = {child: edge for child, edge in edges.items() if edge.finish()}
    return TransformChain(_chain(bag, known, fixed.lstrip('/'), moving.lstrip('/')), max_gap)


def _chain(bag: Bag, edges: dict[str, Edge], fixed: str, moving: str) -> list[Edge]:
    chain: list[Edge] = []
    frame = moving
    while frame != fixed:
        # A chain longer than all edges goes in a circle.
        if frame not in edges or len(chain) == len(edges):
            frames = ', '.join(sorted({*edges, *(edge.parent for edge in edges.values())}))
            raise DatasetError(
                f'{bag.path}: expected transforms that lead from {fixed} to '
                f'{moving or "the frame of the images, which has no name"}, '
                f'found the frames {frames or "of no transform"}')
        chain.append(edges[frame])
        frame = edges[frame].parent
    return chain[::-1]
