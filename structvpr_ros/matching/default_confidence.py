# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How sure to be of an answer in a map that was not calibrated."""

from typing import Mapping

from structvpr_ros.inference.local_features.registry import FeatureKind
from structvpr_ros.place_map.confidence import Confidence

# Fitted by tools/rerank to four sets with the student of the package; docs/reranking.md has them.
DEFAULT_CONFIDENCE: Mapping[FeatureKind, Confidence] = {
    'xfeat': Confidence(-6.919, 1.556, 14.167, -1.452, 24.072, 0.273),
    'sift': Confidence(-1.614, 0.243, 16.456, -1.452, 24.072, 0.273),
    'orb': Confidence(-4.322, 0.985, 18.992, -1.452, 24.072, 0.273),
}
