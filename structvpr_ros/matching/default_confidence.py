# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How sure to be of an answer in a map that was not calibrated."""

from typing import Mapping

from structvpr_ros.inference.local_features.registry import FeatureKind
from structvpr_ros.place_map.confidence import Confidence

# Fitted by tools/rerank to four sets with the student of the package; docs/reranking.md has them.
DEFAULT_CONFIDENCE: Mapping[FeatureKind, Confidence] = {
    'xfeat': Confidence(-6.574, 1.459, 11.817, -1.515, 20.84, 0.308),
    'sift': Confidence(-1.681, 0.269, 13.516, -1.515, 20.84, 0.308),
    'orb': Confidence(-4.54, 1.052, 16.093, -1.515, 20.84, 0.308),
}
