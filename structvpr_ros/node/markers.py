# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The candidates as markers in the map, for RViz, Foxglove and their like."""

import math
from typing import Sequence

from builtin_interfaces.msg import Time
from std_msgs.msg import ColorRGBA
from visualization_msgs.msg import Marker, MarkerArray

from structvpr_ros.matching.recognition import Candidate, Recognition
from structvpr_ros.place_map.frame import Frame

# RGB of the best candidate and of the last; those between are mixed of both.
_LOCALIZED, _NOT_LOCALIZED = (0.25, 0.8, 0.4), (0.9, 0.3, 0.25)
_LAST = (0.6, 0.6, 0.65)
LARGEST = 10.0  # metres
_SMALLEST = 0.4  # part of the largest marker's size


def marker_size(frames: Sequence[Frame]) -> float:
    """Return metres that can be seen where a whole map is looked at, and do not fill it."""
    points = [(frame.x, frame.y) for frame in frames if frame.x is not None]
    if not points:
        return 1.0
    (left, right), (bottom, top) = ((min(axis), max(axis)) for axis in zip(*points, strict=True))
    return min(max(math.hypot(right - left, top - bottom) / 50, 0.2), LARGEST)


def to_markers(recognition: Recognition, map_frame: str, stamp: Time,
               size: float) -> MarkerArray:
    """
    Mark the places that an image may show; whatever was marked before vanishes.

    :param map_frame: the ROS frame that positions are in.
    :param stamp: of the image.
    :param size: metres, the diameter of the best candidate and the height of letters.
    :return: a sphere per candidate, larger and more colourful by score, and a text at the best
        one; nothing but the deletion where the map has no positions.
    """
    markers = [Marker(action=Marker.DELETEALL)]
    placed = [candidate for candidate in recognition.candidates if candidate.frame.x is not None]
    for number, (candidate, share) in enumerate(zip(placed, _shares(placed), strict=True)):
        best = _LOCALIZED if recognition.localized else _NOT_LOCALIZED
        sphere = _marker('candidates', number, Marker.SPHERE, candidate)
        sphere.scale.x = sphere.scale.y = sphere.scale.z = (
            size * (_SMALLEST + (1 - _SMALLEST) * share))
        sphere.color = _mix(_LAST, best, share)
        markers.append(sphere)
    if placed:
        text = _marker('best', 0, Marker.TEXT_VIEW_FACING, placed[0])
        text.pose.position.z = 1.5 * size
        text.scale.z = size
        text.color = ColorRGBA(r=1.0, g=1.0, b=1.0, a=1.0)
        text.text = (f'{placed[0].place}  {placed[0].score:.3f}'
                     f'{"" if recognition.localized else "  not localized"}')
        markers.append(text)
    for marker in markers:
        marker.header.frame_id, marker.header.stamp = map_frame, stamp
    return MarkerArray(markers=markers)


def _shares(candidates: Sequence[Candidate]) -> list[float]:
    # 1 for the best, 0 for the last.
    scores = [candidate.score for candidate in candidates]
    span = max(scores, default=0.0) - min(scores, default=0.0)
    return [(score - min(scores)) / span if span else 1.0 for score in scores]


def _mix(low: Sequence[float], high: Sequence[float], share: float) -> ColorRGBA:
    red, green, blue = ((1 - share) * one + share * other for one, other in zip(low, high))
    return ColorRGBA(r=red, g=green, b=blue, a=0.5 + 0.4 * share)


def _marker(namespace: str, number: int, kind: int, candidate: Candidate) -> Marker:
    marker = Marker(ns=namespace, id=number, type=kind, action=Marker.ADD)
    marker.pose.position.x, marker.pose.position.y = candidate.frame.x, candidate.frame.y
    marker.pose.orientation.w = 1.0
    return marker
