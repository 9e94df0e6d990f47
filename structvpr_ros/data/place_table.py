# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""The place-image table: one row per image, columns as arrays, read-only."""

from dataclasses import dataclass, replace
import hashlib
import json
from pathlib import Path, PurePosixPath
from typing import Mapping, Optional, Sequence

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.errors import DatasetError


@dataclass(frozen=True)
class PlaceTable:
    """
    The images of a place data set and what is known of where each was taken.

    :param root: the folder that ``images`` are relative to.
    :param images: N POSIX paths below ``root``, unique.
    :param places: N place IDs; an image without one is a place of its own.
    :param positions: (N, 2) float64, metres in one plane, or None where places are known by
        their IDs alone.
    :param headings: (N,) float64, radians counter-clockwise from x, NaN where unknown.
    :param conditions: N names such as ``night``; '' where unknown.
    :param splits: N names such as ``train`` or ``test_map``; '' where not split.
    :param labels: N POSIX paths of label maps below ``root`` where the layout says where they
        lie; None puts them into labels/.
    :param truth: where the data set lists which images are right instead of saying where they
        were taken: for each query's path the paths of the images that show the same place.
    """

    root: Path
    images: tuple[str, ...]
    places: tuple[str, ...]
    positions: Optional[NDArray[np.float64]]
    headings: NDArray[np.float64]
    conditions: tuple[str, ...]
    splits: tuple[str, ...]
    labels: Optional[tuple[str, ...]] = None
    truth: Optional[Mapping[str, frozenset[str]]] = None

    def __post_init__(self) -> None:
        count = len(self.images)
        columns = [self.places, self.headings, self.conditions, self.splits, self.labels]
        assert all(column is None or len(column) == count for column in columns)
        assert self.positions is None or self.positions.shape == (count, 2)

    def __len__(self) -> int:
        return len(self.images)

    def digest(self) -> str:
        """Return a SHA-256 of all that the table says but for where it lies, hexadecimal."""
        plain = [self.images, self.places, self.conditions, self.splits, self.labels,
                 None if self.positions is None else self.positions.tolist(),
                 self.headings.tolist(),
                 self.truth and sorted((image, sorted(right)) for image, right in
                                       self.truth.items())]
        return hashlib.sha256(json.dumps(plain).encode()).hexdigest()

    def image_path(self, row: int) -> Path:
        """Return where the image of a row lies."""
        return self.root / self.images[row]

    def label_path(self, row: int) -> Path:
        """Return where the label map of a row lies: beside its image by stem, in labels/."""
        if self.labels is not None:
            return self.root / self.labels[row]
        return self.root / 'labels' / companion(self.images[row])

    def select(self, split: Optional[str] = None,
               condition: Optional[str] = None) -> 'PlaceTable':
        """
        Return the rows of one split and one condition (None: of all).

        :raises DatasetError: no row is left; the message lists what there is.
        """
        keep = np.ones(len(self), bool)
        for name, wanted, column in (('split', split, self.splits),
                                     ('condition', condition, self.conditions)):
            if wanted is not None:
                keep &= np.array([value == wanted for value in column], bool)
                if not keep.any():
                    raise DatasetError(
                        f'{self.root}: no image of {name} {wanted!r}, '
                        f'expected one of {sorted(set(column))}')
        return self.take(np.flatnonzero(keep))

    def take(self, rows: Sequence[int] | NDArray[np.integer]) -> 'PlaceTable':
        """Return the given rows, in the given order."""
        rows = np.asarray(rows, np.int64)

        def pick(column: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(column[row] for row in rows)

        return replace(
            self, images=pick(self.images), places=pick(self.places),
            positions=None if self.positions is None else self.positions[rows],
            headings=self.headings[rows], conditions=pick(self.conditions),
            splits=pick(self.splits), labels=self.labels and pick(self.labels))


def companion(image: str) -> PurePosixPath:
    """
    Name what is made of an image, in a folder of its own: a PNG of the same path.

    :param image: POSIX path of the image below its data set; a leading images/ is dropped.
    """
    path = PurePosixPath(image)
    if path.parts[0] == 'images':
        path = path.relative_to('images')
    return path.with_suffix('.png')
