# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""From a recognition to a pose in the map, and how far it can be trusted."""

from dataclasses import dataclass, replace
import math
from typing import Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.matching.recognition import Candidate, Recognition
from structvpr_ros.place_map.frame import Frame


@dataclass(frozen=True)
class PoseOptions:
    """
    Which candidates make the pose, and the bounds of its covariance.

    :param radius: metres around the best candidate within which others agree with it.
    :param min_position_std: metres, the least standard deviation in any direction.
    :param max_position_std: metres, the largest.
    :param min_heading_std: radians, the least standard deviation of the heading.
    :param max_heading_std: radians, the largest; that of an unknown heading.
    """

    radius: float = 10.0
    min_position_std: float = 0.5
    max_position_std: float = 20.0
    min_heading_std: float = 0.1
    max_heading_std: float = math.pi

    def __post_init__(self) -> None:
        if not 0 <= self.radius < math.inf:
            raise ConfigurationError(f'expected radius of at least 0, found {self.radius}')
        for name, limit in (('position', math.inf), ('heading', math.pi)):
            least = getattr(self, f'min_{name}_std')
            most = getattr(self, f'max_{name}_std')
            # A consumer inverts the covariance: neither bound may make that impossible.
            if not (0 < least <= most <= limit and most < math.inf):
                raise ConfigurationError(
                    f'expected 0 < min_{name}_std <= max_{name}_std'
                    f'{" <= pi" if limit < math.inf else ""}, found {least} and {most}')


@dataclass(frozen=True, eq=False)
class PoseEstimate:
    """
    A pose in the plane of the map.

    :param x: metres in the map's frame.
    :param y: metres in the map's frame.
    :param heading: radians counter-clockwise from x, -pi to pi; 0 where unknown, as its
        variance tells.
    :param covariance: float64 (3, 3) of x, y, heading: metres squared and radians squared.
    """

    x: float
    y: float
    heading: float
    covariance: NDArray[np.float64]


_DEFAULT_OPTIONS = PoseOptions()


class PoseEstimator:
    """Tells the pose of a recognition, in a map whose frames have positions."""

    def __init__(self, frames: Sequence[Frame],
                 options: PoseOptions = _DEFAULT_OPTIONS) -> None:
        """
        Take in where the frames of a map are.

        :param frames: all frames of the map; or, of one that is too large for that, those that
            may be told apart.
        """
        self._options = options
        self._places = np.array([frame.place for frame in frames])
        self._positions: Optional[NDArray[np.float64]] = None
        if not any(frame.x is None or frame.y is None for frame in frames):
            self._positions = np.array([(frame.x, frame.y) for frame in frames], np.float64)

    def estimate(self, recognition: Recognition) -> Optional[PoseEstimate]:
        """
        Join the frames that agree with the best candidate to one pose.

        The position is their mean, weighted by score. Its covariance is their weighted scatter
        and that of a robot anywhere between two places: spacing squared / 12, with the distance
        from the best frame to the nearest other place as spacing. Heading and its variance are
        the circular mean and -2 ln R of the mean resultant length R (Mardia, Jupp, Directional
        Statistics, 2000, section 2.3). Position and heading are taken to be independent. The
        scatter is not divided by the number of frames: what misleads one misleads its
        neighbours too, and the pose errs on the side of caution.

        :param recognition: of this map.
        :return: None where the recognition is not localized or the map has no positions.
        """
        if self._positions is None or not recognition.localized:
            return None
        best = _position(recognition.candidates[0].frame)
        agreeing = [candidate for candidate in recognition.support or recognition.candidates
                    if math.dist(_position(candidate.frame), best) <= self._options.radius]
        weights = _weights(agreeing)
        points = np.array([_position(candidate.frame) for candidate in agreeing])
        x, y = mean = weights @ points
        heading, variance = self._heading(agreeing, weights)
        covariance = np.zeros((3, 3))
        spacing = self._spacing(recognition.candidates[0].frame)
        covariance[:2, :2] = _bounded(
            (weights * (points - mean).T) @ (points - mean) + np.eye(2) * spacing ** 2 / 12,
            self._options)
        covariance[2, 2] = variance
        return PoseEstimate(float(x), float(y), heading, covariance)

    def _spacing(self, frame: Frame) -> float:
        others = self._positions[self._places != frame.place]
        if not len(others):
            # The map does not tell: what the ceiling is for.
            return math.sqrt(12) * self._options.max_position_std
        return float(np.hypot(*(others - _position(frame)).T).min())

    def _heading(self, agreeing: Sequence[Candidate],
                 weights: NDArray[np.float64]) -> tuple[float, float]:
        known = [(candidate.frame.heading, weight)
                 for candidate, weight in zip(agreeing, weights, strict=True)
                 if candidate.frame.heading is not None]
        least, most = self._options.min_heading_std ** 2, self._options.max_heading_std ** 2
        total = sum(weight for _, weight in known)
        if not total > 0:
            return 0.0, most
        # A complex number is not divided by the least of weights: its inverse has no end.
        resultant = sum(weight / total * np.exp(1j * heading) for heading, weight in known)
        length = min(abs(resultant), 1.0)
        variance = -2 * math.log(length) if length > 0 else math.inf
        return float(np.angle(resultant)), min(max(variance, least), most)


def bounded(estimate: PoseEstimate, options: PoseOptions) -> PoseEstimate:
    """Return the estimate with a covariance within the bounds of the options."""
    covariance = estimate.covariance.copy()
    covariance[:2, :2] = _bounded(covariance[:2, :2], options)
    covariance[2, 2] = np.clip(covariance[2, 2], options.min_heading_std ** 2,
                               options.max_heading_std ** 2)
    return replace(estimate, covariance=covariance)


def _bounded(covariance: NDArray[np.float64], options: PoseOptions) -> NDArray[np.float64]:
    # By its axes, not by x and y: the answer must not depend on how the map is turned.
    values, axes = np.linalg.eigh(covariance)
    turned = (axes * np.clip(values, options.min_position_std ** 2,
                             options.max_position_std ** 2)) @ axes.T
    return (turned + turned.T) / 2


def _position(frame: Frame) -> tuple[float, float]:
    return frame.x, frame.y


def _weights(candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    scores = np.maximum([candidate.score for candidate in candidates], 0.0)
    if not scores.sum() > 0:
        scores = np.ones(len(candidates))
    return scores / scores.sum()
