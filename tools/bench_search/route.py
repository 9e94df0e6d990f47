# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
Descriptors of a long route and of queries along it, made to be like those of real images.

What images show varies in some twenty ways (m numbers, a latent vector), and the network bends
that into descriptors of many more numbers. Frames of one stretch of the route share a part of
their latent vectors; a query shares most of what its frame shares with others, less of what is
its own, and has noise of its own.

The constants are matched to the descriptors that the shipped student gives to 1128 images and
240 queries of walks through IE Tower; docs/scaling.md has both side by side.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Mean frames of a stretch -> share of the variance. The rest is each frame's own.
STRETCHES = {2000: 0.1, 100: 0.15, 20: 0.2, 6: 0.25}
_OWN = 1 - sum(STRETCHES.values())
_LATENT, _FEATURES, _BEND = 20, 512, 1.55
# Length of the mean of all descriptors, and variance beside the latent one.
_MEAN, _NOISE = 0.58, 0.09
# How a query correlates with what its frame shares, with what the frame has alone; the spread of
# both from query to query.
_SHARED_CORRELATION, _OWN_CORRELATION, _SPREAD = 0.9, 0.55, 0.08
_BLOCK = 20_000


@dataclass(frozen=True)
class Drive:
    """
    Frames of a map, and queries taken at some of them another time.

    :param frames: float16 (N, D), unit length but for rounding.
    :param queries: float32 (Q, D), unit length.
    :param rows: int64 (Q,), the frame that each query was taken at.
    """

    frames: NDArray[np.float16]
    queries: NDArray[np.float32]
    rows: NDArray[np.int64]


def make_drive(frames: int, queries: int, size: int, seed: int = 0) -> Drive:
    """Make ``frames`` descriptors of ``size`` along a route, and ``queries`` of places on it."""
    random = np.random.default_rng(seed)
    camera = _Camera(random, size)
    shared = sum(_stretches(random, frames, length, share)
                 for length, share in STRETCHES.items())
    own = np.float32(_OWN ** 0.5) * _normal(random, frames, _LATENT)
    rows = np.sort(random.choice(frames, queries, replace=False))
    asked = camera.describe(_seen_again(random, shared[rows], own[rows]))
    shared += own
    stored = np.empty((frames, size), np.float16)
    for start in range(0, frames, _BLOCK):
        stored[start:start + _BLOCK] = camera.describe(shared[start:start + _BLOCK])
    return Drive(stored, asked, rows)


class _Camera:
    """A smooth map of latent vectors on descriptors: random Fourier features, mixed."""

    def __init__(self, random: np.random.Generator, size: int) -> None:
        self._random = random
        self._size = size
        self._waves = np.float32(_BEND / _LATENT ** 0.5) * _normal(random, _LATENT, _FEATURES)
        self._phases = random.uniform(0, 2 * np.pi, _FEATURES).astype(np.float32)
        mean = _normal(random, 1, size)
        self._mean = np.float32(_MEAN) * mean / np.linalg.norm(mean)
        self._mix = _normal(random, _FEATURES, size)
        seen = self._features(_normal(random, 10_000, _LATENT))
        self._offset = seen.mean(0)
        variance = ((seen - self._offset) ** 2).sum(1).mean()
        self._mix *= np.float32(((1 - _MEAN ** 2) * (1 - _NOISE) / variance) ** 0.5)
        self._offset *= np.float32(((1 - _MEAN ** 2) * (1 - _NOISE) / variance) ** 0.5)

    def describe(self, latent: NDArray[np.float32]) -> NDArray[np.float32]:
        noise = np.float32(((1 - _MEAN ** 2) * _NOISE / self._size) ** 0.5)
        described = (self._mean + self._features(latent) - self._offset
                     + noise * _normal(self._random, len(latent), self._size))
        return described / np.linalg.norm(described, axis=1, keepdims=True)

    def _features(self, latent: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.cos(latent @ self._waves + self._phases) @ self._mix


def _stretches(random: np.random.Generator, frames: int, length: int,
               share: float) -> NDArray[np.float32]:
    number = np.cumsum(random.random(frames) < 1 / length)
    return np.float32(share ** 0.5) * _normal(random, number[-1] + 1, _LATENT)[number]


def _seen_again(random: np.random.Generator, shared: NDArray[np.float32],
                own: NDArray[np.float32]) -> NDArray[np.float32]:
    change = _SPREAD * _normal(random, len(shared), 1)
    one = np.clip(_SHARED_CORRELATION + change, 0.1, 0.99)
    other = np.clip(_OWN_CORRELATION + change, 0.0, 0.99)
    news = np.sqrt(1 - one ** 2 * (1 - _OWN) - other ** 2 * _OWN)
    return one * shared + other * own + news * _normal(random, *shared.shape)


def _normal(random: np.random.Generator, count: int, size: int) -> NDArray[np.float32]:
    return random.standard_normal((count, size), np.float32)
