# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The sequence filter: what all images so far say of the place, not only the newest.

A discrete Bayes filter over the places of the map: Thrun, Burgard, Fox, Probabilistic Robotics,
2005, chapters 2 and 8; for place recognition Cummins, Newman, FAB-MAP, IJRR 2008, and Xu,
Suenderhauf, Milford, Probabilistic Visual Place Recognition for Hierarchical Localization,
RA-L 2021, from where the exponential likelihood with a scale taken from the images comes.
"""

from collections import deque
import math
from threading import Lock
from types import MappingProxyType
from typing import Mapping, Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.matching.hypotheses import Hypotheses, rank_hypotheses
from structvpr_ros.matching.recognition import Candidate
from structvpr_ros.matching.route import Route
from structvpr_ros.matching.sequence_options import SequenceOptions
from structvpr_ros.place_map.frame import Frame

# Metres between two images that say something of their own. Nearer ones count for less, or
# the same mistake would count again and again while the robot stands.
_INDEPENDENT = 0.5
# Part of an image's news per second that even a standing robot gets: what moves around it, and
# the chance to find out that it was carried off.
_STANDING = 0.2
# Images whose spreads of scores tell what a typical one is.
_SPREADS = 25
# Places that the filter looks at in each image, and states that it follows at most.
_DEPTH = 100
_FOLLOWED = 4096
# Part of what every state has anyway, below which one is not followed.
_NEGLIGIBLE = 0.01

_DEFAULT_OPTIONS = SequenceOptions()
_NONE: Mapping[str, float] = MappingProxyType({})


class SequenceFilter:
    """
    Follows the robot through the places of a map.

    The belief has two parts: the mass of a robot that is followed, travelling along the route
    or against it, and the mass of a lost one, which is in all places alike. Each image moves
    the followed mass through the map, by odometry or as far as the robot can have come; loses
    some of it, for the robot may have been carried off; and then multiplies the probability of
    each place by the image's likelihood, exp(score / scale) up to a factor. All but the
    ``depth`` best places of an image are taken to be as likely as the last of these, so that a
    map of many places costs little more than a small one. Where geometry was looked at as well,
    its likelihood ratios multiply: how alike two images are and how many points they share are
    two observations.

    From the first image on, or after being carried off, it takes about
    log(P / kidnapped) / log(contrast) + 2 clear images to find the robot among P places.

    Safe to call from several threads; the order of the calls is the order of the images.

    :ivar depth: the number of candidates that ``update`` makes use of.
    """

    def __init__(self, frames: Sequence[Frame],
                 options: SequenceOptions = _DEFAULT_OPTIONS) -> None:
        """
        Start lost in a map.

        :param frames: all frames of the map.
        """
        self.depth = _DEPTH
        self._options = options
        self._route = Route(frames, options.row_spacing)
        self._lock = Lock()
        self._forget()

    def reset(self) -> None:
        """Forget all images: the robot may be anywhere."""
        with self._lock:
            self._forget()

    def update(self, candidates: Sequence[Candidate], stamp: float,
               odometer: Optional[float] = None, count: int = 5,
               evidence: Mapping[str, float] = _NONE) -> Hypotheses:
        """
        Take in an image.

        The filter resets itself where the clock or the odometer jumps back, after ``max_gap``,
        and where the odometer claims more than ``max_speed`` allows in ``max_gap``.

        :param candidates: the places most like the image, best first, of the map's frames; of
            more than ``depth`` the rest is not looked at.
        :param stamp: seconds, when the image was taken.
        :param odometer: metres that the robot has travelled when the image was taken, since
            any moment before the first image; the sum of steps, so never less than before.
            None where unknown.
        :param count: the number of hypotheses wanted, at least 1.
        :param evidence: of a second stage, by place: the logarithm of how many times as likely
            its geometry is there as at a place that was not verified, at least 0.
        :return: what is known now, with probabilities as scores.
        :raises ConfigurationError: the stamp or the odometer is not finite.
        """
        for name, value in (('stamp', stamp), ('odometer', odometer)):
            if value is not None and not math.isfinite(value):
                raise ConfigurationError(f'expected a finite {name}, found {value}')
        with self._lock:
            news = self._advance(stamp, odometer)
            self._observe(candidates[:self.depth], news, evidence)
            return rank_hypotheses(self._route, self._followed.sum(0), self._lost, candidates,
                                   self._options.tolerance, count)

    def _forget(self) -> None:
        self._followed = np.zeros((2, len(self._route)))
        self._lost = 1.0
        self._stamp: Optional[float] = None
        self._odometer: Optional[float] = None
        # Metres at least and at most since the belief was moved last.
        self._least = self._most = 0.0
        self._spreads: deque[float] = deque(maxlen=_SPREADS)

    def _advance(self, stamp: float, odometer: Optional[float]) -> float:
        # Returns the news that an image taken here and now brings, 0 to 1.
        if self._stamp is not None and self._is_jump(stamp, odometer):
            self._forget()
        news = 1.0
        if self._stamp is not None:
            elapsed = stamp - self._stamp
            step = self._options.max_speed * elapsed
            if odometer is not None and self._odometer is not None:
                step = odometer - self._odometer
                self._least += step
            self._most += step
            news = min(step / _INDEPENDENT + _STANDING * elapsed, 1.0)
            self._move(news)
        self._stamp, self._odometer = stamp, odometer
        return news

    def _is_jump(self, stamp: float, odometer: Optional[float]) -> bool:
        if not 0 <= stamp - self._stamp <= self._options.max_gap:
            return True
        if odometer is None or self._odometer is None:
            return False
        farthest = self._options.max_speed * self._options.max_gap
        return not 0 <= odometer - self._odometer <= farthest

    def _move(self, news: float) -> None:
        # Less than half a spacing does not show in a map; moved at once, it would smear.
        if self._most >= self._route.spacing / 2:
            self._followed = self._route.move(self._followed, self._least, self._most,
                                              self._options.odometry_noise * self._least)
            self._least = self._most = 0.0
        self._followed *= 1 - self._options.kidnapped * news
        self._lost = 1 - self._followed.sum()

    def _observe(self, candidates: Sequence[Candidate], news: float,
                 evidence: Mapping[str, float]) -> None:
        scores = np.array([candidate.score for candidate in candidates])
        places = [self._route.index[candidate.place] for candidate in candidates]
        geometry = np.array([evidence.get(candidate.place, 0.0) for candidate in candidates])
        gain = np.expm1(news * (math.log(self._options.contrast) * self._evidence(scores)
                                + geometry))
        everywhere = self._lost / self._followed.size
        self._followed[:, places] += gain * (self._followed[:, places] + everywhere)
        total = self._followed.sum() + self._lost
        self._followed /= total
        self._lost /= total
        self._prune()

    def _evidence(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        # From 0 for the last place to 1 for the best one of a typical image, and to less for
        # the best one of an image that looks like nothing in particular.
        above = scores - scores.min()
        self._spreads.append(float(above.max()))
        scale = max(self._spreads[-1], float(np.median(self._spreads)))
        return above / scale if scale > 0 else above

    def _prune(self) -> None:
        least = _NEGLIGIBLE * self._lost / self._followed.size
        if np.count_nonzero(self._followed > least) > _FOLLOWED:
            least = np.partition(self._followed, -_FOLLOWED, None)[-_FOLLOWED]
        self._followed[self._followed < least] = 0.0
        self._lost = 1 - self._followed.sum()
