# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Several sources of posed images as one, and some images of a source as one of their own."""

from itertools import accumulate
from typing import Iterator, Optional, Sequence

import numpy as np

from structvpr_ros.data.geo_point import GeoPoint
from structvpr_ros.data.posed_images import Load, PosedImage, PosedImages


class JoinedImages:
    """The images of several sources, one after the other; a ``PosedImages``."""

    def __init__(self, sources: Sequence[PosedImages]) -> None:
        """Join sources that count positions from one origin, as far as they say."""
        self._sources = sources
        self._starts = [0, *accumulate(len(source.entries) for source in sources)]
        self.entries: list[PosedImage] = [
            entry for source in sources for entry in source.entries]
        self.origin: Optional[GeoPoint] = next(
            (source.origin for source in sources if source.origin is not None), None)

    def identity(self, row: int) -> str:
        """Return what the source of the row says."""
        number = int(np.searchsorted(self._starts, row, 'right')) - 1
        return self._sources[number].identity(row - self._starts[number])

    def loads(self, rows: Sequence[int]) -> Iterator[Load]:
        """Yield what loads each row, going through one source after the other."""
        for number, source in enumerate(self._sources):
            first, end = self._starts[number:number + 2]
            own = [row - first for row in rows if first <= row < end]
            if own:
                yield from source.loads(own)


class SelectedImages:
    """Some rows of a source, in rising order; a ``PosedImages``."""

    def __init__(self, source: PosedImages, rows: Sequence[int]) -> None:
        """Take rows of a source."""
        self._source = source
        self._rows = rows
        self.entries = [source.entries[row] for row in rows]
        self.origin = source.origin

    def identity(self, row: int) -> str:
        """Return what the source says."""
        return self._source.identity(self._rows[row])

    def loads(self, rows: Sequence[int]) -> Iterator[Load]:
        """Yield what loads each row."""
        return self._source.loads([self._rows[row] for row in rows])
