# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How sure to be of an answer in a map that was not calibrated."""

from typing import Mapping

from structvpr_ros.inference.local_features.registry import FeatureKind
from structvpr_ros.place_map.confidence import Confidence

# Fitted by tools/rerank to four sets with the student of the package; docs/reranking.md has them.
DEFAULT_CONFIDENCE: Mapping[FeatureKind, Confidence] = {
    'xfeat': Confidence(-6.846, 1.534, 11.936, -1.647, 25.1, 0.282),
    'sift': Confidence(-1.845, 0.298, 15.612, -1.647, 25.1, 0.282),
    'orb': Confidence(-4.433, 1.013, 17.284, -1.647, 25.1, 0.282),
}
