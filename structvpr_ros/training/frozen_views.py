# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What the frozen blocks of a branch make of the samples, computed once for a whole training."""

from dataclasses import dataclass
import hashlib
from pathlib import Path
from typing import Sequence

import numpy as np
from numpy.typing import NDArray
import torch
from torch import nn
from tqdm import tqdm

from structvpr_ros.inference.samples import Samples
from structvpr_ros.storage import replacing_file
from structvpr_ros.training.augmentations import Augment

_BATCH = 32


@dataclass(frozen=True)
class FrozenViews:
    """
    What the frozen blocks gave for every sample, and for changed versions of it.

    :param maps: float16 (N, 1 + V, F), all values of the feature maps, read from disk as needed;
        the first of a row are those of the sample as it is.
    """

    maps: NDArray[np.float16]

    def stack(self, rows: Sequence[int] | NDArray[np.integer]) -> NDArray[np.float16]:
        """Return the maps of several samples as they are, (n, F)."""
        return self.maps[np.asarray(rows), 0]

    def draw(self, row: int, rng: np.random.Generator) -> NDArray[np.float16]:
        """Return the maps of one version of a sample, (F,); the sample itself is one, too."""
        return self.maps[row, rng.integers(self.maps.shape[1])]


@dataclass(frozen=True)
class Viewing:
    """
    How samples are seen through frozen blocks.

    :param trunk: takes stored samples, uint8 (N, ...), to (N, F).
    :param folder: where the maps are kept, a file for each set of samples and each trunk.
    :param seed: of the changes.
    """

    trunk: nn.Module
    folder: Path
    seed: int

    def see(self, samples: Samples, count: int, views: int, augment: Augment,
            title: str) -> FrozenViews:
        """
        See each of the samples, and ``views`` changed versions of it, or read what was seen.

        :param count: of the samples.
        :param title: of the progress, and of the file.
        """
        path = self.folder / f'{title}_{self._key(samples, count, views, augment)}.npy'
        if not path.exists():
            with replacing_file(path) as aside:
                self._write(aside, samples, count, views, augment, title)
        maps = np.load(path, mmap_mode='r')
        return FrozenViews(maps.reshape(count, 1 + views, *maps.shape[1:]))

    def _write(self, path: Path, samples: Samples, count: int, views: int, augment: Augment,
               title: str) -> None:
        shape = self._look(samples.stack([0])).shape[1:]
        maps = np.lib.format.open_memmap(path, 'w+', np.float16, (count * (1 + views), *shape))
        for start in tqdm(range(0, len(maps), _BATCH), title, leave=False, unit='batch'):
            seen = np.arange(start, min(start + _BATCH, len(maps)))
            maps[seen] = self._look(np.stack([
                self._version(samples, *divmod(int(number), 1 + views), augment)
                for number in seen]))
        maps.flush()

    def _version(self, samples: Samples, row: int, version: int,
                 augment: Augment) -> NDArray[np.uint8]:
        if version == 0:
            return samples[row]
        return augment(samples[row], np.random.default_rng([self.seed, row, version]))

    @torch.no_grad()
    def _look(self, batch: NDArray[np.uint8]) -> NDArray[np.float16]:
        device = next(self.trunk.parameters()).device
        return self.trunk.eval()(torch.from_numpy(batch).to(device)).half().cpu().numpy()

    def _key(self, samples: Samples, count: int, views: int, augment: Augment) -> str:
        digest = hashlib.sha256(repr((count, views, augment, self.seed)).encode())
        for weight in self.trunk.state_dict().values():
            digest.update(np.ascontiguousarray(weight.cpu().numpy()).data)
        for row in range(count):
            digest.update(np.ascontiguousarray(samples[row]).data)
        return digest.hexdigest()[:16]
