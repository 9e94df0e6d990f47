# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
XFeat, by ONNX Runtime: learned features that cost little without a GPU.

Potje, Cadar, Araujo, Martins, Nascimento, XFeat: Accelerated Features for Lightweight Image
Matching, CVPR 2024. The network beside this file was written by tools/export_xfeat.py.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
import onnxruntime

from structvpr_ros.data.resize import resize
from structvpr_ros.errors import ModelError
from structvpr_ros.inference.local_features.features import FRAME_SIZE, LocalFeatures

NETWORK = Path(__file__).resolve().parent / 'xfeat' / 'xfeat.onnx'
INPUT, OUTPUTS = 'image', ('points', 'scores', 'descriptors')


class XFeatExtractor:
    """Finds features by XFeat; see ``features.Extractor``."""

    def __init__(self, threads: int = 0, network: Path = NETWORK) -> None:
        """
        Load the network.

        :param threads: for the work within one operator; 0 takes one per physical core.
        :raises ModelError: the file is missing or no such network.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # As the engines: threads that spin between images cost a robot whole cores.
        options.add_session_config_entry('session.intra_op.allow_spinning', '0')
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                Path(network).read_bytes(), options, providers=['CPUExecutionProvider'])
        except Exception as error:
            raise ModelError(f'{network}: ONNX Runtime cannot load it: {error}') from error

    def extract(self, image: NDArray[np.uint8]) -> LocalFeatures:
        """Find the features of an RGB image; see ``features.Extractor``."""
        resized = np.ascontiguousarray(resize(image, FRAME_SIZE))
        try:
            points, scores, descriptors = self._session.run(OUTPUTS, {INPUT: resized})
        except Exception as error:
            raise ModelError(f'ONNX Runtime cannot run XFeat: {error}') from error
        # The network always gives as many as it can; what is none scores 0.
        found = scores > 0
        return LocalFeatures(points[found], descriptors[found])
