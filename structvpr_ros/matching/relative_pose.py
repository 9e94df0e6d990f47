# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
How a camera is turned and shifted between two images of one scene: the essential matrix.

Hartley, Zisserman, Multiple View Geometry, 2004, chapter 9; its scale cannot be known from two
images. Both are taken to be of one calibrated camera that looks along its heading, level.
"""

from dataclasses import dataclass
import math
from typing import Optional

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

# Matches that must agree: of fewer, one in ten turns was wrong by 13 degrees in the town.
_LEAST = 40
_TOLERANCE = 1.0  # pixels from the epipolar line
# Radians by which half of the points must have moved, beyond what a turn explains, for the shift
# to be seen in them: about two pixels.
_PARALLAX = math.radians(0.5)
# Radians that images of one place are turned by at most.
_MOST_TURN = math.radians(60)


@dataclass(frozen=True)
class RelativePose:
    """
    Where a query's camera is, as seen from a frame's.

    :param turn: radians counter-clockwise from the frame's heading to the query's.
    :param bearing: radians counter-clockwise from the frame's heading to the direction in which
        the query's camera stands; None where it stands too near for the images to tell.
    :param inliers: the number of matches that agree.
    """

    turn: float
    bearing: Optional[float]
    inliers: int


def relative_pose(points: NDArray[np.float32], others: NDArray[np.float32],
                  camera: NDArray[np.float64]) -> Optional[RelativePose]:
    """
    Find how the camera moved from one image to another.

    :param points: float32 (M, 2), pixels in the frame's image.
    :param others: float32 (M, 2), the points in the query's image that they match.
    :param camera: float64 (3, 3), the intrinsic matrix of both.
    :return: None where the matches do not tell: they are few, or agree on nothing.
    """
    if len(points) < _LEAST:
        return None
    rays, other_rays = ((each - camera[:2, 2]) / (camera[0, 0], camera[1, 1])
                        for each in (points, others))
    tolerance = _TOLERANCE / math.sqrt(camera[0, 0] * camera[1, 1])
    try:
        # Steadier than USAC_MAGSAC, for five numbers that so few outliers can bend.
        essential, found = cv2.findEssentialMat(
            rays, other_rays, np.eye(3), cv2.USAC_ACCURATE, 0.999, tolerance)
    except cv2.error:
        # Of points that lie all in one place, some versions complain.
        return None
    if essential is None or essential.shape != (3, 3) or np.count_nonzero(found) < _LEAST:
        return None
    agreeing = found.ravel() > 0
    rays, other_rays = _unit(rays[agreeing]), _unit(other_rays[agreeing])
    turned, parallax = _turn_only(rays, other_rays)
    if parallax < _PARALLAX:
        return _seen(turned, None, len(rays))
    rotation, shift = _polished(*_motion(essential), rays, other_rays, tolerance)
    shift = _directed(rotation, shift, rays, other_rays, tolerance)
    return _seen(rotation, -rotation.T @ shift, len(rays))


def _seen(rotation: NDArray[np.float64], position: Optional[NDArray[np.float64]],
          inliers: int) -> Optional[RelativePose]:
    if np.trace(rotation) < 1 + 2 * math.cos(_MOST_TURN):
        return None
    # The last row of the rotation is where the query's camera looks, in the frame's axes.
    bearing = None if position is None else _about_vertical(position)
    return RelativePose(_about_vertical(rotation[2]), bearing, inliers)


def _turn_only(rays: NDArray[np.float64],
               others: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    # The rotation that fits best (Kabsch, Acta Cryst. 1976), and the median angle, radians, that
    # it leaves; twice, the second time without what it does not explain.
    near = np.full(len(rays), True)
    for _ in range(2):
        left, _, right = np.linalg.svd(others[near].T @ rays[near])
        rotation = left * (1, 1, np.linalg.det(left @ right)) @ right
        angles = np.arccos(np.clip((rays @ rotation.T * others).sum(1), -1, 1))
        near = angles <= 2 * np.median(angles)
    return rotation, float(np.median(angles))


def _motion(essential: NDArray[np.float64]
            ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # Of the two rotations, one looks the other way. A camera that hardly moved cannot tell by
    # the points in front of it which one; for images of one place it is the smaller one.
    first, second, shift = cv2.decomposeEssentialMat(essential)
    return first if np.trace(first) > np.trace(second) else second, shift.ravel()


def _directed(rotation: NDArray[np.float64], shift: NDArray[np.float64],
              rays: NDArray[np.float64], others: NDArray[np.float64],
              tolerance: float) -> NDArray[np.float64]:
    # A point in front of both cameras moves away from where a turn alone puts it, the nearer it is
    # the farther, towards where the shift leads to.
    turned = rays @ rotation.T
    towards = (np.cross(turned, others) * np.cross(turned, shift)).sum(1)
    sure = np.abs(_off(rotation, shift, rays, others)) < tolerance / 2
    return shift if np.median(towards[sure]) >= 0 else -shift


def _polished(rotation: NDArray[np.float64], shift: NDArray[np.float64],
              rays: NDArray[np.float64], others: NDArray[np.float64],
              tolerance: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # Least squares of the angles between points and their epipolar planes over the five numbers
    # of a motion, in which those that are far off hardly count.
    sideways = np.linalg.svd(shift[np.newaxis])[2][1:]

    def motion(change: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        moved = shift + change[3:] @ sideways
        return cv2.Rodrigues(change[:3])[0] @ rotation, moved / np.linalg.norm(moved)

    def angles(change: NDArray[np.float64]) -> NDArray[np.float64]:
        return _off(*motion(change), rays, others)

    return motion(least_squares(angles, np.zeros(5), loss='cauchy', f_scale=tolerance / 2).x)


def _off(rotation: NDArray[np.float64], shift: NDArray[np.float64], rays: NDArray[np.float64],
         others: NDArray[np.float64]) -> NDArray[np.float64]:
    # The sine of the angle between each point and the plane in which it must be.
    planes = np.cross(shift, rays @ rotation.T)
    return (planes * others).sum(1) / np.maximum(np.linalg.norm(planes, axis=1), 1e-9)


def _unit(points: NDArray[np.float64]) -> NDArray[np.float64]:
    rays = np.column_stack([points, np.ones(len(points))])
    return rays / np.linalg.norm(rays, axis=1, keepdims=True)


def _about_vertical(direction: NDArray[np.float64]) -> float:
    # A camera's x is to the right and its z ahead; the left is counter-clockwise.
    return math.atan2(-direction[0], direction[2])
