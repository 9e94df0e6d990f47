# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""What a teacher of the ablation sees: how far its label maps went through SLME."""

from enum import Enum

from structvpr_ros.segmentation.cache import SlmeCache
from structvpr_ros.segmentation.groups import DEFAULT_WEIGHTS


class Encoding(Enum):
    """The steps of SLME (StructVPR, CVPR 2023): formatting, then clustering, then weighting."""

    ONE_HOT = 'one_hot'
    CLUSTERED = 'clustered'
    WEIGHTED = 'weighted'

    @property
    def teacher(self) -> str:
        """Name of its teacher among the systems; ``seg`` is that of the method."""
        return 'seg' if self is Encoding.WEIGHTED else f'seg+encoding={self.value}'

    def group_weights(self, cache: SlmeCache) -> dict[str, float]:
        """Return what its channels weigh, by the names of the cache's groups."""
        return dict(DEFAULT_WEIGHTS if self is Encoding.WEIGHTED
                    else dict.fromkeys(cache.groups, 1.0))
