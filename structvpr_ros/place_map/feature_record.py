# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
The local features of one frame as a map stores them: a record of fixed length.

A point takes 4 bytes, in steps of 1/128 pixel. A descriptor takes a byte a number, in 127 steps
to either side of 0, the largest number of each being 127: read back, it is made of unit length
again. One of ORB takes a bit a number. What was read and is stored again stays the same.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import MapError
from structvpr_ros.inference.local_features.features import FRAME_SIZE, LocalFeatures, MOST
from structvpr_ros.inference.local_features.registry import FeatureKind

LARGEST = 4096  # numbers of a descriptor
_STEPS = 128  # to a pixel
_HEIGHT, _WIDTH = FRAME_SIZE
_OF_BITS = {'orb'}


@dataclass(frozen=True)
class FeatureRecord:
    """
    How the features of a frame are stored.

    :param kind: of the features.
    :param most: features of a frame at most; the strongest are kept, 1 to ``MOST``.
    :param size: D, the numbers of a descriptor.
    """

    kind: FeatureKind
    most: int
    size: int

    def __post_init__(self) -> None:
        if not (1 <= self.most <= MOST and 1 <= self.size <= LARGEST
                and (self.size % 8 == 0 or self.kind not in _OF_BITS)):
            raise MapError(f'expected 1 to {MOST} features a frame, with descriptors of 1 to '
                           f'{LARGEST} numbers, of ORB in eights, found {self.most} of '
                           f'{self.size}')

    def __str__(self) -> str:
        """Tell what a frame takes."""
        return f'{self.kind}, at most {self.most} a frame, {self.dtype.itemsize} bytes a frame'

    @property
    def dtype(self) -> np.dtype:
        """Return the layout of a record, little-endian."""
        stored = ('u1', self.size // 8) if self.kind in _OF_BITS else ('i1', self.size)
        return np.dtype([('count', '<u2'), ('points', '<u2', (self.most, 2)),
                         ('descriptors', stored[0], (self.most, stored[1]))])

    def is_like(self, other: 'FeatureRecord') -> bool:
        """Return whether features of both can be compared."""
        return (self.kind, self.size) == (other.kind, other.size)

    def encode(self, features: LocalFeatures) -> bytes:
        """
        Return the record of a frame's features, the strongest first.

        Where fewer are found, zeros fill the record.
        """
        count = min(len(features), self.most)
        record = np.zeros((), self.dtype)
        record['count'] = count
        # A point on the far edge of the last pixel is as good as on it.
        points = np.clip(features.points[:count], 0, (_WIDTH, _HEIGHT))
        record['points'][:count] = np.rint(_STEPS * points)
        record['descriptors'][:count] = self._pack(features.descriptors[:count])
        return record.tobytes()

    def decode(self, record: np.void) -> LocalFeatures:
        """
        Return the features of a record.

        :raises MapError: it claims to have more than it can.
        """
        count = int(record['count'])
        if count > self.most:
            raise MapError(f'expected at most {self.most} features of a frame, found {count}')
        points = record['points'][:count].astype(np.float32) / np.float32(_STEPS)
        return LocalFeatures(np.minimum(points, np.float32((_WIDTH, _HEIGHT))),
                             self._unpack(record['descriptors'][:count]))

    def _pack(self, descriptors: NDArray[np.float32]) -> NDArray:
        if self.kind in _OF_BITS:
            return np.packbits(descriptors > 0, axis=1)
        largest = np.abs(descriptors).max(1, initial=1e-12, keepdims=True)
        return np.rint(descriptors * (127 / largest))

    def _unpack(self, stored: NDArray) -> NDArray[np.float32]:
        if self.kind in _OF_BITS:
            signs = 2 * np.unpackbits(stored, axis=1).astype(np.float32) - 1
            return signs / np.float32(np.sqrt(self.size))
        numbers = stored.astype(np.float32)
        # Only a damaged one has no length: it is like no other then.
        lengths = np.sqrt(np.einsum('nd,nd->n', numbers, numbers))[:, np.newaxis]
        return numbers / np.maximum(lengths, 1)
