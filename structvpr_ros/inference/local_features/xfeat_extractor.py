# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
XFeat: learned features that cost little without a GPU, and do not need PyTorch.

Potje, Cadar, Araujo, Martins, Nascimento, XFeat: Accelerated Features for Lightweight Image
Matching, CVPR 2024. The network beside this file was written by tools/export_xfeat.py.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.resize import resize
from structvpr_ros.inference.engine_choice import EngineKind
from structvpr_ros.inference.local_features.features import FRAME_SIZE, LocalFeatures
from structvpr_ros.inference.local_features.network import open_network

NETWORK = Path(__file__).resolve().parent / 'xfeat' / 'xfeat.onnx'


class XFeatExtractor:
    """Finds features by XFeat; see ``features.Extractor``."""

    def __init__(self, engine: EngineKind = 'onnx', threads: int = 0,
                 network: Path = NETWORK) -> None:
        """
        Load the network.

        :param engine: as ``threads`` of ``open_network``.
        :raises StructVPRError: as ``open_network``.
        """
        self._network = open_network(network, engine, threads)

    def extract(self, image: NDArray[np.uint8]) -> LocalFeatures:
        """Find the features of an RGB image; see ``features.Extractor``."""
        points, scores, descriptors = self._network(
            np.ascontiguousarray(resize(image, FRAME_SIZE)))
        # The network always gives as many as it can; what is none scores 0.
        found = scores > 0
        return LocalFeatures(points[found], descriptors[found])
