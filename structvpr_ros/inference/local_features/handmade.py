# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""SIFT and ORB, by OpenCV."""

from threading import Lock
from typing import Callable, Optional

import cv2
import numpy as np
from numpy.typing import NDArray

from structvpr_ros.data.resize import resize
from structvpr_ros.inference.local_features.features import FRAME_SIZE, LocalFeatures, MOST


class HandmadeExtractor:
    """Finds features by a detector of OpenCV; see ``features.Extractor``."""

    def __init__(self, detector: cv2.Feature2D, descriptor_size: int,
                 normalized: Callable[[NDArray], NDArray[np.float32]]) -> None:
        """
        Use a detector.

        :param descriptor_size: D of what ``normalized`` returns.
        :param normalized: turns the detector's descriptors into those of unit length, (N, D).
        """
        self._detector = detector
        self._descriptor_size = descriptor_size
        self._normalized = normalized
        # OpenCV's detectors keep scratch space between calls.
        self._lock = Lock()

    def extract(self, image: NDArray[np.uint8]) -> LocalFeatures:
        """Find the features of an RGB image; see ``features.Extractor``."""
        grey = cv2.cvtColor(resize(image, FRAME_SIZE), cv2.COLOR_RGB2GRAY)
        with self._lock:
            keypoints, descriptors = self._detector.detectAndCompute(grey, None)
        return self._strongest(keypoints, descriptors)

    def _strongest(self, keypoints: tuple[cv2.KeyPoint, ...],
                   descriptors: Optional[NDArray]) -> LocalFeatures:
        if descriptors is None or not len(keypoints):
            return LocalFeatures(np.empty((0, 2), np.float32),
                                 np.empty((0, self._descriptor_size), np.float32))
        responses = np.array([keypoint.response for keypoint in keypoints])
        # SIFT gives more than it was asked for where responses are equal.
        best = np.argsort(-responses, kind='stable')[:MOST]
        points = np.array([keypoint.pt for keypoint in keypoints], np.float32)
        return LocalFeatures(points[best], self._normalized(descriptors[best]))


def sift() -> HandmadeExtractor:
    """Return SIFT (Lowe, IJCV 2004), its descriptors as RootSIFT compares them."""
    return HandmadeExtractor(cv2.SIFT_create(nfeatures=MOST), 128, _root)


def orb() -> HandmadeExtractor:
    """Return ORB (Rublee et al., ICCV 2011)."""
    # Its threshold is for sharper images than those of a robot at night.
    return HandmadeExtractor(cv2.ORB_create(nfeatures=MOST, fastThreshold=10), 256, _signs)


def _root(descriptors: NDArray[np.float32]) -> NDArray[np.float32]:
    # Arandjelovic, Zisserman, CVPR 2012: the product is that of Hellinger's kernel.
    return np.sqrt(descriptors / np.maximum(descriptors.sum(1, keepdims=True), 1e-12))


def _signs(descriptors: NDArray[np.uint8]) -> NDArray[np.float32]:
    # Of unit length, the product of two is 1 - 2 h / 256, h the Hamming distance of their bits.
    bits = np.unpackbits(descriptors, axis=1).astype(np.float32)
    return (2 * bits - 1) / np.float32(np.sqrt(bits.shape[1]))
