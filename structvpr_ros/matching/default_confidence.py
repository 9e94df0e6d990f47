# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""How sure to be of an answer in a map that was not calibrated."""

from typing import Mapping

from structvpr_ros.inference.local_features.registry import FeatureKind
from structvpr_ros.place_map.confidence import Confidence

# Fitted by tools/rerank to four sets with the student of the package; docs/reranking.md has them.
DEFAULT_CONFIDENCE: Mapping[FeatureKind, Confidence] = {
    'xfeat': Confidence(-6.965, 1.552, 13.563, -1.507, 21.117, 0.267),
    'sift': Confidence(-1.752, 0.273, 15.071, -1.507, 21.117, 0.267),
    'orb': Confidence(-4.854, 1.119, 17.974, -1.507, 21.117, 0.267),
}
