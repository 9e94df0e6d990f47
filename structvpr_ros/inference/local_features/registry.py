# Copyright 2026 The structvpr_ros authors
# SPDX-License-Identifier: Apache-2.0
"""Kinds of local features by name; each is loaded only when it is asked for."""

from typing import Callable, Literal

from structvpr_ros.errors import ConfigurationError
from structvpr_ros.inference.local_features.features import Extractor
from structvpr_ros.inference.local_features.matcher import Matcher, MutualMatcher

FeatureKind = Literal['xfeat', 'sift', 'orb']

# How alike two of a kind must be; that of XFeat is the one that its authors match by.
_MATCHERS = {'xfeat': MutualMatcher(0.82), 'sift': MutualMatcher(0.85), 'orb': MutualMatcher(0.5)}


def create_extractor(kind: FeatureKind) -> Extractor:
    """
    Make an extractor.

    :raises ConfigurationError: there is no such kind.
    :raises ModelError: its network cannot be loaded.
    """
    if kind not in _EXTRACTORS:
        raise ConfigurationError(
            f'expected local features of kind {", ".join(_EXTRACTORS)}, found {kind!r}')
    return _EXTRACTORS[kind]()


def create_matcher(kind: FeatureKind) -> Matcher:
    """Make the matcher of a kind, of which there is an extractor."""
    return _MATCHERS[kind]


def _xfeat() -> Extractor:
    from structvpr_ros.inference.local_features.xfeat_extractor import XFeatExtractor
    return XFeatExtractor()


def _sift() -> Extractor:
    from structvpr_ros.inference.local_features.handmade import sift
    return sift()


def _orb() -> Extractor:
    from structvpr_ros.inference.local_features.handmade import orb
    return orb()


_EXTRACTORS: dict[str, Callable[[], Extractor]] = {'xfeat': _xfeat, 'sift': _sift, 'orb': _orb}
